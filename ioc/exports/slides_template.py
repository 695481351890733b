"""Opening a template of slides: any PPTX or POTX without macros and without linked content."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ioc.errors import TemplateError

LARGEST, LARGEST_OPEN = 50 * 2**20, 300 * 2**20
"""Bytes of a template as a file and unpacked; a larger one is refused."""
_TYPES = "[Content_Types].xml"
_MODEL = b"presentationml.template.main+xml"
_SHOW = b"presentationml.presentation.main+xml"


def open_template(content: bytes) -> Any:
    """The presentation of a template, without the slides that it came with.

    Raises TemplateError when it cannot be read, holds macros, or would load something from
    elsewhere when it is opened; links that a reader must click are let be.
    """
    from pptx import Presentation  # heavy; only when slides are made

    try:
        presentation = Presentation(io.BytesIO(_as_show(content)))
    except TemplateError:
        raise
    except Exception as error:  # the library raises whatever a broken file provokes
        raise _refused(type(error).__name__) from error
    for part in presentation.part.package.iter_parts():
        if str(part.partname).endswith("vbaProject.bin"):
            raise _refused("vbaProject.bin")
        for link in part.rels.values():
            if link.is_external and not link.reltype.endswith("/hyperlink"):
                raise _refused(f"{part.partname} → {link.target_ref}"[:200])
    listed: Any = presentation.slides._sldIdLst
    for one in list(listed):
        presentation.part.drop_rel(one.rId)
        listed.remove(one)
    return presentation


def _as_show(content: bytes) -> bytes:
    """A POTX as a PPTX: they differ in the name of one content type only."""
    if len(content) > LARGEST:
        raise _refused(f"> {LARGEST // 2**20} MB")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(one.file_size for one in packed.infolist()) > LARGEST_OPEN:
            raise _refused(f"> {LARGEST_OPEN // 2**20} MB")
        if _MODEL not in packed.read(_TYPES):
            return content
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for one in packed.infolist():
                body = packed.read(one)
                made.writestr(one, body.replace(_MODEL, _SHOW) if one.filename == _TYPES else body)
        return stream.getvalue()


def _refused(reason: str) -> TemplateError:
    return TemplateError(f"slide template: {reason}", code="slides_template_file", reason=reason)
