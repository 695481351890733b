"""The features of units in words: what kind a unit is beside the one it is compared with."""

from __future__ import annotations

from collections.abc import Mapping

from ioc.domain.messages import say
from ioc.domain.peers import Features


def kind_words(of: Features, apart: Mapping[str, float] | None, name: str, lang: str) -> str:
    """Whether a unit has a special zone, or is of the same kind or region as the one compared
    with (`apart` has the distances from it); empty for that one itself."""
    if name == "special_zone" and name in of.kinds:
        return say(lang, "peers.has" if of.kinds[name] == "True" else "peers.has_not")
    gap = (apart or {}).get(name)
    return "" if gap is None else say(lang, "peers.other" if gap else "peers.same")
