"""PNG files made small with the standard library alone: packed harder, or with a palette."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

COLOURS = 256
_Colour = tuple[int, int, int]


def repacked(png: bytes) -> bytes:
    """The same picture packed harder than a browser does, without its extra chunks."""
    chunks = list(_chunks(png))
    header = next(data for kind, data in chunks if kind == b"IHDR")
    return _file([(b"IHDR", header), (b"IDAT", _packed(_pixels(chunks)))])


def with_palette(png: bytes) -> bytes:
    """The picture in its 256 commonest colours, every other one replaced by the nearest.

    Takes what browsers write: eight bits a channel, RGB or RGBA, not interlaced.
    """
    chunks = list(_chunks(png))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("a PNG of eight bits a channel, RGB or RGBA, not interlaced")
    rows = list(_rows(_pixels(chunks), width, 3 if kind == 2 else 4))
    seen = Counter(pixel for row in rows for pixel in row)
    palette = [colour for colour, _ in seen.most_common(COLOURS)]
    place = {colour: _nearest(colour, palette) for colour in seen}
    flat = b"".join(b"\0" + bytes([place[pixel] for pixel in row]) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    return _file([(b"IHDR", header), (b"PLTE", colours), (b"IDAT", _packed(flat))])


def _nearest(colour: _Colour, palette: list[_Colour]) -> int:
    red, green, blue = colour
    distances = [
        3 * (red - one[0]) ** 2 + 4 * (green - one[1]) ** 2 + 2 * (blue - one[2]) ** 2
        for one in palette
    ]
    return distances.index(min(distances))


def _rows(pixels: bytes, width: int, channels: int) -> Iterator[list[_Colour]]:
    """Rows of colours, their filters (PNG, chapter 9) undone."""
    size = width * channels
    above = bytearray(size)
    for at in range(0, len(pixels), size + 1):
        row = bytearray(pixels[at + 1 : at + 1 + size])
        _unfilter(pixels[at], row, above, channels)
        yield list(zip(row[0::channels], row[1::channels], row[2::channels], strict=True))
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    for at in range(len(row)) if kind else ():
        left = row[at - step] if at >= step else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = above[at]
        elif kind == 3:
            guess = (left + above[at]) // 2
        else:
            guess = _paeth(left, above[at], above[at - step] if at >= step else 0)
        row[at] = (row[at] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _pixels(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))


def _packed(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_FILTERED)
    return min((zlib.compress(data, 9), packer.compress(data) + packer.flush()), key=len)


def _file(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [*chunks, (b"IEND", b"")]
    )
