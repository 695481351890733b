"""What a workbook is before it is opened: a packed file within its limits, without tricks."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

_MACROS = re.compile(r"(^|/)(vbaProject|xlm|macrosheets)", re.IGNORECASE)
_PARTS = 5_000
_HELD = 5
"""All but the sheets is held in memory while a workbook is open: at most this part of the limit."""
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
"""What unpacking a damaged file raises, by the way in which its parts are packed."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

READ_ERRORS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    SyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OverflowError,
)
"""What the workbook library raises for broken files; a ParseError of XML is a SyntaxError."""


class FileRefused(Exception):
    """A file that is not read at all; becomes one rejection with this code and these params."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def check_workbook(content: bytes, unpacked: int) -> None:
    """Look through every part of a workbook; `unpacked` limits its bytes.

    Raises FileRefused. What passes is well-formed XML to its end, so a file that breaks half-way
    is refused before its first row is read.
    """
    if content.startswith(_OLD_OFFICE):
        raise FileRefused("file_encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS or sum(one.file_size for one in parts) > unpacked:
                raise FileRefused("file_bomb")
            left = unpacked
            held = unpacked // _HELD
            for part in parts:
                if part.flag_bits & 1:
                    raise FileRefused("file_encrypted")
                if _MACROS.search(part.filename):
                    raise FileRefused("file_macros")
                streamed = "/worksheets/" in part.filename.lower()
                size = _check_part(archive, part, left if streamed else min(left, held))
                left -= size
                held -= 0 if streamed else size
    except _BROKEN:
        raise FileRefused("file_not_workbook") from None


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack a part within the limit (its header may lie); XML is followed to its end."""
    size = 0
    name = part.filename.lower()
    reader = _XmlCheck(part.filename) if name.endswith((".xml", ".rels", ".vml")) else None
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > left:
                raise FileRefused("file_bomb")
            if reader is not None:
                reader.feed(piece)
    if reader is not None and size:
        reader.feed(b"", last=True)
    return size


class _XmlCheck:
    """Follows one part of XML: well-formed, without declarations."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Read on; raises FileRefused."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError:
            raise FileRefused("file_broken", reason=self._name[:100]) from None

    def _refuse(self, *_: object) -> None:
        raise FileRefused("file_entities")
