"""What the imitated systems measure: volumes, levels, trends and spreads; all of it invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Volume:
    """How large a denominator is: `flat` for any unit plus so much per thousand inhabitants.

    A flow grows from nothing through its period; a stock stands from the first day.
    """

    local: float = 0.0
    central: float = 0.0
    flat_local: float = 0.0
    flat_central: float = 0.0
    flow: bool = True
    noise: float = 0.05
    growth: float = 0.04
    tet: float = 1.0


@dataclass(frozen=True, slots=True)
class Rate:
    """How a share behaves: its levels at the start of 2024 and what moves it, on the logit scale.

    `gain` is the rise in a year, `spread` what one deviation of temper is worth (negative where
    a good unit has less), `wave` a slow swing of its own for each unit, `tet` the dip of the
    holiday month. `group` and `lane` choose the noise, so that two rates never share it.
    """

    code: str
    volume: Volume
    central: float
    local: float
    gain: float
    spread: float
    group: int
    lane: int
    noise: float = 0.08
    wave: float = 0.10
    tet: float = 0.0


def _dossiers(part: float) -> Volume:
    return Volume(local=20 * part, central=24 * part, tet=0.62)


_PROCEDURES = Volume(flat_local=1900, flat_central=240, flow=False, noise=0.004, growth=0.0)
_SERVICES = Volume(flat_local=1450, flat_central=170, flow=False, noise=0.006, growth=0.0)
_DOCUMENTS = Volume(local=210, central=320, flow=False, noise=0.0, growth=0.0)
_SENT = Volume(local=7, central=14, tet=0.6)
_ENROLLED = Volume(local=0.55, central=0.9, noise=0.12, tet=0.5)
_STAFF = Volume(local=2.4, central=3.1, flow=False, noise=0.002, growth=0.0)
_PEOPLE = Volume(local=1000, central=1000, flow=False, noise=0.0, growth=0.008)
_VILLAGES = Volume(local=1.05, flow=False, noise=0.0, growth=0.0)
_DATABASES = Volume(flat_local=8, flat_central=9, flow=False, noise=0.0, growth=0.0)

RATES: dict[str, Rate] = {
    rate.code: rate
    for rate in (
        Rate("OPS-01", _dossiers(0.96), 0.56, 0.21, 0.42, 0.55, 0, 1, tet=-0.10),
        Rate("OPS-03", _dossiers(1.0), 0.62, 0.42, 0.40, 0.50, 0, 2, tet=-0.08),
        Rate("OPS-05", _dossiers(0.98), 0.93, 0.945, 0.30, 0.65, 0, 3, tet=-0.30),
        Rate("OPS-06", _dossiers(1.0), 0.012, 0.009, -0.20, -0.60, 0, 4, noise=0.15, tet=0.40),
        Rate("OPS-07", _dossiers(0.45), 0.38, 0.32, 0.45, 0.50, 0, 5),
        Rate("OPS-08", _dossiers(0.80), 0.66, 0.64, 0.60, 0.80, 0, 6),
        Rate("OPS-09", _dossiers(0.96), 0.52, 0.55, 0.48, 0.60, 0, 7),
        Rate("OPS-10", _dossiers(0.96), 0.30, 0.34, 0.55, 0.60, 1, 1),
        Rate("OPS-02", _PROCEDURES, 0.66, 0.72, 0.22, 0.40, 1, 2, noise=0.02, wave=0.03),
        Rate("OPS-04", _SERVICES, 0.45, 0.42, 0.22, 0.40, 1, 3, tet=-0.15),
        Rate("DOC-01", _DOCUMENTS, 0.24, 0.20, 0.55, 0.50, 1, 4, noise=0.01, wave=0.0),
        Rate("DOC-02", _SENT, 0.90, 0.86, 0.70, 0.80, 1, 5),
        Rate("TRN-01", _ENROLLED, 0.72, 0.66, 0.25, 0.50, 1, 6, tet=-0.30),
        Rate("TRN-02", _STAFF, 0.20, 0.14, 0.85, 0.60, 1, 7, noise=0.02, wave=0.02),
        Rate("SIG-01", _PEOPLE, 0.997, 0.993, 0.35, 0.75, 2, 1, noise=0.02, wave=0.02),
        Rate("SIG-02", _VILLAGES, 0.99, 0.972, 0.45, 0.60, 2, 2, noise=0.02, wave=0.02),
        Rate("DB-01", _DATABASES, 0.25, 0.22, 0.85, 0.60, 2, 5, noise=0.02, wave=0.0),
    )
}

COMMUNE_MONTHLY = ("OPS-01", "OPS-03", "OPS-05", "OPS-06", "OPS-08", "OPS-09", "TRN-01")
"""Kept by commune each month; a province's figure is their sum."""

COMMUNE_QUARTERLY = ("SIG-01",)
"""Kept by commune each quarter."""

COUNTS = frozenset({"OPS-06"})
"""Rates of which only the numerator is reported: a stock, although measured against a flow."""
