"""How each column of a feed would be made out of a file: the rules of a mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.contract import Column
from data.suggesting.dates import EXCEL
from data.suggesting.match import FeedMatch, Match
from data.suggesting.profile import Marks, Profile

SURE = 0.7
"""Confidence [0-1] below which a proposal is marked as unsure."""
ACTIVE = 0.4
"""Confidence [0-1] below which a proposal is only a comment."""

_CONSTANTS = {
    "item_family": "unknown",
    "business_unit": "main",
    "uom": "each",
    "is_stocked": "true",
    "site_id": "main",
    "site_type": "dc",
    "region": "unknown",
    "timezone": "UTC",
    "in_contract": "true",
    "customer_id": "unknown",
    "initiated_by": "client",
    "is_working": "false",
    "calendar_id": "default",
}
_STANDS_IN = {
    "description": "item_id",
    "site_name": "site_id",
    "supplier_name": "supplier_id",
    "requested_date": "promised_date",
}
_ORDER_TYPES = {
    "or": "stock", "standard": "stock", "normal": "stock", "ta": "stock", "rush": "stock",
    "re": "return", "return": "return", "rma": "return", "retoure": "return",
    "ub": "transfer", "transfer": "transfer", "umlagerung": "transfer",
    "drop ship": "drop_ship", "dropship": "drop_ship", "strecke": "drop_ship",
    "special": "special_order", "special order": "special_order",
}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """How one column of a feed would be made.

    Parameters
    ----------
    column
        Column of the feed.
    rule
        Keys of the mapping (`docs/mappings.md`); empty where nothing is known.
    confidence
        How sure [0-1].
    evidence
        Why, in words.
    questions
        What a person has to decide, each with the key that decides it.
    others
        Other columns of the file that it may be, the likeliest first.
    is_required
        Whether the feed needs the column.
    """

    column: str
    rule: Mapping[str, Any]
    confidence: float
    evidence: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def is_active(self) -> bool:
        """Whether the mapping takes it; else it is only a comment."""
        return bool(self.rule) and self.confidence >= ACTIVE

    @property
    def is_sure(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.is_active and self.confidence >= SURE and not self.questions


def propose(
    found: FeedMatch, file: Sequence[Profile], initiator: str = "client"
) -> tuple[Proposal, ...]:
    """Return a proposal for each column that the file has or that the feed needs."""
    made = []
    orders, proofs = _proven_elsewhere(file)
    for column in found.feed.columns:
        others = tuple(one.profile.name for one in found.others.get(column.name, ()))
        if match := found.matches.get(column.name):
            made.append(_of_match(column, match, others, orders, proofs))
        elif column.required:
            made.append(_of_nothing(column, found, initiator))
    return tuple(made)


def of_choice(column: Column, chosen: Profile, file: Sequence[Profile]) -> Proposal:
    """Return how a column would be made of the column of the file that somebody chose for it."""
    orders, proofs = _proven_elsewhere(file)
    match = Match(column, chosen, 1.0, ("chosen by hand",))
    return _of_match(column, match, (), orders, proofs)


def _proven_elsewhere(file: Sequence[Profile]) -> tuple[set[tuple[str, ...]], dict[str, str]]:
    """Return the formats of dates and the decimal marks that columns of the file prove."""
    orders = {one.dates.formats for one in file if one.dates.n_dates and not one.dates.open_marks}
    return orders, {one.marks.decimal: one.name for one in file if one.marks.is_proven}


def _of_match(
    column: Column,
    match: Match,
    others: tuple[str, ...],
    orders: set[tuple[str, ...]],
    proofs: Mapping[str, str],
) -> Proposal:
    one = match.profile
    rule: dict[str, Any] = {"column": one.name}
    evidence, questions, confidence = list(match.evidence), [], match.confidence
    if column.kind in ("date", "instant") and one.n_values:
        about = _dates(one, orders, rule)
    elif column.is_number and one.n_values:
        about = _numbers(column, one, rule, proofs)
    else:
        about = _words(column, one, rule)
    evidence += about[0]
    questions += about[1]
    missing = [value for value in one.placeholders if column.kind not in ("text",)]
    if column.kind in ("date", "instant") and one.dates.n_dates:
        missing += [value for value in one.dates.others if not any(map(str.isdigit, value))]
    if missing and column.kind != "code":
        rule["missing"] = list(dict.fromkeys(missing))[:20]
        n = sum({**one.placeholders, **one.dates.others}[value] for value in rule["missing"])
        evidence.append(f"{n:,} values stand for nothing, such as {rule['missing'][0]!r}")
    return Proposal(
        column.name, rule, confidence, tuple(evidence), tuple(questions), others, column.required
    )


About = tuple[list[str], list[str]]


def _dates(one: Profile, orders: set[tuple[str, ...]], rule: dict[str, Any]) -> About:
    reading, said, asked = one.dates, list(one.dates.evidence), []
    formats = one.date_formats
    if formats == (EXCEL,):
        said.append("whole numbers from 20,000 to 60,000 are days as Excel counts them")
        asked.append('are these days as Excel counts them? formats = ["excel"]')
    if reading.contradictory_marks:
        asked.append("some dates are day-first, others month-first: which? formats = [...]")
    elif reading.open_marks:
        mark = reading.open_marks[0]
        others = swapped(formats)
        proven = [known for known in orders if set(known) & {*formats, *others}]
        if proven and set(proven[0]) & set(others) and not set(proven[0]) & set(formats):
            formats = others
        if proven:
            said.append("another column of the file proves the order")
        shown = next(form for form in formats if mark in form)
        asked.append(f"day-first or month-first? nothing in the column proves {shown}")
        if not proven and mark != ".":
            return said, [*asked, f"formats = {list(formats)} or {list(others)}"]
    if any("%z" in form for form in formats):
        rule["timezone"] = "UTC"
        asked.append("points in time with a zone: in which time zone are the days? timezone")
    elif formats != ("%Y-%m-%d",):
        rule["formats"] = list(formats)
    return said, asked


def swapped(formats: Sequence[str]) -> tuple[str, ...]:
    """Return the formats with day and month exchanged."""
    return tuple(one.replace("%d", "%#").replace("%m", "%d").replace("%#", "%m") for one in formats)


def _numbers(
    column: Column, one: Profile, rule: dict[str, Any], proofs: Mapping[str, str]
) -> About:
    said: list[str] = []
    asked: list[str] = []
    marks = one.marks
    if marks.is_open and len(proofs) == 1:
        # One hand wrote the file: where a column proves its decimal mark, it holds for the others.
        decimal, proof = next(iter(proofs.items()))
        is_group = marks.thousands and marks.thousands != decimal
        if not is_group:
            asked.append(f"are there thousands instead? thousands = {marks.thousands!r}")
        said.append(f"{marks.evidence}; {proof!r} proves {decimal!r} for decimals")
        marks = Marks(decimal, marks.thousands if is_group else "")
        rule["decimal"] = decimal
    if marks.is_open:
        asked.append(f"{marks.evidence}: decimal = ',' or '.', thousands = ',' or '.'")
        return said, asked
    if (marks.decimal, marks.thousands) != (".", ""):
        rule["decimal"], rule["thousands"] = marks.decimal, marks.thousands
        if not marks.thousands:
            del rule["thousands"]
    if marks.evidence:
        rule["decimal"] = marks.decimal
        said.append(marks.evidence)
    if one.has_trailing_minus:
        rule["trailing_minus"] = True
        said.append("some numbers have their minus behind")
    if one.numbers["affixed"]:
        units = one.affixes
        rule["units"] = dict.fromkeys(units, 1)
        rule["unit_inside"] = True
        said.append(f"{one.numbers['affixed']:,} values have a unit beside the number")
        if len([unit for unit in units if unit]) > 1:
            asked.append(f"units {', '.join(map(repr, units))}: is the factor of each 1?")
    if column.minimum == 0 and any(value.startswith("-") for value in one.values):
        asked.append("some values are negative, which this column may not be")
    return said, asked


def _words(column: Column, one: Profile, rule: dict[str, Any]) -> About:
    said: list[str] = []
    if column.kind == "flag":
        if codes := one.flag_codes:
            rule["codes"] = codes
            said.append("yes and no are written " + ", ".join(map(repr, codes)))
        if one.n_blank and set(map(str.casefold, one.values)) <= {"x", "true", "yes", "1"}:
            rule["blank"] = "false"
            said.append(f"{one.n_blank:,} blanks are a no")
    elif column.allowed:
        codes = {v: _ORDER_TYPES[v.casefold()] for v in one.values if v.casefold() in _ORDER_TYPES}
        if codes and set(codes.values()) <= set(column.allowed):
            rule["codes"] = codes
        known = {v for v in one.values if v.casefold() in column.allowed} | set(codes)
        unknown = [value for value in one.values if value not in known]
        if unknown:
            shown = ", ".join(map(repr, unknown[:8]))
            return said, [f"which of {', '.join(column.allowed)} is {shown}? codes"]
        if codes:
            rule["codes"] |= {v: v.casefold() for v in known - set(codes)}
    return said, []


def _of_nothing(column: Column, found: FeedMatch, initiator: str) -> Proposal:
    """Return what may stand in for a column that the feed needs and the file lacks."""
    substitute = found.matches.get(_STANDS_IN.get(column.name, ""))
    others = tuple(one.profile.name for one in found.others.get(column.name, ()))
    said = ("the file has no such column",)
    asked: tuple[str, ...] = ("is this right?",)
    if substitute is not None:
        rule = {"column": substitute.profile.name}
        if column.kind == "date":
            kind = found.feed.column(substitute.column.name)
            made = _of_match(kind, substitute, (), set(), {})
            rule, asked = dict(made.rule), (*asked, *made.questions)
        stands = f"{substitute.profile.name!r} stands in"
        return Proposal(column.name, rule, 0.5, (*said, stands), asked, others, True)
    if (
        column.name == "line_no"
        and "order_id" not in found.matches
        and "po_id" not in found.matches
    ):
        return Proposal(column.name, {}, 0.0, said, ("which column is it?",), others, True)
    constant = {**_CONSTANTS, "initiated_by": initiator, "line_no": "1"}.get(column.name)
    if constant is None:
        return Proposal(column.name, {}, 0.0, said, ("which column is it?",), others, True)
    told = (*said, "the same on every row")
    return Proposal(column.name, {"constant": constant}, 0.45, told, asked, others, True)
