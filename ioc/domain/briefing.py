"""The briefing: what is put together for a meeting, declared as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Words = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ViewSection(_Declared):
    """A page, a scene or one `part` of a page, by its address."""

    kind: Literal["view"] = "view"
    address: Annotated[str, Field(max_length=2000)]
    title: Words = ""
    part: str | None = None


class TextSection(_Declared):
    """Paragraphs with live figures in braces, as docs/briefings.md describes."""

    kind: Literal["text"] = "text"
    title: Words = ""
    text: Words


class RedSection(_Declared):
    """What is red in the unit, worst first, at most `most`."""

    kind: Literal["red"] = "red"
    title: Words = ""
    most: Annotated[int, Field(ge=1, le=100)] = 20


class RegisterSection(_Declared):
    """Items of a register, by the address of its list."""

    kind: Literal["register"] = "register"
    address: Annotated[str, Field(max_length=2000)]
    title: Words = ""
    most: Annotated[int, Field(ge=1, le=200)] = 40


class ChangesSection(_Declared):
    """What changed since the pack before this one."""

    kind: Literal["changes"] = "changes"
    title: Words = ""
    most: Annotated[int, Field(ge=1, le=200)] = 40


Section = Annotated[
    ViewSection | TextSection | RedSection | RegisterSection | ChangesSection,
    Field(discriminator="kind"),
]


class Schedule(_Declared):
    """When it is made: at `at` on the first day that `every` names, moved to a working day.

    `day` is the weekday (1 Monday to 7) of a week, or the day of a month or of a quarter's first
    month after the period. `working` moves a day off to the working day "before" or "after" it,
    "no" leaves it, and "count" makes `day` count working days (the third working day).
    """

    every: Literal["week", "month", "quarter"]
    day: Annotated[int, Field(ge=1, le=31)] = 1
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "07:00"
    working: Literal["no", "before", "after", "count"] = "after"


class Waiting(_Declared):
    """What is done when data of the period are late: say so, or wait up to `hours` for them."""

    late: Literal["say", "wait"] = "say"
    hours: Annotated[int, Field(ge=1, le=240)] = 4


class Deliver(_Declared):
    """Where it goes beside the page: a folder below the home's `briefings/out`, mail addresses."""

    folder: Name | None = None
    mail: tuple[Annotated[str, Field(max_length=254)], ...] = ()


class Heading(_Declared):
    """The administrative frame of the report form (Decree 30/2020/ND-CP, Appendix I)."""

    authority: Words = ""
    office: Words = ""
    symbol: Words = ""
    place: Words = ""
    signer_title: Words = ""
    signer: Words = ""
    recipients: tuple[Words, ...] = ()


class Briefing(_Declared):
    """A briefing as it is declared or as a person put it together; `key` names it."""

    key: Name
    title: Words
    lang: Literal["vi", "en"] = "vi"
    unit: str = "vn"
    period: str = "latest"
    """A period's code, "latest", or "previous": the one complete before the moment of making."""
    calendar: Literal["calendar", "administrative"] = "calendar"
    forms: tuple[Literal["pptx", "pdf", "xlsx", "docx"], ...] = ("pptx", "pdf", "xlsx")
    sections: Annotated[tuple[Section, ...], Field(max_length=60)] = ()
    schedule: Schedule | None = None
    waiting: Waiting = Waiting()
    deliver: Deliver = Deliver()
    heading: Heading = Heading()
    template: Name | None = None
    """A PPTX or DOCX of the home's `templates/` folder, without its extension."""
