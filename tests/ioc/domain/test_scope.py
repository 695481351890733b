"""Scopes: nothing for the unknown, a subtree for a role, and keys that keep caches apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ioc.domain.scope import Scope

SCOPES = st.one_of(
    st.just(Scope.all()),
    st.just(Scope.none()),
    st.sets(st.integers(1, 300_000)).map(lambda ids: Scope.of(*ids)),
)


def test_the_default_sees_nothing() -> None:
    assert Scope() == Scope.none()
    assert not Scope().everything
    assert Scope().roots == frozenset()


def test_keys_are_readable() -> None:
    assert Scope.all().key == "*"
    assert Scope.none().key == "-"
    assert Scope.of(1038, 101).key == "101,1038"


@given(SCOPES, SCOPES)
def test_two_scopes_share_a_key_only_when_they_see_the_same(one: Scope, other: Scope) -> None:
    assert (one.key == other.key) == (one == other)


def test_a_scope_can_be_a_dictionary_key() -> None:
    assert {Scope.of(1, 2): "found"}[Scope.of(2, 1)] == "found"
