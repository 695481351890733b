"""The quality matrix as a table of a file: a row for each subject and criterion."""

from __future__ import annotations

from collections.abc import Iterable

from ioc.domain.messages import say
from ioc.domain.quality import SIX, Score, rules
from ioc.domain.words import status_words
from ioc.exports.table import Value
from ioc.queries.quality_answers import Subject

COLUMNS = (
    "kind", "key", "name", "criterion", "share", "passed", "made", "check", "status", "mark",
)  # fmt: skip


def matrix_rows(
    subjects: Iterable[Subject], lang: str
) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """Columns in the language and exact shares in percent; empty where nothing was tested."""
    names = tuple(say(lang, f"quality.csv_{key}") for key in COLUMNS)
    rows = tuple(row for one in subjects for row in _rows(one, lang))
    return names, rows


def _rows(one: Subject, lang: str) -> Iterable[tuple[Value, ...]]:
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
