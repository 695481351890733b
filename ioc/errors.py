"""All errors of the product in one tree.

IocError
├── ConfigError            a file or setting is wrong; names file, field, given, allowed
│   ├── SettingsError      an IOC_* setting or the settings file
│   ├── CatalogueError     an indicator's file
│   ├── UnitDataError      units, codes or lineage do not agree
│   ├── SourceConfigError  a source's file
│   └── PlaylistError      a playlist's file
├── PluginError            a plug-in module lacks its name, or two share one
├── AddressError           the address of a page asks for something that does not exist
├── NotAllowedError        the question lies outside the viewer's scope
├── MeasureError           a ratio was about to be averaged or added
├── WordingError           a sentence was asked for that the message catalogue lacks
├── SourceError            a source could not be read
│   ├── TransientSourceError   may work later: time-out, 5xx, 429
│   └── PermanentSourceError   needs a person: 401, refused address, not data
├── DecisionError          a held figure is not there, or was decided before
├── DrawError              a file could not be drawn, or did not pass its check
├── TemplateError          a customer's template of slides or documents lacks something
└── StoreError             the database refused or is not as expected
"""

from __future__ import annotations


class IocError(Exception):
    """Root of the tree.

    `code` names the sentence of the message catalogue (files reject, source, errors, in this
    order: see `explain`), `params` fill its gaps;
    `str(error)` is an English sentence for logs and the command line.
    """

    def __init__(self, message: str, *, code: str = "unknown", **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


class ConfigError(IocError):
    """A file or setting is wrong: says where, what was given and what is allowed."""

    def __init__(self, *, file: str, field: str, given: object, allowed: str) -> None:
        super().__init__(
            f"{file}: {field}: given {given!r}, allowed: {allowed}",
            code="config",
            file=file,
            field=field,
            given=repr(given),
            allowed=allowed,
        )


class SettingsError(ConfigError):
    """An IOC_* setting or the settings file is wrong."""


class CatalogueError(ConfigError):
    """An indicator's file is wrong."""


class UnitDataError(ConfigError):
    """Units, codes or lineage do not agree with each other."""


class SourceConfigError(ConfigError):
    """A source's file is wrong."""


class PlaylistError(ConfigError):
    """A playlist's file is wrong."""


class BriefingError(ConfigError):
    """A declared briefing is wrong."""


class PluginError(IocError):
    """A plug-in module lacks its name, or two plug-ins share one."""


class AddressError(IocError):
    """An address asks for something that does not exist; `part` names the part of the address."""

    def __init__(self, *, part: str, given: object, allowed: str) -> None:
        super().__init__(
            f"address: {part}: given {given!r}, allowed: {allowed}",
            code="address",
            part=part,
            given=str(given),
            allowed=allowed,
        )


class NoSuchCodeError(AddressError):
    """No export of this code, or none for this viewer: nobody can tell which from the answer."""

    def __init__(self) -> None:
        super().__init__(part="verify", given="…", allowed="7K3M-0QXD-P9TW")
        self.code = "verify_unknown"


class NotAllowedError(IocError):
    """The question lies outside the viewer's scope; answered like something that does not exist."""


class MeasureError(IocError):
    """A ratio was about to be averaged or added; pool its numerators and denominators instead."""


class WordingError(IocError):
    """A sentence was asked for that the message catalogue lacks, or without its parameters."""


class SourceError(IocError):
    """A source could not be read."""


class TransientSourceError(SourceError):
    """May work later: time-out, 5xx, 429. `retry_after` is in seconds where the source said it."""

    def __init__(
        self, message: str, *, code: str, retry_after: float | None = None, **params: object
    ) -> None:
        super().__init__(message, code=code, **params)
        self.retry_after = retry_after


class PermanentSourceError(SourceError):
    """Needs a person: 401, a refused address, an answer that is not data."""


class DecisionError(IocError):
    """A held figure is not there, was decided before, or lacks the name of who decides."""


class DrawError(IocError):
    """A file could not be drawn, or did not pass its check and was thrown away.

    `code` names the sentence of the messages' file `drawing`, not of `errors`.
    """


class TemplateError(IocError):
    """A customer's template of slides or documents lacks something; the message names it all."""


class StoreError(IocError):
    """The database refused, or is not as expected."""
