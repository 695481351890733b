"""All registers: one YAML file each, checked against each other at the start."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from ioc.domain.register import Register
from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import AddressError, CatalogueError

FOLDER = Path(__file__).parent.parent / "registers"


class Registers:
    """The registers in the order of the screens."""

    def __init__(self, registers: Iterable[Register] = ()) -> None:
        self.all: tuple[Register, ...] = tuple(sorted(registers, key=lambda one: one.order))
        self._by_key = {one.key: one for one in self.all}
        self._by_id = {one.id: one for one in self.all}

    @classmethod
    def load(cls, folder: Path | None = None) -> Registers:
        """Read every `*.yaml` of the folder (default: the packaged registers).

        Raises CatalogueError naming file, field, given and allowed for the first mistake.
        """
        read = [(path, read_register(path)) for path in sorted((folder or FOLDER).glob("*.yaml"))]
        keys = {one.key for _, one in read}
        seen: dict[object, str] = {}
        for path, register in read:
            for name, value in (("key", register.key), ("id", register.id)):
                if (name, value) in seen:
                    raise CatalogueError(
                        file=place(path),
                        field=name,
                        given=value,
                        allowed=f"one that {seen[name, value]} does not have",
                    )
                seen[name, value] = place(path)
            for field in register.fields:
                if field.register_key is not None and field.register_key not in keys:
                    raise CatalogueError(
                        file=place(path),
                        field=f"fields.{field.name}.register",
                        given=field.register_key,
                        allowed=", ".join(sorted(keys)),
                    )
        return cls(register for _, register in read)

    def by_key(self, key: str) -> Register:
        """The register of this key; raises AddressError when there is none."""
        found = self._by_key.get(key)
        if found is None:
            raise AddressError(part="register", given=key[:60], allowed=", ".join(self._by_key))
        return found

    def by_id(self, number: int) -> Register:
        """The register of this number in the store; KeyError when there is none."""
        return self._by_id[number]


@lru_cache(maxsize=1)
def packaged() -> Registers:
    """The registers that come with the program."""
    return Registers.load()


def read_register(path: Path) -> Register:
    """The register that a file declares. Raises CatalogueError."""
    content = read_mapping(path, CatalogueError)
    try:
        return Register.model_validate(content)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        given = first.get("input")
        raise CatalogueError(
            file=place(path),
            field=".".join(str(step) for step in first["loc"]) or "file",
            given=type(given).__name__ if isinstance(given, (dict, list)) else given,
            allowed=first["msg"].removeprefix("Value error, "),
        ) from None
