"""The built-in templates of slides and reports as files, to make a template of one's own from."""

from __future__ import annotations

import io
from pathlib import Path

from ioc.errors import ConfigError


def write(file: Path, lang: str) -> None:
    """Write the template of the file's kind, `.pptx` or `.docx`, with words of `lang`.

    Raises ConfigError for another kind, a file that is there already and a folder that is not.
    """
    kind = file.suffix.lower()
    if kind not in _MADE:
        raise _refused(file, file.suffix or file.name, ".pptx, .docx")
    try:
        with file.open("xb") as out:
            out.write(_MADE[kind](lang))
    except FileExistsError:
        raise _refused(file, file.name, "a file that is not there yet") from None
    except OSError as error:
        raise _refused(file, error.strerror, "a folder that can be written to") from error


def _refused(file: Path, given: object, allowed: str) -> ConfigError:
    return ConfigError(file=str(file), field="template", given=given, allowed=allowed)


def _slides(_: str) -> bytes:
    from ioc.exports.slides_builtin import builtin

    return builtin()


def _report(lang: str) -> bytes:
    from ioc.exports.report_form import builtin

    out = io.BytesIO()
    builtin(lang).save(out)
    return out.getvalue()


_MADE = {".pptx": _slides, ".docx": _report}
