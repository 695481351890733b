"""The import contracts of pyproject.toml hold: docs/architecture.md, "one direction"."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_imports_point_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "service", "base", "misc"}
    packages = ("ioc", "layouts", "callbacks", "data_sources")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    assert files
    assert [str(file) for file in files if file.stem in vague or file.parent.name in vague] == []


def test_init_files_hold_one_sentence() -> None:
    """A re-export of names is allowed, code is not."""
    for package in ("ioc", "layouts", "callbacks", "data_sources"):
        for file in (ROOT / package).rglob("__init__.py"):
            text = file.read_text(encoding="utf-8")
            assert text.startswith('"""'), file
            assert "def " not in text, file
            assert "class " not in text, file
