"""The text of docs/feeds.md, made from the contracts of the feeds."""

from data.contract import Column, Feed
from data.feeds import FEEDS

_INTRODUCTION = """# Feeds

Made from `data/feeds.py` by `python -m data feeds --markdown`; a test holds this page to it.

A feed is an agreed table. A file is CSV, TSV, Parquet or XLSX with these column names in its
header, in any order; its feed is found from its name (`order_lines_2026-05.csv`) or given with
`--feed`. A client's file with other names, formats or codes reaches a feed through a
[mapping file](mappings.md). Columns marked "optional" may be missing or blank. Dates are local
to the site, points in time are UTC (a day without a time of day is the site's day), quantities are
in the item's unit. A later delivery of the same key supersedes the earlier one; where rows have no
key of their own, [decision 41](decisions.md) says when a later file repeats, corrects or adds.
"""


def as_markdown() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *(_section(feed) for feed in FEEDS.values())])


def _section(feed: Feed) -> str:
    key = ", ".join(f"`{name}`" for name in feed.key)
    if feed.alternate_key:
        key += "; where that is blank, " + ", ".join(f"`{name}`" for name in feed.alternate_key)
    if feed.is_repeatable:
        key += " and the order within the file"
    rows = "\n".join(_row(column) for column in feed.columns)
    rules = "".join(f"\nA row is rejected where {r.column} {r.reason}.\n" for r in feed.row_rules)
    return (
        f"## `{feed.name}`\n\nOne row per {feed.grain}. Key: {key}.\n\n"
        f"| column | type | needed | meaning |\n|---|---|---|---|\n{rows}\n{rules}"
    )


def _row(column: Column) -> str:
    meaning = column.meaning
    if column.allowed:
        meaning += ": one of " + ", ".join(f"`{value}`" for value in column.allowed)
    if column.default is not None:
        meaning += f"; blank is `{column.default}`"
    if column.is_number and column.minimum is None:
        meaning += "; may be negative"
    kind = f"{column.kind} [{column.unit}]" if column.unit else column.kind
    needed = "yes" if column.required else "optional"
    return f"| `{column.name}` | {kind} | {needed} | {meaning} |"
