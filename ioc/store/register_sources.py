"""The sources that stand for a register itself: figures counted from its items are theirs."""

from __future__ import annotations

from collections.abc import Iterable

from ioc.domain.register import Register
from ioc.store.reference import REGISTER, SourceFact

_RANK, _ILLUSTRATIVE_RANK = 50, 150
_PRETENDED = "-minh-hoa"


def counting_source(register: Register, *, illustrative: bool) -> SourceFact:
    """The source of figures counted from a register's real, or from its illustrative items.

    Counted from real items a figure stands before what most sources say (rank 50); counted from
    illustrative ones it stands behind (150), and the difference is shown. The id is the store's.
    """
    vi, en = register.name.vi, register.name.en
    return SourceFact(
        id=0,
        name=f"so-{register.key.replace('_', '-')}" + (_PRETENDED if illustrative else ""),
        title={
            "vi": f"Sổ {vi[:1].lower()}{vi[1:]}: đếm từ từng mục"
            + (" (minh họa)" if illustrative else ""),
            "en": f"Register {en[:1].lower()}{en[1:]}: counted from its items"
            + (" (illustrative)" if illustrative else ""),
        },
        connector=REGISTER,
        schedule="",
        rank=_ILLUSTRATIVE_RANK if illustrative else _RANK,
        illustrative=illustrative,
        active=True,
    )


def counted_from(source: str, registers: Iterable[Register]) -> Register | None:
    """The register whose items a source of this name counts; None for any other source."""
    by_name = {
        counting_source(one, illustrative=pretended).name: one
        for one in registers
        for pretended in (False, True)
    }
    return by_name.get(source)


def counting_sources(registers: Iterable[Register]) -> list[SourceFact]:
    """Both sources of every register that something is counted from."""
    counted = [one for one in registers if one.counts]
    real = [counting_source(one, illustrative=False) for one in counted]
    return real + [counting_source(one, illustrative=True) for one in counted]
