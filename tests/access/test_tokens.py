"""The tokens: every pair of colours can be read, statuses differ for every eye, red is alarm."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from support.colour_sight import SIGHTS, contrast, distance

from ioc.domain.messages import say
from ioc.domain.target import Status
from ioc.domain.view import View
from ioc.packaged import assets
from layouts import theme, tokens

STATUSES = ("reached", "near", "risk", "open")
GROUNDS = ("surface", "ground", "hover", "accent-tint")
TEXTS = ("ink", "soft", "faint", "accent")
LEAST_DISTANCE = 10.0
"""100 × Oklab; about four times what is just noticed side by side."""

PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *((f"{status}-text", f"{status}-tint") for status in STATUSES),
    *((f"{status}-text", ground) for status in STATUSES for ground in ("surface", "ground")),
    *(("ink", f"{status}-tint") for status in STATUSES),
    ("made-up-text", "made-up-tint"),
    ("ink", "empty"),
    ("ink", "sea"),
    ("soft", "sea"),
    ("soft", "track"),
    ("bar-ink", "bar"),
    ("bar-soft", "bar"),
    ("alarm-ink", "alarm-bar"),
    *((text, "wall-ground") for text in ("wall-ink", "wall-soft", "wall-faint")),
    ("wall-soft", "wall-strip"),
    *(("bar-ink", ground) for ground in ("frozen", "exercise", "exercise-stripe")),
    ("exercise-ink", "bar-ink"),
)
"""Every text and the grounds it stands on."""

GRAPHICS: tuple[tuple[str, str], ...] = (
    *((f"{status}-fill", ground) for status in STATUSES for ground in ("surface", "ground")),
    *((mark, ground) for mark in ("accent", "edge", "focus") for ground in GROUNDS[:2]),
    ("former", "surface"),
    *((f"line-{step}", "surface") for step in range(1, 9)),
    ("bar-mark", "bar"),
    ("pulse", "bar"),
)
"""Marks, borders of controls and focus rings, and what they stand on."""


@pytest.mark.parametrize(("name", "least"), [("light", 4.5), ("dark", 7.0)])
def test_every_text_can_be_read_on_its_ground(name: str, least: float) -> None:
    of = tokens.tokens(name)
    poor = {
        f"{text} on {ground}": round(contrast(of[text], of[ground]), 2)
        for text, ground in PAIRS
        if contrast(of[text], of[ground]) < least
    }
    assert not poor


@pytest.mark.parametrize("name", tokens.THEMES)
def test_every_mark_stands_out_from_its_ground(name: str) -> None:
    of = tokens.tokens(name)
    poor = {
        f"{mark} on {ground}": round(contrast(of[mark], of[ground]), 2)
        for mark, ground in GRAPHICS
        if contrast(of[mark], of[ground]) < 3
    }
    assert not poor


@pytest.mark.parametrize("name", tokens.THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_statuses_differ_for_every_eye(name: str, sight: str) -> None:
    of = tokens.tokens(name)
    found = {
        f"{one}/{other}": round(distance(of[f"{one}-fill"], of[f"{other}-fill"], sight), 1)
        for one, other in combinations(STATUSES, 2)
    }
    print(name, sight, found)
    assert min(found.values()) >= LEAST_DISTANCE, found


def test_the_table_of_the_document_is_what_is_measured() -> None:
    document = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    for name in tokens.THEMES:
        of = tokens.tokens(name)
        for sight in SIGHTS:
            least = min(
                distance(of[f"{one}-fill"], of[f"{other}-fill"], sight)
                for one, other in combinations(STATUSES, 2)
            )
            assert f"| {name} | {sight} | {least:.1f} |" in document


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_status_has_a_shape_and_a_word_of_its_own(lang: str) -> None:
    signs = {say("vi", f"status.{status.value}_sign") for status in Status}
    words = {say(lang, f"status.{status.value}") for status in Status}
    assert len(signs) == len(words) == len(Status)


def test_charts_have_the_colours_of_the_style_sheet() -> None:
    for name, look in (("light", theme.light()), ("dark", theme.dark())):
        of = tokens.tokens(name)
        assert (look.ink, look.surface, look.sea) == (of["ink"], of["surface"], of["sea"])
        assert look.fill[Status.AT_RISK] == of["risk-fill"]
        assert look.text[Status.NOT_JUDGED] == of["open-text"]
        assert look.ramp == tuple(of[f"ramp-{step}"] for step in range(1, 6))
    assert theme.text_size(View()) == tokens.pixels(tokens.tokens("light")["text-chart"])
    assert tokens.tokens("light")["wall-ground"] == tokens.tokens("dark")["ground"]


def test_the_dark_theme_declares_only_what_differs() -> None:
    light, dark = tokens.tokens("light"), tokens.tokens("dark")
    assert set(light) == set(dark)
    with pytest.raises(KeyError):
        tokens.tokens("sepia")
    with pytest.raises(ValueError, match="pixels"):
        tokens.pixels("2rem")


def sheets() -> list[Path]:
    return [one for one in sorted(assets().glob("*.css")) if "bootstrap" not in one.name]


def rules(sheet: Path) -> list[tuple[str, str]]:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [(one.strip(), body) for one, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text)]


COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!-)|\b(?:rgba?|hsla?)\(")


def test_colours_stand_in_the_tokens_alone() -> None:
    found = [
        f"{sheet.name}: {selector} {{ {part.strip()} }}"
        for sheet in sheets()
        if sheet.name != "tokens.css"
        for selector, body in rules(sheet)
        for part in body.split(";")
        if COLOUR.search(part)
    ]
    root = Path(theme.__file__).parent
    found += [
        f"{file.relative_to(root)}: {line.strip()}"
        for file in sorted(root.rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"[\"']#[0-9a-fA-F]{3,8}[\"']|rgba?\((?!0, ?0, ?0, ?0\))", line)
    ]
    assert not found


def test_every_variable_that_is_used_is_declared() -> None:
    declared = set(tokens.tokens("light"))
    unknown = []
    # Numbers that the server writes beside the element.
    own = {"n", "half", "all"} | {
        name
        for sheet in sheets()
        for name in re.findall(r"--([\w-]+)\s*:", sheet.read_text(encoding="utf-8"))
    }
    for sheet in sheets():
        body = sheet.read_text(encoding="utf-8")
        used = set(re.findall(r"var\(--([\w-]+)\s*\)", body))
        foreign = ("bs-", "ag-", "Dash-")
        strange = sorted(used - declared - own)
        unknown += [f"{sheet.name}: {one}" for one in strange if not one.startswith(foreign)]
    assert not unknown


ALARMING = re.compile(
    r"risk|red|overdue|due-late|fail|break|broken|trouble|error|alarm|banner|gap|dead|lost|danger|revoked|rejected|(note|source)-said",
    re.I,
)


def test_red_is_for_alarm_only() -> None:
    calm = [
        f"{sheet.name}: {selector}"
        for sheet in sheets()
        if sheet.name != "tokens.css"
        for selector, body in rules(sheet)
        if re.search(r"var\(--(?:risk|alarm)-", body) and not ALARMING.search(selector)
    ]
    assert not calm
