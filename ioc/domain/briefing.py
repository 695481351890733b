"""The briefing: what is put together for a meeting, declared as data."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ioc.domain.period import Calendar, Period
from ioc.errors import AddressError

FORMS = ("pptx", "pdf", "xlsx", "docx")
LATEST, PREVIOUS = "latest", "previous"
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}", re.ASCII)
_OWN = re.compile(r"/(?![/\\])[^\s\x00-\x1f]*")


def _mail(text: str) -> str:
    """A plain address: no names, quotes, comments or anything that could end a header's line."""
    if not _MAIL.fullmatch(text) or len(text) > 254 or ".." in text:
        raise ValueError("not a mail address")
    return text


def _own(text: str) -> str:
    if not _OWN.fullmatch(text):
        raise ValueError("not an address of this product")
    return text


Words = Annotated[str, Field(max_length=4000, description="a text of at most 4,000 letters")]
Line = Annotated[
    str,
    Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$", description="one line of text"),
]
Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,60}$", description="lower-case letters, digits and hyphens"
    ),
]
Address = Annotated[
    str,
    AfterValidator(_own),
    Field(max_length=2000, description="an address of this product such as /unit/38"),
]
Mail = Annotated[str, AfterValidator(_mail), Field(description="a mail address such as a@b.vn")]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ViewSection(_Declared):
    """A page, a scene or one `part` of a page, by its address."""

    kind: Literal["view"] = "view"
    address: Address
    title: Line = ""
    part: str | None = None


class TextSection(_Declared):
    """Paragraphs with live figures in braces, as docs/briefings.md describes."""

    kind: Literal["text"] = "text"
    title: Line = ""
    text: Words


class RedSection(_Declared):
    """What is red in the unit, worst first, at most `most`."""

    kind: Literal["red"] = "red"
    title: Line = ""
    most: Annotated[int, Field(ge=1, le=100)] = 20


class RegisterSection(_Declared):
    """Items of a register, by the address of its list."""

    kind: Literal["register"] = "register"
    address: Address
    title: Line = ""
    most: Annotated[int, Field(ge=1, le=200)] = 40


class ChangesSection(_Declared):
    """What changed since the pack before this one."""

    kind: Literal["changes"] = "changes"
    title: Line = ""
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
    Moments are those of the Vietnamese clock.
    """

    every: Literal["week", "month", "quarter"]
    day: Annotated[int, Field(ge=1, le=31)] = 1
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "07:00"
    working: Literal["no", "before", "after", "count"] = "after"

    @model_validator(mode="after")
    def _day_of_week(self) -> Self:
        if self.every == "week" and self.day > (5 if self.working == "count" else 7):
            raise ValueError("a week has 7 days, of which 5 are worked")
        return self


class Waiting(_Declared):
    """What is done when data of the period are late: say so, or wait up to `hours` for them."""

    late: Literal["say", "wait"] = "say"
    hours: Annotated[int, Field(ge=1, le=240)] = 4


class Deliver(_Declared):
    """Where it goes beside the page: a folder below the home's `briefings/out`, mail addresses."""

    folder: Name | None = None
    mail: Annotated[tuple[Mail, ...], Field(max_length=50)] = ()


class Heading(_Declared):
    """The administrative frame of the report form (Decree 30/2020/ND-CP, Appendix I)."""

    authority: Line = ""
    office: Line = ""
    symbol: Line = ""
    place: Line = ""
    signer_title: Line = ""
    signer: Line = ""
    recipients: Annotated[tuple[Line, ...], Field(max_length=20)] = ()


class Briefing(_Declared):
    """A briefing as it is declared or as a person put it together; `key` names it."""

    key: Name
    title: Annotated[Line, Field(min_length=1)]
    lang: Literal["vi", "en"] = "vi"
    unit: Annotated[str, Field(pattern=r"^[^\s/]{1,80}$")] = "vn"
    period: str = LATEST
    """A period's code, "latest", or "previous": the one complete before the moment of making."""
    calendar: Literal["calendar", "administrative"] = "calendar"
    forms: Annotated[
        tuple[Literal["pptx", "pdf", "xlsx", "docx"], ...], Field(min_length=1, max_length=4)
    ] = ("pptx", "pdf", "xlsx")
    sections: Annotated[tuple[Section, ...], Field(max_length=60)] = ()
    schedule: Schedule | None = None
    waiting: Waiting = Waiting()
    deliver: Deliver = Deliver()
    heading: Heading = Heading()
    template: Name | None = None
    """A PPTX or DOCX of the home's `templates/` folder, without its extension."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.period not in (LATEST, PREVIOUS):
            try:
                Period.parse(self.period, Calendar(self.calendar))
            except AddressError as error:
                raise ValueError(f"period: allowed: {LATEST}, {PREVIOUS}, 2026-10") from error
        if len(set(self.forms)) != len(self.forms):
            raise ValueError("a form is given twice")
        return self
