"""The value model: every figure is a pure function of seed, indicator, unit, period and minute."""

from __future__ import annotations

from functools import lru_cache
from math import exp, sin, tau

from ioc.demo.clock import first_minute, is_tet, named, progress
from ioc.demo.draw import Draw, logit, share_of
from ioc.demo.places import Place
from ioc.demo.rates import COUNTS, RATES, Rate
from ioc.domain.unit import Level

Pair = tuple[int, int]
"""Numerator and denominator, whole numbers."""

_START_MONTH = 11
_ADMINISTRATIVE = -17 * 1440
_CENTRAL = frozenset({Level.MINISTRY, Level.DEPARTMENT})
_NEVER_MISSING = frozenset({1001, 1038, 1079, 2079})
_FLAT, _REVISED, _SCORE, _BUDGET, _SPOTS, _LATE, _MISSING, _DICE = range(101, 109)
_LOCAL_STEP = {Level.COMMUNE: 360}
_STEP = 5
_REVISION = {Level.COMMUNE: (43_200, 4)}
_REVISION_ELSE = (2_160, 3)


@lru_cache(maxsize=4096)
def _level(start: float) -> float:
    return logit(start)


def _years(month: int) -> float:
    return min(6.0, (month - _START_MONTH) / 12)


def _phase(unit_id: int, step: int) -> int:
    """Spreads the steps of units over the minutes: ids follow each other in threes."""
    return (unit_id * 2_654_435_761 >> 9) % step


