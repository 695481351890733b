"""The centre itself as a source: what it tells of its own sources."""

from __future__ import annotations

from ioc.store.reference import REGISTER, SourceFact

OWN = "trung-tam"
"""Its name; no file may take it."""


def own_source() -> SourceFact:
    """The source of figures that the centre counts of its own sources; the id is the store's."""
    return SourceFact(
        id=0,
        name=OWN,
        title={
            "vi": "Trung tâm tự đếm từ trạng thái các nguồn",
            "en": "Counted by the centre from the state of its sources",
        },
        connector=REGISTER,
        schedule="",
        rank=50,
        illustrative=False,
        active=True,
    )
