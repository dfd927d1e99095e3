"""Rows that add up others: what a client's report has at its end and no feed takes."""

from collections.abc import Sequence

from data.contract import Feed
from data.reading.source import literal, name

REASON = "looks like a total row"
LAST_ROWS = 3
_WORDS = (
    "total", "totals", "subtotal", "sub-total", "sub total", "grand total", "overall total",
    "sum", "gesamt", "gesamtsumme", "summe", "zwischensumme", "endsumme", "insgesamt", "totaal",
    "totale", "total general", "suma", "somme", "summa", "yhteensä",
)  # fmt: skip
_OFTEN = ("total", "totals", "subtotal", "sub-total", "grand total")
_WRITTEN = (str.lower, str.upper, str.capitalize, str.title)
_FORM = rf"({'|'.join(_WORDS)})((\s*[:=]\s*|\s+)[-+]?[\d.,'\s]*)?"


def fits(text: str) -> str:
    """Return SQL, never NULL, of whether a text is a word for a total, with or without a number."""
    return f"coalesce(regexp_full_match(lower(trim({text})), {literal(_FORM)}), FALSE)"


class Totals:
    """SQL that finds the total rows of a feed in the view `typed`.

    Parameters
    ----------
    feed
        The feed.
    first_header
        Name of the file's first column, whose text is `_first`.
    n_rows
        Rows of the file.

    Attributes
    ----------
    quick
        Condition for rows that no other check finds: the word alone stands first, or it stands
        first or in a column of codes on one of the last rows.
    whole
        Condition for rows that are broken: besides, the word with a number stands first, or the
        word stands anywhere and the key is blank.
    column, value
        Where it stands and what.
    """

    def __init__(self, feed: Feed, first_header: str, n_rows: int) -> None:
        codes = [("_first", first_header), *_texts(feed, ("code",))]
        anywhere = [*codes, *_texts(feed, ("text",))]
        key = feed.alternate_key or feed.key
        listed = (
            written(word) + mark for word in _OFTEN for written in _WRITTEN for mark in ("", ":")
        )
        at_end = " OR ".join(fits(text) for text, _ in codes)
        no_key = " AND ".join(f"{name('x_' + column)} IS NULL" for column in key)
        found = " OR ".join(fits(text) for text, _ in anywhere)
        self.quick = (
            f"(coalesce(_first IN ({', '.join(map(literal, dict.fromkeys(listed)))}), FALSE) "
            f"OR (_row >= {n_rows - LAST_ROWS} AND ({at_end})))"
        )
        self.whole = f"({self.quick} OR {fits('_first')} OR ({no_key} AND ({found})))"
        named = " ".join(f"WHEN {fits(text)} THEN {literal(label)}" for text, label in anywhere)
        shown = " ".join(f"WHEN {fits(text)} THEN {text}" for text, _ in anywhere)
        self.column, self.value = f"CASE {named} END", f"CASE {shown} END"


def _texts(feed: Feed, kinds: Sequence[str]) -> list[tuple[str, str]]:
    return [(name(f"x_{one.name}"), one.name) for one in feed.columns if one.kind in kinds]
