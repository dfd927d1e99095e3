"""The metrics of the engine line, recomputed in plain Python by pegging one part after another."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from data.metrics import measure
from tests.data.generated import Feeds
from tests.data.test_purchases_against_plain_python import (
    AS_OF,
    PARTS,
    SITES,
    START,
    SUMS,
    Oracle,
    generate,
    shift,
    summed,
    works,
)
from tests.data.workshop import make, open_empty

KEEPS_RECORDS = "DC1"
Row = dict[str, Any]


def back(day: date) -> date:
    """The last working day on or before a day."""
    while not works(day):
        day -= timedelta(days=1)
    return day


def before(day: date, working_days: int) -> date:
    """So many working days before a day; a day off counts as the working day before it."""
    return shift(back(day), -working_days)


def add_builds(feeds: Feeds, seed: int) -> None:
    """Builds at a plant that records when parts reach them and at one that does not."""
    rng = random.Random(seed)
    for number in range(40):
        build_id, site_id = f"E{number:02d}", SITES[number % 2]
        start = START + timedelta(days=rng.randrange(20, 120))
        wanted = start + timedelta(days=rng.randrange(5, 15))
        shipped = wanted + timedelta(days=rng.randrange(-6, 6)) if rng.random() < 0.5 else None
        feeds.add(
            "builds",
            build_id=build_id,
            site_id=site_id,
            product="engine",
            planned_start_date=start,
            requested_ship_date=wanted,
            shipped_date=shipped,
        )
        for part in rng.sample(PARTS, rng.choice([1, 2, 3])):
            needed = start + timedelta(days=rng.choice([0, 0, 0, -3, 4]))
            qty = rng.choice([1, 2, 6])
            row: Row = {}
            if site_id == KEEPS_RECORDS and rng.random() < 0.7:
                row["available_date"] = needed + timedelta(days=rng.randrange(-8, 6))
                row["qty_available"] = rng.choice([None, qty, qty, qty - 1])
            feeds.add(
                "build_requirements",
                build_id=build_id,
                item_id=part,
                qty_required=qty,
                need_date=needed,
                **row,
            )
    for offset in (15, 45, 80):
        for site_id in SITES:
            for part in PARTS[:2]:
                feeds.add(
                    "stock",
                    snapshot_date=START + timedelta(days=offset),
                    item_id=part,
                    site_id=site_id,
                    qty_on_hand=rng.choice([0, 4, 25]),
                )


class Line:
    """What became of each part of each build, pegged in priority order."""

    def __init__(self, feeds: Feeds, as_of: date) -> None:
        self.as_of = as_of
        self.oracle = Oracle(feeds, as_of)
        self.stock = [r for r in feeds.rows["stock"] if r["snapshot_date"] <= as_of]
        self.builds = {row["build_id"]: dict(row) for row in feeds.rows["builds"]}
        for build in self.builds.values():
            shipped = build["shipped_date"]
            build["shipped"] = shipped if shipped and shipped <= as_of else None
        self.parts = [self._part(row) for row in feeds.rows["build_requirements"]]
        for site_id in SITES:
            for part in PARTS:
                self._peg(site_id, part)
        self.figures: dict[str, list[tuple[str, date, float, float, bool]]] = defaultdict(list)
        for asked in self.parts:
            self._judge_part(asked)
        for build in self.builds.values():
            self._judge_build(build)

    def _part(self, row: Row) -> Row:
        build = self.builds[row["build_id"]]
        keeps = build["site_id"] == KEEPS_RECORDS
        there, qty = row.get("available_date"), row.get("qty_available")
        is_whole = qty is None or qty >= row["qty_required"]
        recorded = there if there and there <= self.as_of and is_whole else None
        reached = (recorded or build["shipped"]) if keeps else None
        needed, start = row["need_date"], build["planned_start_date"]
        return {
            "build": build,
            "item_id": row["item_id"],
            "qty": row["qty_required"],
            "there": min(qty or 0, row["qty_required"]),
            "need_date": needed,
            "need_by": back(needed),
            "ready_by": before(start, 2) if needed <= start else back(needed),
            "keeps": keeps,
            "reached": reached,
        }

    def _supply(self, site_id: str, part: str, start: date | None) -> list[list[Any]]:
        """[kind, day, quantity] in the order in which it is pegged."""
        on_hand = [
            [0, start, "", row["qty_on_hand"]]
            for row in self.stock
            if (row["site_id"], row["item_id"], row["snapshot_date"]) == (site_id, part, start)
        ]
        lines = [
            line
            for line in self.oracle.lines.values()
            if (line["site_id"], line["item_id"]) == (site_id, part)
        ]
        received = [
            [1, day, f"{line['po_id']}/1", qty]
            for line in lines
            for day, qty in line["standing"]
            if start is None or day >= start
        ]
        ordered = [
            [2, max(line["promised"], self.as_of + timedelta(days=1)), line["po_id"], line["open"]]
            for line in lines
        ]
        return [row for row in sorted(on_hand + received + ordered) if row[3] > 0]

    def _peg(self, site_id: str, part: str) -> None:
        days = [
            row["snapshot_date"]
            for row in self.stock
            if (row["site_id"], row["item_id"]) == (site_id, part)
        ]
        keeps = site_id == KEEPS_RECORDS
        start = (max(days) if keeps else min(days)) if days else None
        supply = self._supply(site_id, part, start)
        wanting = [
            p for p in self.parts if (p["build"]["site_id"], p["item_id"]) == (site_id, part)
        ]
        wanting.sort(
            key=lambda p: (
                p["reached"] is None,
                p["build"]["planned_start_date"],
                p["build"]["requested_ship_date"],
                p["build"]["build_id"],
            )
        )
        for asked in wanting:
            self._draw(asked, supply, start)

    @staticmethod
    def _draw(asked: Row, supply: list[list[Any]], start: date | None) -> None:
        used_later = asked["reached"] or asked["need_date"]
        is_pegged = (asked["keeps"] and asked["reached"] is None) or not start
        is_pegged = is_pegged or used_later >= start
        wanted = asked["qty"] if is_pegged else 0
        if asked["keeps"] and asked["reached"] is None:
            wanted -= asked["there"]
        asked["in_house"], last = wanted == 0, None
        while wanted and supply:
            last = supply[0]
            taken = min(wanted, last[3])
            wanted -= taken
            last[3] -= taken
            if not last[3]:
                supply.pop(0)
        if last and not wanted:
            asked["in_house"] = last[0] < 2
        shipped = asked["build"]["shipped"]
        from_supply = last[1] if last and is_pegged and asked["in_house"] else None
        if asked["keeps"]:
            asked["met"] = asked["reached"]
        else:
            asked["met"] = from_supply if is_pegged and asked["in_house"] else shipped
        asked["missing"] = not shipped and not asked["reached"] and not asked["in_house"]
        asked["is_known"] = asked["keeps"] or is_pegged

    def _judge_part(self, part: Row) -> None:
        judged = part["is_known"] and part["need_by"] <= self.as_of
        on_time = bool(part["met"]) and part["met"] <= part["need_by"]
        part["missed"] = judged and not on_time
        site_id, pending = part["build"]["site_id"], part["need_by"] > self.as_of
        self.figures["line_side_on_time_rate"].append(
            (site_id, part["need_by"], judged and on_time, judged, pending)
        )

    def _judge_build(self, build: Row) -> None:
        parts = [part for part in self.parts if part["build"] is build]
        site_id, start, wanted = (
            build[name] for name in ("site_id", "planned_start_date", "requested_ship_date")
        )
        due = wanted <= self.as_of
        in_time = due and bool(build["shipped"]) and build["shipped"] <= wanted
        self.figures["engines_shipped_on_time"].append((site_id, wanted, in_time, due, not due))
        judged = max(part["ready_by"] for part in parts) <= self.as_of
        ready = all(part["met"] and part["met"] <= part["ready_by"] for part in parts)
        self.figures["kit_readiness_rate"].append(
            (site_id, start, judged and ready, judged, not judged)
        )
        state = "missed" if build["shipped"] else "missing"
        alone = sum(part[state] for part in parts) == 1
        self.figures["single_part_blockers"].append((site_id, start, alone, 1, False))
        if not build["shipped"]:
            clear = not any(part["missing"] for part in parts)
            self.figures["clear_to_build"].append((site_id, start, clear, 1, False))

    def blocked(self) -> list[tuple[str, date, float, float, bool]]:
        """Each supplier and build that its late lines blocked, with the part missed first."""
        first: dict[tuple[str, str], date] = {}
        for part in self.parts:
            for line in self.oracle.lines.values() if part["missed"] else ():
                site_id, day = part["build"]["site_id"], part["need_by"]
                if (line["site_id"], line["item_id"]) != (site_id, part["item_id"]):
                    continue
                done = line["completed"] or self.as_of + timedelta(days=1)
                if line["due"] <= day < done:
                    key = (line["supplier_id"], part["build"]["build_id"])
                    first[key] = min(first.get(key, day), day)
        return [(supplier, day, 1, 1, False) for (supplier, _), day in first.items()]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("as_of", [AS_OF, date(2026, 3, 6)])
def test_every_metric_of_the_engine_line_agrees_with_plain_python(seed: int, as_of: date) -> None:
    feeds = generate(seed)
    add_builds(feeds, seed)
    con = open_empty()
    feeds.load(con)
    assert [outcome.check for outcome in make(con, as_of.isoformat()) if outcome.n_rows] == []
    line = Line(feeds, as_of)
    wanted = {name: ("site_id", rows) for name, rows in line.figures.items()}
    wanted["supplier_impact"] = ("supplier_id", line.blocked())
    assert len(wanted) == 6
    for metric, (split, rows) in wanted.items():
        found = measure(con, metric, every="month", by=[split])
        found = found.sort_values(["period", split])[["period", split, *SUMS]]
        assert found.to_dict("records") == summed(rows, split).to_dict("records"), metric
