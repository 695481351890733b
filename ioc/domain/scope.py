"""The scope of a viewer: the subtrees of units he may see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The roots of the subtrees a viewer may see; `everything` sees all, no roots see nothing.

    A unit is visible when it or one of its ancestors (today, or when it ended) is a root; a
    predecessor is visible where its successor is.
    """

    roots: frozenset[int] = frozenset()
    everything: bool = False

    @classmethod
    def all(cls) -> Scope:
        """Sees every unit."""
        return cls(everything=True)

    @classmethod
    def none(cls) -> Scope:
        """Sees nothing: the default for anyone unknown."""
        return cls()

    @classmethod
    def of(cls, *unit_ids: int) -> Scope:
        """Sees the subtrees of these units."""
        return cls(frozenset(unit_ids))

    @classmethod
    def of_key(cls, key: str) -> Scope:
        """The scope of a `key`; whatever is no key sees nothing."""
        if key == "*":
            return cls.all()
        return cls.of(*(int(one) for one in key.split(",") if one.isdigit()))

    def covers(self, other: Scope) -> bool:
        """Whether all that `other` sees is named here: what it was shown may be opened."""
        return self.everything or (not other.everything and other.roots <= self.roots)

    @property
    def key(self) -> str:
        """What a cache key must contain so that two scopes never share an entry."""
        return "*" if self.everything else ",".join(str(one) for one in sorted(self.roots)) or "-"
