"""The last look at a file before it is kept: whole, of its form, and not empty."""

from __future__ import annotations

import io
import zipfile

from ioc.exporter.bench import MakingError
from ioc.exports.form import Form

_HOLDS = {
    Form.XLSX: "xl/workbook.xml",
    Form.PPTX: "ppt/presentation.xml",
    Form.DOCX: "word/document.xml",
}
_BEGINS = {
    Form.PNG: b"\x89PNG\r\n\x1a\n",
    Form.PDF: b"%PDF-",
    Form.CSV: b"\xef\xbb\xbf",
}


def check(form: Form, data: bytes) -> None:
    """Raise MakingError when the bytes are not a whole file of the form.

    What is seen on pictures was checked where they were drawn.
    """
    if not _right(form, data):
        raise MakingError(({"key": "exports.reason_broken_file", "form": form.value.upper()},))


def _right(form: Form, data: bytes) -> bool:
    if form in _BEGINS:
        return data.startswith(_BEGINS[form]) and (form is not Form.PDF or b"%%EOF" in data[-2048:])
    if form is Form.SVG:
        return b"<svg" in data[:2000] and b"</svg>" in data[-200:]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _HOLDS[form] in packed.namelist() and packed.testzip() is None
    except zipfile.BadZipFile:
        return False
