"""Which column of a file is which column of a feed, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from data.contract import Column, Feed
from data.suggesting.names import likeness, speaks_for
from data.suggesting.profile import Profile

LEAST = 0.3
"""Confidence [0-1] below which a column of the file is not proposed."""
LEAST_OVERLAP = 0.3
ALIKE = 0.69
"""Most confidence [0-1] that a name gives which is only like one of ours: never sure by itself."""
SAME_NAME = 0.9
STEEPNESS = 3
"""Power of the scores when columns are given out: one match for certain outweighs two by half."""
MOST_IDS = 200_000


@dataclass(frozen=True)
class Match:
    """A column of the feed and the column of the file that it may be.

    Parameters
    ----------
    column
        Column of the feed.
    profile
        Column of the file.
    confidence
        How sure [0-1].
    evidence
        What speaks for and against, in words.
    """

    column: Column
    profile: Profile
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class FeedMatch:
    """A feed that a file may hold.

    Parameters
    ----------
    feed, matches
        The feed and the columns found for it.
    score
        How well the file fits [0-1].
    others
        Column of the feed -> other columns of the file that it may be, the likeliest first.
    """

    feed: Feed
    matches: Mapping[str, Match]
    score: float
    others: Mapping[str, tuple[Match, ...]]


def match_feed(
    feed: Feed, file: Sequence[Profile], known: Mapping[str, set[str]], file_name: str
) -> FeedMatch:
    """Give each column of a feed the column of the file that fits it best.

    Parameters
    ----------
    feed
        The feed.
    file
        Profiles of the file's columns.
    known
        Column -> identifiers that are loaded already.
    file_name
        Name of the file, which may speak for the feed.
    """
    all_matches = [[match_column(column, one, known) for one in file] for column in feed.columns]
    scores = np.array([[one.confidence for one in row] for row in all_matches])
    scores = np.where(scores >= LEAST, scores, 0.0)
    # A required column decides first where two want the same column of the file.
    weight = np.array([[1.05 if column.required else 1.0] for column in feed.columns])
    places = zip(*linear_sum_assignment(-((scores * weight) ** STEEPNESS)), strict=True)
    chosen = {feed.columns[i].name: all_matches[i][j] for i, j in places if scores[i, j] >= LEAST}
    chosen |= _shared(feed, chosen, all_matches)
    others = {
        column.name: tuple(
            one
            for one in sorted(row, key=lambda one: -one.confidence)[:3]
            if one.confidence >= LEAST and one is not chosen.get(column.name)
        )
        for column, row in zip(feed.columns, all_matches, strict=True)
    }
    return FeedMatch(feed, chosen, _score(feed, chosen, file, file_name), others)


def _shared(
    feed: Feed, chosen: Mapping[str, Match], all_matches: Sequence[Sequence[Match]]
) -> dict[str, Match]:
    """Return columns of the file that serve two of the feed.

    A needed column whose own name stands in the file, taken by another, and that got nothing of
    its name: country as site and region.
    """
    takers = {match.profile.name: name for name, match in chosen.items()}
    made = {}
    for column, row in zip(feed.columns, all_matches, strict=True):
        best = max(row, key=lambda one: one.confidence, default=None)
        there = chosen.get(column.name)
        if not column.required or best is None or best.confidence < SAME_NAME or best is there:
            continue
        if there is None or there.confidence <= ALIKE:
            said = f"it serves {takers[best.profile.name]} too"
            made[column.name] = replace(best, confidence=ALIKE, evidence=(*best.evidence, said))
    return made


def match_column(column: Column, one: Profile, known: Mapping[str, set[str]]) -> Match:
    """Return how well a column of the file fits a column of the feed."""
    like, synonym = likeness(one.name, column.name)
    said = [f"{one.name!r} is a name for it"] if like >= SAME_NAME else []
    if 0 < like < SAME_NAME:
        said = [f"{one.name!r} is like {synonym!r}"]
    fits, about_values = _type_fit(column, one)
    confidence = like * fits if like >= SAME_NAME else min(ALIKE, like * fits)
    if about_values:
        said.append(about_values)
    if like and column.name in known and known[column.name]:
        confidence, told = _with_overlap(confidence, one, known[column.name])
        said.append(told)
    elif not like and column.name in known and fits > 0.8:
        overlap = _overlap(one, known[column.name])
        if overlap >= LEAST_OVERLAP and one.n_distinct > 2:
            confidence = 0.35 + 0.5 * overlap
            said.append(f"{overlap:.0%} of its values are loaded as {column.name}")
    elif not like and column.required and column.kind == "date" and fits > 0.8:
        confidence = LEAST
    if one.n_rows and one.n_blank == one.n_rows:
        confidence, said = confidence * 0.5, [*said, "it is empty"]
    elif column.required and one.n_blank > 0.2 * one.n_rows:
        confidence *= 0.9
        said.append(f"{one.n_blank:,} of {one.n_rows:,} rows are blank")
    return Match(column, one, round(confidence, 3), tuple(said))


def _with_overlap(confidence: float, one: Profile, ids: set[str]) -> tuple[float, str]:
    overlap = _overlap(one, ids)
    if overlap >= LEAST_OVERLAP:
        return min(1.0, confidence + (1 - confidence) * 0.6 * overlap), (
            f"{overlap:.0%} of its values are loaded already"
        )
    return confidence * 0.97, "few of its values are loaded already"


def _overlap(one: Profile, ids: set[str]) -> float:
    return sum(value in ids for value in one.values) / len(one.values) if one.values else 0.0


def _type_fit(column: Column, one: Profile) -> tuple[float, str]:
    """Return how well the values fit the type [0-1], in words where that tells something."""
    if not one.n_values:
        return 0.8, ""
    if column.kind in ("code", "text"):
        return _text_fit(column, one)
    if column.kind == "flag":
        share, what = one.flag_share, "say yes or no"
    elif column.is_number:
        is_dated = one.dates.share > 0.9 and one.number_share < 1
        share, what = (0.0 if is_dated else one.number_share), "are numbers"
    else:
        share, what = one.date_share, "are dates"
    return (share if share > 0.5 else 0.1 * share), f"{share:.0%} of its values {what}"


def _text_fit(column: Column, one: Profile) -> tuple[float, str]:
    if one.dates.share > 0.9 and "%Y%m" not in one.dates.formats:
        return 0.1, "its values are dates"
    if column.allowed:
        hits = sum(n for v, n in one.values.items() if v.casefold() in column.allowed)
        return 0.6 + 0.4 * hits / one.n_values, ""
    n_fractions = one.numbers["point"] + one.numbers["comma"]
    if column.kind == "code" and n_fractions > 0.5 * one.n_values:
        return 0.2, "its values have decimals"
    if column.name == "description" and one.number_share > 0.9:
        return 0.5, "its values are numbers"
    return 1.0, ""


def _score(feed: Feed, chosen: Mapping[str, Match], file: Sequence[Profile], name: str) -> float:
    """Return how well a file fits a feed: its required columns, and how much of it is used."""
    needed = [chosen[name].confidence if name in chosen else 0.0 for name in feed.required]
    keys = [chosen[name].confidence if name in chosen else 0.0 for name in feed.key]
    covered = sum(match.confidence for match in chosen.values() if match.confidence > LEAST)
    recall = 0.7 * float(np.mean(needed)) + 0.3 * float(np.mean(keys))
    used = min(1.0, covered / min(len(file), 10))
    score = 0.0 if not recall else 2 * recall * used / (recall + used)
    return round(min(1.0, score * 0.9 + (0.15 if speaks_for(name, feed.name) else 0.0)), 3)
