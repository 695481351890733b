"""The key that signs sessions: given, read from a file, or made once and kept in the home."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ioc.errors import SettingsError

NAME = "secret.key"
SHORTEST = 32
ALLOWED = f"at least {SHORTEST} bytes of your own, not a key printed in a manual"
SAMPLES = frozenset(
    {
        # Printed in manuals, templates and default settings of well-known programs, so strangers
        # could sign a session with them. Shorter ones are refused by their length.
        "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET",
        "\\2\\1thisismyscretkey\\1\\2\\e\\y\\y\\h",
        "\x02\x01thisismyscretkey\x01\x02\\e\\y\\y\\h",
        "thisISaSECRET_1234thisISaSECRET_1234",
        "YOUR_OWN_RANDOM_GENERATED_SECRET_KEY",
        "TEST_NON_DEV_SECRET",
        "c292a0a3aa32397cdb050e233733900f",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        "5f352379324c22463451387a0aec5d2f",
    }
)


def secret_key(given: str, file: Path | None, home: Path, *, make: bool) -> str:
    """The key `given`, else the one in `file`, else the home's own, made first with `make`.

    Empty only when the home has none and none may be made. Raises SettingsError for a key that
    is short or printed in a manual, without showing it.
    """
    if given:
        return _checked(given, "IOC_SECRET_KEY")
    if file is not None:
        return _checked(_read(file), f"IOC_SECRET_KEY_FILE ({file})")
    own = home / NAME
    if make and not own.exists():
        _make(own)
    return _checked(_read(own), str(own)) if own.exists() else ""


def _checked(key: str, where: str) -> str:
    length = len(key.encode())
    if length < SHORTEST and key not in SAMPLES:
        raise _wrong(where, f"{length} bytes")
    if key in SAMPLES or len(set(key)) < SHORTEST // 4:
        raise _wrong(where, "a key that can be guessed")
    return key


def _wrong(where: str, given: str, allowed: str = ALLOWED) -> SettingsError:
    return SettingsError(file="secret key", field=where, given=given, allowed=allowed)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(str(file), str(error), "a file that can be read") from error


def _make(file: Path) -> None:
    """Write a new key, readable by its owner only; of two processes at once the first one wins."""
    draft = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    except OSError as error:
        raise SettingsError(
            file="environment",
            field="IOC_HOME",
            given=str(file.parent),
            allowed=f"a folder that can be written ({error.strerror})",
        ) from error
