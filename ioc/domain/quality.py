"""Data quality by six criteria: checks that passed of checks that were made, never averaged.

The criteria are those of the sector's inventory (đúng, đủ, sạch, sống, thống nhất, dùng chung);
the form of one ministry has the first four. docs/quality.md has the formula of every check.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from ioc.domain.measure import Ratio
from ioc.domain.target import Status
from ioc.domain.yaml_file import place, read_mapping
from ioc.errors import CatalogueError

FILE = Path(__file__).parent / "quality_rules.yaml"


class Criterion(StrEnum):
    """What data must be."""

    CORRECT = "correct"
    SUFFICIENT = "sufficient"
    CLEAN = "clean"
    LIVE = "live"
    UNIFIED = "unified"
    SHARED = "shared"


SIX = tuple(Criterion)
FOUR = SIX[:4]


class Check(StrEnum):
    """What one check looks at; the checks of different kinds are never added up.

    records: a record that was read, refused for the criterion or not. values: a figure that was
    to be filled in. held: a standing figure that waits for a person or not. units: a figure that
    was due from a unit. slots: a moment at which a source was expected. figures: a figure that
    stands, its source read within the indicator's limit. pairs: a figure that two sources state.
    sums: a unit's own total beside the sum of those below. items: an item of a register with its
    mandatory fields. parts: an item whose total has parts. updates: a dataset within its update
    duty. codes: a dataset that uses the national code lists. datasets: a dataset that is shared.
    """

    RECORDS = "records"
    VALUES = "values"
    HELD = "held"
    UNITS = "units"
    SLOTS = "slots"
    FIGURES = "figures"
    PAIRS = "pairs"
    SUMS = "sums"
    ITEMS = "items"
    PARTS = "parts"
    UPDATES = "updates"
    CODES = "codes"
    DATASETS = "datasets"


@dataclass(frozen=True, slots=True)
class Checked:
    """Checks of one kind: `passed` of `made`. `shared` says that the records are those of the
    sources behind the subject, which speak of others too."""

    check: Check
    passed: int
    made: int
    shared: bool = False

    @property
    def ratio(self) -> Ratio:
        """Passed of made; its value is None where nothing was tested."""
        return Ratio(self.passed, self.made)

    @property
    def failed(self) -> int:
        """Checks that did not pass."""
        return self.made - self.passed


@dataclass(frozen=True, slots=True)
class Score:
    """How a subject fares by one criterion: its checks by kind.

    The weakest kind decides: 34 missing units do not vanish among 100,000 good records.
    """

    tested: tuple[Checked, ...] = ()

    @property
    def weakest(self) -> Checked | None:
        """The kind of check with the lowest share passed; None: not assessable."""
        made = [one for one in self.tested if one.made > 0]
        return min(made, key=lambda one: Fraction(one.passed, one.made), default=None)

    @property
    def share(self) -> Fraction | None:
        """The share that decides; None where nothing was tested, which is not zero."""
        weakest = self.weakest
        return weakest.ratio.value if weakest else None

    @property
    def failed(self) -> int:
        """Checks of all kinds that did not pass."""
        return sum(one.failed for one in self.tested)

    @classmethod
    def pool(cls, scores: Iterable[Score]) -> Score:
        """All checks of these scores together, kind by kind; never a mean of their shares."""
        found: dict[Check, list[Checked]] = {}
        for score in scores:
            for one in score.tested:
                found.setdefault(one.check, []).append(one)
        tested = []
        for check in Check:
            if check in found:
                pooled = Ratio.pool(one.ratio for one in found[check])
                assert pooled is not None  # there is at least one
                via = any(one.shared for one in found[check])
                tested.append(Checked(check, pooled.numerator, pooled.denominator, via))
        return cls(tuple(tested))


@dataclass(frozen=True, slots=True)
class Limit:
    """From which share of checks passed on a score is good, and from which it is near."""

    reached: Fraction
    near: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """The declared rules: the criterion of each code of a refused record, and the limits."""

    codes: Mapping[str, Criterion]
    limits: Mapping[Criterion, Limit]

    def criterion(self, code: str) -> Criterion:
        """What a record refused for this reason fails; clean where nobody declared it."""
        return self.codes.get(code, Criterion.CLEAN)

    def status(self, criterion: Criterion, score: Score) -> Status:
        """Whether a score reaches its limit; not judged where nothing was tested."""
        share, limit = score.share, self.limits[criterion]
        if share is None:
            return Status.NOT_JUDGED
        if share >= limit.reached:
            return Status.REACHED
        return Status.NEAR if share >= limit.near else Status.AT_RISK


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules that come with the program."""
    return read_rules(FILE)


def read_rules(path: Path) -> Rules:
    """Read the rules; raises CatalogueError for an unknown criterion, a code given twice or limits
    that are no shares in order."""
    content = read_mapping(path, CatalogueError)
    given, limited = content.get("codes"), content.get("limits")
    names = [one.value for one in Criterion]
    for field, value in (("codes", given), ("limits", limited)):
        if not isinstance(value, dict) or sorted(value) != sorted(names):
            raise CatalogueError(
                file=place(path), field=field, given=value, allowed=", ".join(names)
            )
    assert isinstance(given, dict)
    assert isinstance(limited, dict)
    codes: dict[str, Criterion] = {}
    for name, listed in given.items():
        for code in listed or ():
            if code in codes:
                raise CatalogueError(
                    file=place(path), field=f"codes.{name}", given=code, allowed="each code once"
                )
            codes[str(code)] = Criterion(name)
    limits = {}
    for name, one in limited.items():
        reached, near = Fraction(str(one["reached"])), Fraction(str(one["near"]))
        if not 0 <= near <= reached <= 1:
            raise CatalogueError(
                file=place(path),
                field=f"limits.{name}",
                given=one,
                allowed="0 ≤ near ≤ reached ≤ 1",
            )
        limits[Criterion(name)] = Limit(reached, near)
    return Rules(codes, limits)


def worst_first(score: Score) -> tuple[Fraction, int]:
    """The key by which scores are sorted: the lowest share, then the most failed; untested last."""
    share = score.share
    return (Fraction(2) if share is None else share, -score.failed)
