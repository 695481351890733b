"""YAML files read strictly: a wrong file is one sentence with its line, never a guess."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ioc.errors import ConfigError


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, refusing a key given twice; an impossible date stays the text it was."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value!r} is given twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)


def _timestamp(loader: _StrictLoader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        # 2025-02-30 stays a text, so that the check of its field names it.
        return node.value


_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def place(path: Path) -> str:
    """How messages name a file: its folder and its name."""
    return f"{path.parent.name}/{path.name}"


def read_mapping(path: Path, error: type[ConfigError] = ConfigError) -> dict[str, Any]:
    """The one mapping that the YAML file `path` holds.

    Raises `error` naming the line when the text is no UTF-8 or no YAML, when a key is given
    twice, or when the file holds something else than a mapping with texts as keys.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except OSError as problem:
        raise error(
            file=place(path), field="file", given=problem.strerror, allowed="a readable file"
        ) from problem
    except UnicodeDecodeError as problem:
        raise error(
            file=place(path), field="file", given=f"byte {problem.start}", allowed="UTF-8 text"
        ) from problem
    except yaml.YAMLError as problem:
        raise error(
            file=place(path), field=_line(problem), given=_reason(problem), allowed="valid YAML"
        ) from problem
    odd = [key for key in content if not isinstance(key, str)] if isinstance(content, dict) else []
    if odd or not isinstance(content, dict):
        raise error(
            file=place(path),
            field="file",
            given=odd[0] if odd else type(content).__name__,
            allowed="a mapping of field: value",
        )
    return content


def _line(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    return f"line {mark.line + 1}" if mark else "file"


def _reason(problem: yaml.YAMLError) -> str:
    return str(getattr(problem, "problem", None) or problem).splitlines()[0]
