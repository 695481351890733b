"""The files of playlists: read, checked, the home directory's over those that are packaged."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ioc.domain.playlist import Playlist, Shelf
from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import PlaylistError

FOLDER = Path(__file__).parent.parent / "playlists"
FILES = "playlists"
"""The folder of a home directory that holds an installation's own playlists."""


def read_playlist(path: Path) -> Playlist:
    """The playlist of a file; its name is the file's.

    Raises PlaylistError naming file, field, what was given and what is allowed.
    """
    content = read_mapping(path, PlaylistError)
    if "name" in content and content["name"] != path.stem:
        raise PlaylistError(
            file=place(path), field="name", given=content["name"], allowed=path.stem
        )
    try:
        return Playlist.model_validate({**content, "name": path.stem})
    except ValidationError as problem:
        raise _first_mistake(place(path), problem) from None


def read_shelf(home: Path, packaged: Path = FOLDER) -> Shelf:
    """Every playlist of the home directory and the packaged ones that it does not replace.

    A wrong file gives no playlist and is told of in `wrong`: walls that run must go on. A wrong
    file of a packaged name leaves the packaged playlist.
    """
    found: dict[str, Playlist] = {}
    wrong: list[PlaylistError] = []
    for folder in (packaged, home / FILES):
        for path in sorted(folder.glob("*.yaml")):
            try:
                found[path.stem] = read_playlist(path)
            except PlaylistError as problem:
                wrong.append(problem)
    return Shelf(found, tuple(wrong))


def stamp(home: Path) -> tuple[object, ...]:
    """What changes when a file of the home's playlists does: names, sizes and times."""
    try:
        files = [(one.name, one.stat()) for one in sorted((home / FILES).glob("*.yaml"))]
    except OSError:
        return ()
    return tuple((name, about.st_mtime_ns, about.st_size) for name, about in files)


def _first_mistake(file: str, problem: ValidationError) -> PlaylistError:
    mistake = problem.errors(include_url=False)[0]
    steps = mistake["loc"]
    extra = mistake["type"] == "extra_forbidden"
    return PlaylistError(
        file=file,
        field=_dotted(steps),
        given=None if mistake["type"] == "missing" else mistake["input"],
        allowed=_allowed(steps[:-1] if extra else steps),
    )


def _dotted(steps: tuple[int | str, ...]) -> str:
    text = ""
    for step in steps:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def _allowed(steps: tuple[int | str, ...]) -> str:
    """What the field at `steps` allows, read from the declaration itself."""
    here: Any = Playlist
    described = None
    for step in steps:
        if isinstance(step, int):
            here, described = get_args(here)[0], None
        elif isinstance(here, type) and issubclass(here, BaseModel):
            about = here.model_fields[step]
            options = [one for one in get_args(about.annotation) if one is not type(None)]
            optional = type(None) in get_args(about.annotation)
            described = about.description or _inside(about.annotation)
            here = options[0] if optional else about.annotation
    if isinstance(here, type) and issubclass(here, Enum):
        return ", ".join(str(one.value) for one in here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        named = [name for name in here.model_fields if here is not Playlist or name != "name"]
        return "the fields " + ", ".join(named)
    return described or "a text"


def _inside(annotation: Any) -> str | None:
    """The description inside `Annotated[…] | None`, where pydantic leaves it."""
    for part in get_args(annotation):
        found = getattr(part, "description", None) or _inside(part)
        if found:
            return str(found)
    return None
