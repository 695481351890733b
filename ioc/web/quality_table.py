"""The quality matrix as a table of a file: a row for each subject and criterion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ioc.domain.messages import say
from ioc.domain.quality import SIX, Score, rules
from ioc.domain.words import status_words
from ioc.exports.extract import Column, Kind
from ioc.queries.quality_answers import Subject
from ioc.web.grid import Grid, Row

COLUMNS = (
    "kind", "key", "name", "criterion", "share", "passed", "made", "check", "status", "mark",
)  # fmt: skip
KINDS = {"share": Kind.DECIMAL, "passed": Kind.WHOLE, "made": Kind.WHOLE}
PLACES = 2


def matrix_rows(subjects: Iterable[Subject], lang: str) -> Grid:
    """Columns in the language and exact shares in percent; empty where nothing was tested."""
    columns = tuple(
        Column(key, say(lang, f"quality.csv_{key}"), KINDS.get(key, Kind.TEXT)) for key in COLUMNS
    )
    share = COLUMNS.index("share")
    columns = tuple(
        replace(one, unit="%", places=PLACES) if at == share else one
        for at, one in enumerate(columns)
    )
    return Grid(columns, tuple(row for one in subjects for row in _rows(one, lang)))


def _rows(one: Subject, lang: str) -> Iterable[Row]:
    kind = "source" if one.kind == "register" else one.kind
    mark = say(lang, "words.illustrative") if one.illustrative else None
    for criterion in SIX:
        score = one.scores.get(criterion, Score())
        weakest, share = score.weakest, score.share
        yield (
            say(lang, f"quality.col_{kind}"),
            one.key,
            one.title,
            say(lang, f"quality.criterion_{criterion.value}"),
            None if share is None else share * 100,
            weakest.passed if weakest else None,
            weakest.made if weakest else None,
            say(lang, f"quality.check_{weakest.check.value}") if weakest else None,
            status_words(rules().status(criterion, score), lang),
            mark,
        )
