"""What is seen on a picture decides whether it may be saved (case F3)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from ioc.exports.pixels import look, pixels_hash, with_dpi, with_note


def png(ground: Any, *marks: tuple[int, int, int, int], mode: str = "RGB", **how: Any) -> bytes:
    picture = Image.new(mode, (200, 100), ground)
    pen = ImageDraw.Draw(picture)
    for mark in marks:
        pen.rectangle(mark, fill="#c81e1e")
    stream = io.BytesIO()
    picture.save(stream, "PNG", **how)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("ground", "mode", "fault"),
    [
        ("#ffffff", "RGB", "blank"),
        ("#fdfefd", "RGB", "blank"),
        ((0, 0, 0, 0), "RGBA", "blank"),
        ((200, 0, 0, 0), "RGBA", "blank"),
        ("#0b1220", "RGB", "one_colour"),
        ((200, 0, 0, 255), "RGBA", "one_colour"),
        ((200, 0, 0, 90), "RGBA", "one_colour"),
    ],
)
def test_f3_white_transparent_and_one_colour_are_faults(ground: Any, mode: str, fault: str) -> None:
    assert look(png(ground, mode=mode)).fault == fault


@pytest.mark.parametrize(("ground", "mode"), [("#ffffff", "RGB"), ((0, 0, 0, 0), "RGBA")])
def test_a_drawing_is_none_on_white_or_transparent_ground(ground: Any, mode: str) -> None:
    seen = look(png(ground, (20, 20, 40, 80), mode=mode))
    assert (seen.fault, seen.width, seen.height) == ("", 200, 100)


def test_f3_a_black_drawing_without_ground_is_seen() -> None:
    picture = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (10, 10, 20, 20))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    assert look(stream.getvalue()).fault == ""


def test_f3_the_empty_box_of_a_chart_is_named() -> None:
    drawn = png("#ffffff", (20, 20, 40, 80))
    boxes = [(10, 10, 60, 80), (100, 10, 60, 80), None, (195, 95, 900, 900), (500, 0, 10, 10)]
    assert look(drawn, boxes).empty == {1, 3}


def test_the_hash_is_of_what_is_seen() -> None:
    drawn = png("#ffffff", (20, 20, 40, 80))
    assert pixels_hash(drawn) == pixels_hash(with_dpi(drawn, 300)) == look(drawn).hash
    assert pixels_hash(drawn) == pixels_hash(png("#ffffff", (20, 20, 40, 80), compress_level=0))
    assert pixels_hash(drawn) != pixels_hash(png("#ffffff", (20, 20, 40, 81)))
    clear = [png((shade, 0, 0, 0), (5, 5, 9, 9), mode="RGBA") for shade in (0, 200)]
    assert pixels_hash(clear[0]) == pixels_hash(clear[1])


def test_dots_an_inch_are_told_to_who_opens_it() -> None:
    with Image.open(io.BytesIO(with_dpi(png("#ffffff", (20, 20, 40, 80)), 300))) as opened:
        assert [round(one) for one in opened.info["dpi"]] == [300, 300]
        opened.load()


def test_a_note_is_read_by_who_opens_it_and_changes_nothing_that_is_seen() -> None:
    drawn = png("#ffffff", (20, 20, 40, 80))
    noted = with_note(with_dpi(drawn, 300), "Comment", "7K3M-0QXD-P9TW")
    assert pixels_hash(noted) == pixels_hash(drawn)
    with Image.open(io.BytesIO(noted)) as opened:
        opened.load()
        assert opened.info["Comment"] == "7K3M-0QXD-P9TW"
        assert [round(one) for one in opened.info["dpi"]] == [300, 300]
    with pytest.raises(ValueError, match="PNG"):
        with_note(b"<svg></svg>", "Comment", "7K3M-0QXD-P9TW")


@pytest.mark.parametrize("content", [b"", b"<svg></svg>", png("#fff", (1, 1, 9, 9))[:-40]])
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="PNG"):
        look(content)
