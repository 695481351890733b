"""The settings of one installation: `IOC_*` from the environment, then `ioc.toml` in the home.

`SETTINGS` is at once the parser, the documentation and the defaults.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from ioc.errors import SettingsError
from ioc.secret_key import ALLOWED, secret_key

FILE = "ioc.toml"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: `name` is the field of Settings, `IOC_` + NAME its variable."""

    name: str
    default: str
    allowed: str
    help: str
    read: Callable[[str], object]
    in_file: bool = True

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"IOC_{self.name.upper()}"


def _flag(text: str) -> bool:
    return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[
        text.lower()
    ]


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError(port)
    return port


def _workers(text: str) -> int:
    workers = int(text)
    if not 1 <= workers <= 32:
        raise ValueError(workers)
    return workers


def _within(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(number)
        return number

    return read


def _sender(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", text, re.ASCII):
        raise ValueError(text)
    return text


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 36_500:
        raise ValueError(days)
    return days


def _only(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


def _database(text: str) -> str:
    scheme, mark, rest = text.partition("://")
    if mark and scheme == "sqlite" and rest.startswith("/"):
        return text
    if mark and scheme in {"postgresql", "postgres", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if text:
        raise ValueError(text)
    return ""


def _public(text: str) -> str:
    split = urlsplit(text)
    found = split.scheme in ("http", "https") and split.hostname
    if text and (not found or "@" in split.netloc or split.query or split.fragment):
        raise ValueError(text)
    return text.rstrip("/") + "/" if text else ""


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in text.split(",") if part.strip())


SETTINGS = (
    Setting(
        "home",
        "var/home",
        "a folder",
        "The home directory: sources, drop folders, the database and the secret key lie here.",
        Path,
        in_file=False,
    ),
    Setting(
        "database_url",
        "",
        "sqlite:///<file> or postgresql://<user>:<password>@<host>/<database>, or nothing",
        "The database; nothing means the SQLite file ioc.sqlite in the home directory.",
        _database,
    ),
    Setting(
        "host",
        "127.0.0.1",
        "127.0.0.1 only: there is no log-in yet, so anyone who reached another address would see "
        "everything; log-in and roles come with a later version",
        "The address the web server listens on.",
        _only("127.0.0.1"),
    ),
    Setting("port", "8050", "1 to 65535", "The port of the web server.", _port),
    Setting(
        "public_address",
        "",
        "http://… or https://…, or nothing",
        "Where people's machines find the product, as a reverse proxy publishes it: it stands in "
        "the QR codes of exported files; nothing means the address it listens on.",
        _public,
    ),
    Setting(
        "demo",
        "true",
        "true or false",
        "Whether `ioc serve` runs the demonstration systems, whose figures are all illustrative.",
        _flag,
    ),
    Setting("demo_port", "8051", "1 to 65535", "The port of the demonstration systems.", _port),
    Setting(
        "secret_key",
        "",
        ALLOWED,
        "Signs sessions and live messages; without it, IOC_SECRET_KEY_FILE or a key made once and "
        "kept in secret.key of the home directory.",
        str,
        in_file=False,
    ),
    Setting(
        "secret_key_file",
        "",
        "a file that can be read",
        "A file that holds the secret key, as mounted by a secret store.",
        str,
    ),
    Setting(
        "allow_hosts",
        "",
        "hosts, or host:port, with commas between",
        "Private addresses that sources may be read from; all others are refused.",
        _list,
    ),
    Setting(
        "poll_workers",
        "8",
        "1 to 32",
        "How many sources one poller reads at a time.",
        _workers,
    ),
    Setting(
        "export_workers",
        "1",
        "0 to 8",
        "How many exports are made at a time; each worker has a browser of its own while there is "
        "something to draw. 0 makes none on this machine.",
        _within(0, 8),
    ),
    Setting(
        "export_queue",
        "200",
        "1 to 10000",
        "How many exports may wait; beyond that wishes are refused.",
        _within(1, 10_000),
    ),
    Setting(
        "export_per_user",
        "20",
        "1 to 1000",
        "How many exports one person may have waiting or in the making.",
        _within(1, 1000),
    ),
    Setting(
        "export_seconds",
        "60",
        "5 to 600",
        "Seconds that one picture may take before its browser is ended.",
        _within(5, 600),
    ),
    Setting(
        "export_memory_mb",
        "1500",
        "256 to 16384",
        "MiB of memory that one browser with all its processes may take before it is ended.",
        _within(256, 16_384),
    ),
    Setting(
        "chromium",
        "",
        "a program, or nothing",
        "The browser that draws pictures and PDF; nothing means chromium, chromium-browser or "
        "google-chrome, whichever is found first.",
        str,
    ),
    Setting(
        "export_keep_days",
        "730",
        "0 to 36500",
        "Days that exported files and their frozen figures are kept; 0 keeps them for ever. The "
        "record that they were made stays.",
        _days,
    ),
    Setting(
        "smtp_host",
        "",
        "a host name",
        "The server that briefings are mailed by; nothing means that no mail is sent.",
        str.strip,
    ),
    Setting("smtp_port", "587", "1 to 65535", "The port of that server.", _port),
    Setting(
        "smtp_security",
        "starttls",
        "starttls, tls or none",
        "How the connection is encrypted: STARTTLS, TLS from the first byte, or not at all, which "
        "a server on this machine may do.",
        _only("starttls", "tls", "none"),
    ),
    Setting("smtp_user", "", "a name", "The name to log in with; nothing means no log-in.", str),
    Setting(
        "smtp_password_file",
        "",
        "a file that can be read",
        "A file that holds the password to log in with, as mounted by a secret store.",
        str,
    ),
    Setting("smtp_from", "", "a mail address", "The sender of briefings.", _sender),
    Setting(
        "mail_domains",
        "",
        "domains, with commas between",
        "Domains that briefings may be mailed to; nothing means to nobody.",
        _list,
    ),
    Setting(
        "mail_megabytes",
        "15",
        "0 to 100",
        "MiB of files that a message may carry; above that it only says where they are.",
        _within(0, 100),
    ),
    Setting("language", "vi", "vi or en", "The language shown first.", _only("vi", "en")),
    Setting(
        "title", "", "a text", "The name shown on every page; nothing means the usual one.", str
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation decided; raises SettingsError when made from a wrong value by `load`.

    `allow_hosts` holds `host` or `host:port` in lower case; `secret_key` is never printed.
    """

    home: Path
    database_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8050
    public_address: str = ""
    demo: bool = True
    demo_port: int = 8051
    secret_key: str = field(default="", repr=False)
    allow_hosts: tuple[str, ...] = ()
    poll_workers: int = 8
    export_workers: int = 1
    export_queue: int = 200
    export_per_user: int = 20
    export_seconds: int = 60
    export_memory_mb: int = 1500
    chromium: str = ""
    export_keep_days: int = 730
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password_file: str = ""
    smtp_from: str = ""
    mail_domains: tuple[str, ...] = ()
    mail_megabytes: int = 15
    language: str = "vi"
    title: str = ""

    def __post_init__(self) -> None:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.home / 'ioc.sqlite'}")
        if not self.public_address:
            object.__setattr__(self, "public_address", self.address)

    @property
    def shown_database(self) -> str:
        """The database's address without its password, for people and logs."""
        return _without_password(self.database_url)

    @property
    def address(self) -> str:
        """Where a browser finds the first page."""
        return f"http://{self.host}:{self.port}/"

    @property
    def public_host(self) -> str:
        """The host of the public address, in lower case and without its port."""
        return (urlsplit(self.public_address).hostname or "").lower()

    @property
    def reachable_hosts(self) -> tuple[str, ...]:
        """Private addresses sources may be read from: the allowed ones and the demonstration's."""
        own = (f"127.0.0.1:{self.demo_port}",) if self.demo else ()
        return self.allow_hosts + own

    def environment(self) -> dict[str, str]:
        """The variables that make another process, or a source's `${env:...}`, see the same.

        Secrets and what may hold one are left out.
        """
        shown: dict[str, object] = {
            "home": self.home,
            "host": self.host,
            "port": self.port,
            "public_address": self.public_address,
            "demo": str(self.demo).lower(),
            "demo_port": self.demo_port,
            "allow_hosts": ",".join(self.allow_hosts),
            "poll_workers": self.poll_workers,
            "export_workers": self.export_workers,
            "export_queue": self.export_queue,
            "export_per_user": self.export_per_user,
            "export_seconds": self.export_seconds,
            "export_memory_mb": self.export_memory_mb,
            "chromium": self.chromium,
            "export_keep_days": self.export_keep_days,
            "smtp_host": self.smtp_host,
            "smtp_port": self.smtp_port,
            "smtp_security": self.smtp_security,
            "smtp_user": self.smtp_user,
            "smtp_password_file": self.smtp_password_file,
            "smtp_from": self.smtp_from,
            "mail_domains": ",".join(self.mail_domains),
            "mail_megabytes": self.mail_megabytes,
            "language": self.language,
            "title": self.title,
        }
        return {f"IOC_{name.upper()}": str(value) for name, value in shown.items()}


def load(
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    make_key: bool = True,
) -> Settings:
    """Read the settings; relative paths start at `folder` (the working directory).

    With `make_key` a missing secret key is made and kept in the home; otherwise it stays empty.
    Raises SettingsError naming the variable, what was given and what is allowed.
    """
    given = os.environ if environment is None else environment
    start = Path.cwd() if folder is None else folder
    home = (start / Path(given.get("IOC_HOME") or "var/home").expanduser()).resolve()
    file = home / FILE
    written = _file(file)
    read: dict[str, object] = {}
    for row in SETTINGS:
        if given.get(row.variable):
            read[row.name] = _value(row, given[row.variable], "environment", row.variable)
        elif row.name in written:
            read[row.name] = _value(row, _text(written[row.name]), str(file), row.name)
        else:
            read[row.name] = row.read(row.default)
    read["home"] = home
    key_file = start / str(read["secret_key_file"]) if read["secret_key_file"] else None
    read["secret_key"] = secret_key(str(read["secret_key"]), key_file, home, make=make_key)
    names = {one.name for one in fields(Settings)}
    return Settings(**{name: value for name, value in read.items() if name in names})  # type: ignore[arg-type]


def _file(file: Path) -> dict[str, object]:
    if not file.is_file():
        return {}
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            file=str(file), field="(the file)", given=str(error), allowed="TOML in UTF-8"
        ) from error
    allowed = [row.name for row in SETTINGS if row.in_file]
    for name in written:
        if name == "secret_key":
            raise SettingsError(
                file=str(file),
                field=name,
                given="a key",
                allowed="IOC_SECRET_KEY, or secret_key_file here: no secret in this file",
            )
        if name not in allowed:
            raise SettingsError(
                file=str(file), field=name, given=written[name], allowed=", ".join(allowed)
            )
    return written


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return str(value)


def _value(row: Setting, text: str, place: str, name: str) -> object:
    try:
        return row.read(text)
    except (ValueError, KeyError) as error:
        raise SettingsError(
            file=place, field=name, given=_without_password(text), allowed=row.allowed
        ) from error


def _without_password(address: str) -> str:
    return re.sub(r"(//[^:/@]*):.*@", r"\1:***@", address)
