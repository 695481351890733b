"""What is seen on a picture: whether it is blank, of one colour or empty where charts are."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

BLANK, ONE_COLOUR = "blank", "one_colour"
NEAR = 6
"""Steps of 255 within which two colours are told to be the same: a blurred edge is no drawing."""
LARGEST = 300_000_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER_END = 33  # signature, then the chunk IHDR: length, name, 13 bytes, check sum

Box = Sequence[float]
"""Left, top, width, height in pixels of the picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen; `fault` is empty where the picture shows something.

    `empty` holds the positions of the boxes in which there is nothing but one colour, `hash`
    names the visible pixels.
    """

    width: int
    height: int
    fault: str
    empty: frozenset[int]
    hash: str


def look(png: bytes, boxes: Sequence[Box | None] = ()) -> Look:
    """Look at a picture and at the places of its charts. Raises ValueError where it is none."""
    picture = _opened(png)
    fault = _fault(picture)
    empty = frozenset(
        at
        for at, box in enumerate(boxes)
        if box is not None and (inside := _cut(picture, box)) is not None and _fault(inside)
    )
    return Look(picture.width, picture.height, fault, empty, _hash(picture))


def pixels_hash(png: bytes) -> str:
    """SHA-256 of what is seen: size and colours, whatever else the file holds.

    A pixel that is transparent all over has no colour. Raises ValueError for what is no picture.
    """
    return _hash(_opened(png))


def with_dpi(png: bytes, dots: float) -> bytes:
    """The same picture that says how many dots of it make an inch."""
    metre = round(dots / 0.0254)
    return _noting(png, b"pHYs" + struct.pack(">IIB", metre, metre, 1))


def with_note(png: bytes, name: str, words: str) -> bytes:
    """The same picture with a note that programs keep or show as its properties.

    `name` and `words` are of Latin letters, as PNG's chunk tEXt asks; others raise ValueError.
    """
    return _noting(png, b"tEXt" + name.encode("latin-1") + b"\0" + words.encode("latin-1"))


def _noting(png: bytes, content: bytes) -> bytes:
    """The picture with one more chunk, of kind and content, after its header."""
    if not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR":
        raise ValueError("not a PNG picture")
    size, checked = struct.pack(">I", len(content) - 4), struct.pack(">I", zlib.crc32(content))
    return png[:_HEADER_END] + size + content + checked + png[_HEADER_END:]


def _opened(png: bytes) -> Image:
    from PIL import Image, UnidentifiedImageError

    if not png.startswith(_SIGNATURE):
        raise ValueError("not a PNG picture")
    try:
        with Image.open(io.BytesIO(png)) as opened:
            if opened.width * opened.height > LARGEST:
                raise ValueError("picture too large")
            return opened.convert("RGBA")
    except (OSError, SyntaxError, UnidentifiedImageError) as error:
        raise ValueError(f"not a whole PNG picture: {error}") from error


def _fault(picture: Image) -> str:
    """Blank is white or nothing all over; one colour is any other that stands alone."""
    bands = [(int(low), int(high)) for low, high in _extremes(picture)]
    alpha = bands[3]
    if alpha[1] <= NEAR:
        return BLANK
    if any(high - low > NEAR for low, high in bands):
        # Transparent pixels have a colour that nobody sees; what is seen may still be one.
        return "" if alpha[1] - alpha[0] > NEAR or _colours_differ(bands) else ONE_COLOUR
    return BLANK if all(low >= 255 - NEAR for low, _ in bands[:3]) else ONE_COLOUR


def _colours_differ(bands: Sequence[tuple[int, int]]) -> bool:
    return any(high - low > NEAR for low, high in bands[:3])


def _extremes(picture: Image) -> list[tuple[float, float]]:
    return [band.getextrema() for band in picture.split()]  # type: ignore[misc]


def _cut(picture: Image, box: Box) -> Image | None:
    left, top, width, height = box
    inside = (
        max(0, round(left)),
        max(0, round(top)),
        min(picture.width, round(left + width)),
        min(picture.height, round(top + height)),
    )
    if inside[2] - inside[0] < 2 or inside[3] - inside[1] < 2:
        return None
    return picture.crop(inside)


def _hash(picture: Image) -> str:
    from PIL import Image

    ground = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    mask = picture.getchannel("A").point(lambda value: 255 if value else 0)
    ground.paste(picture, mask=mask)
    digest = hashlib.sha256(f"{picture.width}x{picture.height}".encode())
    digest.update(ground.tobytes())
    return digest.hexdigest()
