"""Which of several prices of a file is the one per ordered unit: quantity times price is the value.

A price per piece beside a price per pack has the better name and is wrong a hundredfold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from data.reading.source import Source, literal
from data.suggesting.match import ALIKE, FeedMatch, Match
from data.suggesting.profile import Profile

ROWS_COMPARED = 5_000
PROVEN = 0.9
"""Least share of the rows in which quantity times price has to be the value."""
ROUNDING = 0.01
FEWEST_ROWS = 5
_PRICES = ("unit_price", "unit_cost")
_QUANTITIES = ("qty_ordered", "qty", "qty_received", "qty_on_hand")


def with_proven_prices(source: Source, found: FeedMatch, file: Sequence[Profile]) -> FeedMatch:
    """Take the price that, times the quantity, is a value in the file; ask where none is.

    Parameters
    ----------
    source
        Rows of the file.
    found
        The columns found for the feed.
    file
        Profiles of the file's columns.
    """
    matches: dict[str, Match] = dict(found.matches)
    quantity = next((matches[name] for name in _QUANTITIES if name in matches), None)
    for column in (one for one in _PRICES if one in matches):
        taken = {one.profile.name for name, one in matches.items() if name != column}
        rivals = [
            one
            for one in found.others.get(column, ())
            if _is_number(one.profile) and one.profile.name not in taken
        ]
        if not rivals:
            continue
        tried = [matches[column], *rivals]
        proofs = {} if quantity is None else _proofs(source, quantity.profile, tried, file)
        matches[column] = _decided(tried, proofs)
    return replace(found, matches=matches)


def _decided(tried: Sequence[Match], proofs: Mapping[str, str]) -> Match:
    """Return the price that is proven, else the best by name, not sure of it."""
    proven = [one for one in tried if one.profile.name in proofs]
    if len(proven) == 1:
        said = (*proven[0].evidence, proofs[proven[0].profile.name])
        return replace(proven[0], confidence=PROVEN, evidence=said)
    others = ", ".join(repr(one.profile.name) for one in tried[1:])
    said = (*tried[0].evidence, f"{others} may be the price per ordered unit as well")
    return replace(tried[0], confidence=min(ALIKE, tried[0].confidence), evidence=said)


def _is_number(one: Profile) -> bool:
    return one.number_share > PROVEN and not one.marks.is_open and not one.numbers["affixed"]


def _proofs(
    source: Source, quantity: Profile, tried: Sequence[Match], file: Sequence[Profile]
) -> dict[str, str]:
    """Return the prices that times the quantity are another column, in words."""
    prices = [one.profile for one in tried if _is_number(one.profile)]
    taken = {quantity.name, *(one.name for one in prices)}
    values = [one for one in file if one.name not in taken and _is_number(one)]
    if not _is_number(quantity) or not values:
        return {}
    pairs = [(price, value) for price in prices for value in values]
    number = {one.name: f"n{i}" for i, one in enumerate([quantity, *prices, *values])}
    made = ", ".join(
        f"{_number_sql(source, one)} AS {number[one.name]}" for one in [quantity, *prices, *values]
    )
    q = number[quantity.name]
    asked = ", ".join(
        f"avg(CAST(abs({q} * {number[p.name]} - {number[v.name]}) <= "
        f"{ROUNDING} * greatest(abs({number[v.name]}), 1) AS INTEGER)) "
        f"FILTER (WHERE {q} > 1 AND {number[p.name]} > 0 AND {number[v.name]} > 0), "
        f"count(*) FILTER (WHERE {q} > 1 AND {number[p.name]} > 0 AND {number[v.name]} > 0)"
        for p, v in pairs
    )
    answer = source.con.execute(
        f"SELECT {asked} FROM (SELECT {made} FROM source LIMIT {ROWS_COMPARED})"
    ).fetchall()[0]
    found = {}
    for (price, value), share, n in zip(pairs, answer[::2], answer[1::2], strict=True):
        if n >= FEWEST_ROWS and share >= PROVEN:
            found[price.name] = (
                f"{quantity.name!r} times {price.name!r} is {value.name!r} on {share:.0%} of "
                f"{n:,} rows"
            )
    return found


def _number_sql(source: Source, one: Profile) -> str:
    text = f"trim({source.column(one.name)})"
    if one.marks.thousands:
        text = f"replace({text}, {literal(one.marks.thousands)}, '')"
    if one.marks.decimal != ".":
        text = f"replace({text}, {literal(one.marks.decimal)}, '.')"
    return f"try_cast({text} AS DOUBLE)"