class Model:
    """The figures of one seed; nothing is kept between calls."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    @property
    def drawn(self) -> Draw:
        """The draws of this seed."""
        return self._draw

    # ---- final figures of a period, as if it were over and never corrected

    def lanes(self, place: Place, month: int, group: int) -> tuple[float, ...]:
        """The noise of a unit in a month; one call serves every rate of the group."""
        return self._draw.normals(place.id, month, group)

    def final(self, place: Place, rate: Rate, month: int, lanes: tuple[float, ...]) -> Pair:
        """Numerator and denominator of the whole month."""
        tet = is_tet(month)
        whole = self._volume(place, rate, month, lanes[0], tet=tet)
        start = rate.central if place.level in _CENTRAL else rate.local
        level = (
            _level(start)
            + rate.gain * _years(month)
            + rate.spread * place.temper
            + rate.wave * sin(tau * (month / (9 + place.id % 7) + place.id * 0.37))
            + rate.noise * lanes[rate.lane]
            + (rate.tet if tet else 0.0)
        )
        return min(whole, round(whole * share_of(level))), whole

    def _volume(self, place: Place, rate: Rate, month: int, noise: float, *, tet: bool) -> int:
        volume = rate.volume
        central = place.level in _CENTRAL
        flat = volume.flat_central if central else volume.flat_local
        whole = place.size * (volume.central if central else volume.local)
        if flat:
            whole += place.part * flat * (0.6 + 0.8 * self._draw.share(place.id, _FLAT))
        if volume.flow:
            whole *= 1 + 0.06 * sin(tau * (month + 2) / 12)
            whole *= volume.tet if tet else 1.0
        whole *= (1 + volume.growth * _years(month)) * (1 + volume.noise * noise)
        return max(1, round(whole))

    # ---- the figure as it stands at a minute

    def pair(
        self,
        place: Place,
        code: str,
        month: int,
        minute: int,
        *,
        months: int = 1,
    ) -> Pair:
        """The figure at `minute`: growing in the running period, corrected in later ones.

        `month` is the last month of the period, `months` its length.
        """
        rate = RATES[code]
        final = self.final(place, rate, month, self.lanes(place, month, rate.group))
        return self.standing(place, rate, month, minute, final, months=months)

    def standing(
        self, place: Place, rate: Rate, month: int, minute: int, final: Pair, *, months: int = 1
    ) -> Pair:
        """What of the final figure is known at `minute`."""
        if first_minute(month + 1) <= minute:
            return self._corrected(place, rate.group * 10 + rate.lane, month, minute, final)
        step = _LOCAL_STEP.get(place.level, _STEP)
        passed = progress(minute, month, step=step, phase=_phase(place.id, step), months=months)
        numerator, whole = final
        if rate.volume.flow and rate.code not in COUNTS:
            return int(numerator * passed), int(whole * passed)
        before, base = self.final(
            place, rate, month - months, self.lanes(place, month - months, rate.group)
        )
        moved = before / base * whole * (1 - passed) + numerator * passed
        return min(whole, round(moved)), whole

    def _corrected(self, place: Place, salt: int, month: int, minute: int, final: Pair) -> Pair:
        """The figure after the corrections of the month that followed its own."""
        every, chosen = _REVISION.get(place.level, _REVISION_ELSE)
        mark = self._draw.whole(place.id, salt, _REVISED)
        if mark % chosen:
            return final
        end = first_minute(month + 1)
        until = min(minute, first_minute(month + 2))
        phase = mark % every
        count = (until + phase) // every - (end + phase) // every
        if not count:
            return final
        numerator, whole = final
        shift = 0.012 * self._draw.normals(place.id, salt, month, _REVISED, count)[0]
        return max(0, min(whole, round(numerator * (1 + shift)))), whole

    # ---- figures that are not a share of a volume

    def score(self, place: Place, month: int, minute: int) -> int:
        """The 766 score in hundredths of a point, 0 to 10,000."""
        lanes = self._draw.normals(place.id, month, _SCORE)
        points = 66 + 3.2 * _years(month) + 6.5 * place.temper + 0.9 * lanes[0]
        points -= 1.5 if is_tet(month) else 0.0
        if minute < first_minute(month + 1):
            points += 0.25 * self._draw.normals(place.id, minute // 30, _SCORE)[0]
        return max(0, min(9_950, round(points * 100)))

    def budget(self, place: Place, month: int, minute: int) -> Pair:
        """Disbursed and allocated since the start of the administrative year, in million đồng.

        Booked once a day, at a minute of each place's own.
        """
        year, number = named(month)
        allocated = round(
            place.size * 160 * (0.7 + 0.6 * self._draw.share(place.id, year, _BUDGET))
        )
        pace = 0.93 + 0.05 * place.temper
        noise = self._draw.normals(place.id, month, _BUDGET)[0]
        passed = number - 1 + self._administrative_progress(place, month, minute)
        share = (passed / 12) ** 1.35 * pace * (1 + 0.006 * noise)
        return min(allocated, round(allocated * max(0.0, share))), allocated

    @staticmethod
    def _administrative_progress(place: Place, month: int, minute: int) -> float:
        return progress(minute - _ADMINISTRATIVE, month, step=1440, phase=_phase(place.id, 1440))

    def blackspots(self, place: Place, month: int) -> Pair:
        """Villages without signal and with weak signal."""
        fall = exp(-0.55 * _years(month) - 0.9 * place.temper)
        lanes = self._draw.normals(place.id, month // 2, _SPOTS)
        none = max(0, round(place.size * 0.006 * fall * (1 + 0.06 * lanes[0])))
        weak = max(0, round(place.size * 0.012 * fall * (1 + 0.06 * lanes[1])))
        return none, weak

    def lean(self, place: Place, number: int, axis: int) -> float:
        """How far a point of a place lies off its middle, between -1 and 1; always the same."""
        return 2 * self._draw.share(place.id, number, axis, _SPOTS) - 1

    def chance(self, place: Place, *numbers: int) -> float:
        """A number from 0 up to, and without, 1, of a place and whole numbers; always the same."""
        return self._draw.share(place.id, _DICE, *numbers)

    # ---- what a system does not deliver

    def delivered(self, place_id: int, month: int, minute: int, system: int) -> bool:
        """False where the unit never sent its figures, or has not sent them yet.

        A late unit sends nothing of the running month and the whole of it 26 days after its end.
        """
        if place_id in _NEVER_MISSING:
            return True
        if self._draw.whole(place_id, month, system, _MISSING) % 70 == 0:
            return False
        if self._draw.whole(place_id, month, system, _LATE) % 24 == 0:
            return minute >= first_minute(month + 1) + 26 * 1440
        return True
