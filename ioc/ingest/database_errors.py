"""What a database said when it refused, as one of our errors; never with values or passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ioc.errors import PermanentSourceError, SourceError, TransientSourceError

_LONGEST = 200
_TIME = "sql_too_slow"
_LOCK = "sql_locked"
_READ_ONLY = "sql_read_only"
_LOGIN = "sql_login"
_RIGHTS = "sql_rights"
_AWAY = "sql_away"
_WRONG = "sql_wrong"
_TRANSIENT = frozenset({_TIME, _LOCK, _AWAY})
_SQLSTATES = {
    "57014": _TIME, "25P03": _TIME, "55P03": _LOCK, "40P01": _LOCK, "25006": _READ_ONLY,
    "42501": _RIGHTS, "3D000": _LOGIN,
}  # fmt: skip
_CLASSES = {"28": _LOGIN, "08": _AWAY, "53": _AWAY, "57": _AWAY}
_NUMBERS = {
    1044: _LOGIN, 1045: _LOGIN, 1049: _LOGIN, 1698: _LOGIN, 1792: _READ_ONLY, 1290: _RIGHTS,
    1142: _RIGHTS, 1143: _RIGHTS, 1227: _RIGHTS, 1370: _RIGHTS, 1969: _TIME, 3024: _TIME,
    1317: _TIME, 1205: _LOCK, 1213: _LOCK, 1040: _AWAY, 1053: _AWAY, 2003: _AWAY, 2006: _AWAY,
    2013: _AWAY, 2014: _AWAY,
}  # fmt: skip
_SQLITE = (
    ("interrupted", _TIME),
    ("locked", _LOCK),
    ("readonly", _READ_ONLY),
    ("not authorized", _READ_ONLY),
    ("prohibited", _READ_ONLY),
)


def explained(
    kind: str, error: Any, where: str, hide: Callable[[str], str], over: bool
) -> SourceError:
    """The error of ours for what a driver raised; `over`: the connection was cut for its time."""
    code, reason = _meaning(kind, error)
    if over and code not in (_READ_ONLY, _LOGIN, _RIGHTS):
        code = _TIME
    shown = " ".join(hide(reason).split())[:_LONGEST] or type(error).__name__
    message = f"{where}: {code.removeprefix('sql_')}: {shown}"
    if code in _TRANSIENT:
        return TransientSourceError(message, code=code, where=where, reason=shown)
    return PermanentSourceError(message, code=code, where=where, reason=shown)


def _meaning(kind: str, error: Any) -> tuple[str, str]:
    if kind == "postgresql":
        state = getattr(error, "sqlstate", None)
        said = getattr(getattr(error, "diag", None), "message_primary", None)
        if state is None:
            text = str(error)
            # The driver tells a refused log-in in the text only; the first line names no values.
            code = _LOGIN if "authentication" in text or "no password" in text else _AWAY
            code = "sql_certificate" if "certificate" in text or "SSL" in text else code
            return code, text.strip().splitlines()[0] if text.strip() else ""
        return _SQLSTATES.get(state) or _CLASSES.get(state[:2], _WRONG), str(said or "")
    if kind == "mysql":
        args: tuple[Any, ...] = tuple(getattr(error, "args", ()))
        number = args[0] if args and isinstance(args[0], int) else 0
        text = str(args[1]) if len(args) > 1 else str(error)
        if "certificate" in text or "SSL" in text:
            return "sql_certificate", text
        return _NUMBERS.get(number, _WRONG), text
    text = str(error)
    for mark, code in _SQLITE if kind == "sqlite" else ():
        if mark in text:
            return code, text
    return _WRONG, text
