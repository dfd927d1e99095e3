"""A suggestion as a mapping file: what is unsure is marked, what is only a guess is a comment."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data.reading.layout import UNTOLD, Layout, Periods
from data.suggesting.propose import Proposal

if TYPE_CHECKING:
    from data.suggest import Suggestion

_BARE = re.compile(r"[A-Za-z0-9_-]+")
UNSURE = "UNSURE"


def mapping(suggestion: "Suggestion") -> str:
    """Return the mapping file of a suggestion."""
    lines = [
        f"description = {value(f'Proposed for {suggestion.file}')}",
        "",
        *_remarks(suggestion),
        "[file]",
        'other_columns = "ignore"',
        *_layout(suggestion.layout),
    ]
    if suggestion.unused:
        lines.append(_comment("not used: " + ", ".join(suggestion.unused)))
    lines += ["", "[[feed]]", f"feed = {value(suggestion.feed)}"]
    lines += [_comment(said) for said in suggestion.key_evidence]
    if suggestion.keep:
        lines.append(f"keep = {value(suggestion.keep)}  # {UNSURE}: or rows of one key are faults")
    lines += ["", "[feed.columns]"]
    for proposal in suggestion.proposals:
        lines += _column(proposal)
    return "\n".join(lines) + "\n"


def plain(
    description: str,
    layout: Layout,
    feed: str,
    rules: Mapping[str, Mapping[str, Any]],
    keep: str | None = None,
) -> str:
    """Return a mapping file of what somebody decided: no confidence, no comments.

    Parameters
    ----------
    description
        What the mapping is for.
    layout
        How the file is laid out.
    feed, rules
        The feed, and for each of its columns the keys of its rule.
    keep
        Which of several rows of one key stays; None makes the later ones faults.
    """
    lines = [f"description = {value(description)}", "", "[file]", 'other_columns = "ignore"']
    lines += [*_layout(layout), "", "[[feed]]", f"feed = {value(feed)}"]
    lines += [f"keep = {value(keep)}"] if keep else []
    lines += ["", "[feed.columns]"]
    lines += [f"{column} = {_rule(rule)}" for column, rule in rules.items()]
    return "\n".join(lines) + "\n"


def value(told: Any) -> str:
    """Return a value as TOML."""
    if isinstance(told, bool):
        return "true" if told else "false"
    if isinstance(told, int | float):
        return str(told)
    if isinstance(told, str):
        return json.dumps(told, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(told, Mapping):
        pairs = (f"{_key(key)} = {value(one)}" for key, one in told.items())
        return "{ " + ", ".join(pairs) + " }"
    return "[" + ", ".join(value(one) for one in told) + "]"


def form_of(periods: Sequence[str]) -> str:
    """Return a regular expression that names of this form fit: 2026-01 gives digits and mark."""
    forms = set()
    for name in periods:
        pieces = re.findall(r"\d+|[A-Za-z]+|[^\dA-Za-z]", name.strip())
        forms.add(
            "".join(
                f"[0-9]{{{len(piece)}}}"
                if piece.isdigit()
                else ("[A-Za-z]+" if piece.isalpha() else re.escape(piece))
                for piece in pieces
            )
        )
    return "|".join(sorted(forms))


def with_periods(layout: Layout, periods: Periods) -> Layout:
    """Return the layout with columns that become rows."""
    return replace(layout, periods=periods)


def _key(told: str) -> str:
    return told if _BARE.fullmatch(told) else value(told)


def _comment(said: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in said)
    return f"# {printable}"


def _remarks(suggestion: "Suggestion") -> list[str]:
    said = [
        f"The feed is {suggestion.feed} ({suggestion.feed_confidence:.0%}): "
        + "; ".join(suggestion.feed_evidence),
        f"The file ({suggestion.layout_confidence:.0%}): "
        + "; ".join([*suggestion.layout_evidence, f"{suggestion.n_rows:,} rows"]),
    ]
    if suggestion.feed_confidence < 0.6 and suggestion.other_feeds:
        others = ", ".join(f"{name} {score:.0%}" for name, score in suggestion.other_feeds)
        said.append(f"{UNSURE}: it may be {others}")
    said += [f"{UNSURE}: {question}" for question in suggestion.questions]
    return [_comment(line) for line in said]


def _rule(rule: Mapping[str, Any]) -> str:
    """Return a rule in its shortest form; nothing known is an empty name."""
    return value(rule["column"] if set(rule) == {"column"} else rule) if rule else '""'


def _layout(layout: Layout) -> list[str]:
    keys = ("encoding", "delimiter", "escape", "sheet", "header_line")
    lines = [
        f"{key} = {value(getattr(layout, key))}" for key in keys if getattr(layout, key) is not None
    ]
    if layout.quote != UNTOLD.quote:
        lines.append(f"quote = {value(layout.quote)}")
    if layout.header_rows > 1:
        lines.append(f"header_rows = {layout.header_rows}")
    if layout.names:
        lines.append(f"names = {value(layout.names)}")
    if layout.periods:
        lines.append(f"periods = {value(_periods(layout.periods))}")
    return lines


def _periods(periods: Periods) -> dict[str, str]:
    made = {"columns": periods.columns}
    usual = Periods(periods.columns)
    for key in ("period", "value"):
        if getattr(periods, key) != getattr(usual, key):
            made[key] = getattr(periods, key)
    return made if periods.leaves_out_blanks else made | {"blanks": "keep"}


def _column(proposal: Proposal) -> list[str]:
    said = "; ".join(proposal.evidence)
    lines = [_comment(f"{proposal.confidence:.0%}: {said}")]
    if not proposal.is_sure:
        asked = list(proposal.questions) or ["is this the right column?"]
        if proposal.others:
            asked.append("or " + ", ".join(map(repr, proposal.others)))
        lines.append(_comment(f"{UNSURE}: " + "; ".join(asked)))
    written = f"{proposal.column} = {_rule(proposal.rule)}"
    lines.append(written if proposal.is_active else f"# {written}")
    return lines
