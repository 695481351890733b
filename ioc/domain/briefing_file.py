"""The files of briefings: the templates that are packaged and the home directory's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ioc.domain.briefing import Briefing
from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import BriefingError

FOLDER = Path(__file__).parent.parent / "briefings"
FILES = "briefings"
"""The folder of a home directory that holds an installation's own briefings."""
_LONGEST_GIVEN = 80


@dataclass(frozen=True, slots=True)
class Cabinet:
    """Declared briefings by key, and what is wrong with the files that give none.

    `own` are the keys of the home directory's files: only these are made by their schedule, the
    packaged ones are templates to begin with.
    """

    briefings: Mapping[str, Briefing]
    own: frozenset[str] = frozenset()
    wrong: tuple[BriefingError, ...] = field(default=())


def read_briefing(path: Path) -> Briefing:
    """The briefing of a file; its key is the file's name.

    Raises BriefingError naming file, field, what was given and what is allowed.
    """
    content = read_mapping(path, BriefingError)
    if content.get("key", path.stem) != path.stem:
        raise BriefingError(file=place(path), field="key", given=content["key"], allowed=path.stem)
    return checked({**content, "key": path.stem}, place(path))


def checked(content: Mapping[str, Any], file: str = "") -> Briefing:
    """The briefing of a mapping; raises BriefingError naming the first field that is wrong."""
    try:
        return Briefing.model_validate(content)
    except ValidationError as problem:
        mistake = problem.errors(include_url=False)[0]
        given = None if mistake["type"] == "missing" else mistake["input"]
        raise BriefingError(
            file=file,
            field=_dotted(mistake["loc"]) or "file",
            given=str(given)[:_LONGEST_GIVEN],
            allowed=str(mistake["msg"]),
        ) from None


def read_cabinet(home: Path, packaged: Path = FOLDER) -> Cabinet:
    """Every briefing of the home directory and the packaged ones that it does not replace.

    A wrong file gives none and is told of in `wrong`; the others stay.
    """
    found: dict[str, Briefing] = {}
    own: set[str] = set()
    wrong: list[BriefingError] = []
    for folder in (packaged, home / FILES):
        for path in sorted(folder.glob("*.yaml")):
            try:
                found[path.stem] = read_briefing(path)
            except BriefingError as problem:
                wrong.append(problem)
            else:
                if folder != packaged:
                    own.add(path.stem)
    return Cabinet(found, frozenset(own), tuple(wrong))


def _dotted(steps: tuple[int | str, ...]) -> str:
    text = ""
    for step in steps:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")
