"""The definitions once more, in plain Python over the feeds: loops, no SQL, nothing shared."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pandas as pd

from tests.data.generated import Feeds, Row, local_day

Version = tuple[date, list[tuple[date, float | None]]]
"""A promise: the day on which it was recorded, and its dates with their quantities."""
DELAYS = (0, 1, 3, 7, 14, 30)


class Oracle:
    """Every figure of customer service as of a day."""

    def __init__(self, feeds: Feeds, as_of: date) -> None:
        known = feeds.known_by(as_of)
        self.as_of = as_of
        self.rows = {name: known.rows.get(name, []) for name in known.rows}
        self.sites = {row["site_id"]: row for row in self.rows.get("sites", [])}
        self.items = {row["item_id"]: row for row in self.rows.get("items", [])}
        self.calendars: dict[str, dict[date, bool]] = defaultdict(dict)
        for row in self.rows.get("calendar", []):
            self.calendars[row["calendar_id"]][row["day"]] = row["is_working"]
        lines = {(row["order_id"], row["line_no"]): row for row in self.rows["order_lines"]}
        self.shipped = self._shipments(lines)
        self.lines = [part for row in lines.values() for part in self._schedule(row)]
        self.has_promises = bool(self.rows.get("order_promises")) or any(
            row["promised_date"] for row in lines.values()
        )
        self.order_lines = lines

    # Working days -------------------------------------------------------------------------

    def is_working(self, site_id: str, day: date) -> bool:
        region = self.sites.get(site_id, {}).get("region")
        name = next((one for one in (site_id, region) if one in self.calendars), "default")
        return self.calendars.get(name, {}).get(day, day.weekday() < 5)

    def working_between(self, site_id: str, start: date, end: date) -> int:
        """Working days after start up to and including end; negative backwards."""
        if end < start:
            return -self.working_between(site_id, end, start)
        span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working(site_id, day) for day in span)

    # Shipments ----------------------------------------------------------------------------

    def _shipments(self, lines: dict[tuple[str, str], Row]) -> dict[tuple[str, str], list[Row]]:
        shipped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        since: dict[str, date] = {}
        for row in self.rows.get("shipments", []):
            line = lines.get((row["order_id"], row["line_no"]))
            if line and row["delivered_date"]:
                site = line["site_id"]
                since[site] = min(since.get(site, row["shipped_date"]), row["shipped_date"])
        for row in self.rows.get("shipments", []):
            line = lines.get((row["order_id"], row["line_no"]))
            if line is None:
                continue
            item_id = row["item_id"] or line["item_id"]
            is_own = item_id == line["item_id"]
            arrived = row["delivered_date"]
            first = since.get(line["site_id"])
            if arrived is None and (first is None or row["shipped_date"] < first):
                arrived = row["shipped_date"]
            shipped[row["order_id"], row["line_no"]].append(
                {
                    "day": row["shipped_date"],
                    "qty": row["qty_shipped"] if is_own or self._approved(line, row) else 0,
                    "own": row["qty_shipped"] if is_own else 0,
                    "arrived": None if row["is_damaged"] else arrived,
                    "site_id": row["site_id"] or line["site_id"],
                    "is_damaged": row["is_damaged"],
                    "documents": row["has_correct_documents"],
                    "facing": line["site_id"],
                }
            )
        return shipped

    def _approved(self, line: Row, shipment: Row) -> bool:
        return any(
            row["item_id"] == line["item_id"]
            and row["substitute_item_id"] == shipment["item_id"]
            and (row["valid_from"] is None or row["valid_from"] <= shipment["shipped_date"])
            and (row["valid_to"] is None or shipment["shipped_date"] <= row["valid_to"])
            for row in self.rows.get("interchanges", [])
        )

    # Promises -----------------------------------------------------------------------------

    def _promised(self, row: Row) -> list[tuple[float, float, date | None, date | None]]:
        """Shares (from, to) of the line with first and last promise."""
        whole = (0, row["qty_ordered"])
        history = defaultdict(list)
        for promise in self.rows.get("order_promises", []):
            if (promise["order_id"], promise["line_no"]) == (row["order_id"], row["line_no"]):
                history[promise["recorded_at"]].append(promise)
        if not history:
            return [(*whole, row["promised_date"], row["promised_date"])]
        if local_day(min(history), row["site_id"]) > row["requested_date"]:
            return [(*whole, None, None)]
        epochs: list[list[Version]] = []
        is_missed = False
        for instant in sorted(history):
            rows = history[instant]
            recorded = local_day(instant, row["site_id"])
            dates = sorted((one["promised_date"], one["qty"]) for one in rows)
            if any(qty is None for _, qty in dates) or len(dates) == 1:
                dates = [(dates[-1][0], None)]
            if any(one["initiated_by"] == "customer" for one in rows) or not epochs:
                is_missed = is_missed or (bool(epochs) and recorded > epochs[-1][0][1][-1][0])
                if not is_missed:
                    epochs.append([])
            epochs[-1].append((recorded, dates))
        return self._shares(row, epochs)

    def _shares(
        self, row: Row, epochs: list[list[Version]]
    ) -> list[tuple[float, float, date | None, date | None]]:
        shares: list[tuple[float, float, date | None, date | None]] = []
        start = 0.0
        for at, epoch in enumerate(epochs):
            recorded, parts = epoch[0]
            is_running = at == len(epochs) - 1
            has_past = bool(shares)
            for number, (first, qty) in enumerate(parts):
                is_final = number == len(parts) - 1
                if not is_running and (is_final or first >= epochs[at + 1][0][0]):
                    continue
                if has_past and not is_final and first < recorded:
                    continue
                if shares and start >= row["qty_ordered"]:
                    break
                end = row["qty_ordered"]
                if not (is_running and is_final):
                    end = min(start + (qty or 0), end)
                last = self._last(row["site_id"], epoch, number, is_final)
                shares.append((start, end, first, last))
                start = end
        return shares

    def _last(self, site_id: str, epoch: list[Version], number: int, is_final: bool) -> date:
        """Return the last date promised in time for a part of the first version."""
        last = epoch[0][1][number][0]
        for recorded, dates in epoch[1:]:
            moved = dates[-1][0] if is_final else dates[min(number, len(dates) - 1)][0]
            if moved == last:
                continue
            if self.working_between(site_id, recorded, last) < 5:
                break
            last = moved
        return last

    # Schedule lines -----------------------------------------------------------------------

    def _schedule(self, row: Row) -> list[dict[str, Any]]:
        item = self.items.get(row["item_id"], {})
        excused_on = None
        cancelled = 0
        if row.get("cancelled_at") or row.get("qty_cancelled"):
            cancelled = min(row["qty_cancelled"] or row["qty_ordered"], row["qty_ordered"])
            if row["cancelled_at"] and row["cancelled_by"] == "customer":
                excused_on = local_day(row["cancelled_at"], row["site_id"])
        in_scope = (
            row["order_type"] == "stock" and item.get("is_stocked", True) and row["qty_ordered"] > 0
        )
        price = row["unit_price"] or item.get("unit_price")
        shipped = self.shipped.get((row["order_id"], row["line_no"]), [])
        parts = []
        for start, end, first, last in self._promised(row):

            def due(by: date, start: float = start, end: float = end) -> float:
                live = row["qty_ordered"] - (cancelled if excused_on and excused_on <= by else 0)
                return float(max(0, min(end, live) - start))

            due_date = first or row["requested_date"]
            part = {
                **{name: row[name] for name in ("order_id", "line_no", "site_id", "item_id")},
                **{name: row[name] for name in ("customer_id", "order_date", "requested_date")},
                "from": start,
                "to": end,
                "first": first,
                "last": last,
                "due_date": due_date,
                "last_due": last or row["requested_date"],
                "qty_due": due(due_date),
                "qty_due_requested": due(row["requested_date"]),
                "qty_due_last": due(last or row["requested_date"]),
                "in_scope": in_scope,
                "price": price,
                "shipped": shipped,
                "open": max(0, min(end, row["qty_ordered"] - cancelled) - start),
            }
            part["open"] = max(0, part["open"] - self.filled(part, "qty", self.as_of, end - start))
            parts.append(part)
        return parts

    def filled(self, part: dict[str, Any], what: str, by: date | None, cap: float) -> float:
        """Return what filled a share by a day, first in first out."""
        if by is None:
            return 0
        day = "arrived" if what == "arrived" else "day"
        qty = "qty" if what == "arrived" else what
        total = sum(row[qty] for row in part["shipped"] if row[day] and row[day] <= by)
        return float(max(0, min(total - part["from"], cap)))

    def first_filled(self, part: dict[str, Any]) -> float:
        """Return what the first shipment that reached the share filled, if it left by due."""
        for day in sorted({row["day"] for row in part["shipped"]}):
            if self.filled(part, "qty", day, 1e9) > 0:
                if day > part["due_date"]:
                    return 0
                return self.filled(part, "qty", day, part["qty_due"])
        return 0

    # Figures ------------------------------------------------------------------------------

    def figures(self) -> dict[str, pd.DataFrame]:
        """Rows (site, day, numerator, denominator, pending) of each metric."""
        rows: dict[str, list[tuple[str, date, float, float, bool]]] = defaultdict(list)
        for part in self.lines:
            if part["in_scope"]:
                self._line_figures(part, rows)
        self._order_figures(rows)
        self._availability(rows)
        for row in self.rows.get("stock", []):
            if self.items.get(row["item_id"], {}).get("is_stocked", True):
                hit = float(row["qty_on_hand"] > 0)
                rows["in_stock_rate"].append((row["site_id"], row["snapshot_date"], hit, 1, False))
        names = ["site_id", "day", "numerator", "denominator", "pending"]
        return {name: pd.DataFrame(found, columns=names) for name, found in rows.items()}

    def _line_figures(self, part: dict[str, Any], rows: Any) -> None:
        site, cap, due = part["site_id"], part["qty_due"], part["due_date"]
        by_due = self.filled(part, "qty", due, cap)
        ever = self.filled(part, "qty", self.as_of, cap)
        own = self.filled(part, "own", due, cap)
        first = self.first_filled(part)

        def put(metric: str, day: date, top: float, bottom: float, judged_on: date) -> None:
            if judged_on <= self.as_of:
                rows[metric].append((site, day, top, bottom, False))
            else:
                rows[metric].append((site, day, 0, 0, True))

        if cap > 0:
            put("unit_fill_rate", due, by_due, cap, due)
            put("line_fill_rate", due, by_due >= cap, 1, due)
            put("unit_fill_rate_first", part["order_date"], first, cap, due)
            put("line_fill_rate_first", part["order_date"], first >= cap, 1, due)
            put("unit_fill_rate_eventual", due, ever, cap, due)
            put("line_fill_rate_eventual", due, ever >= cap, 1, due)
            put("unit_fill_rate_own_item", due, own, cap, due)
            if part["price"]:
                put("value_fill_rate", due, by_due * part["price"], cap * part["price"], due)
            put("otif_line_rate", due, self.filled(part, "arrived", due, cap) >= cap, 1, due)
            first_kept = self.filled(part, "arrived", part["first"], cap) >= cap
            put("otif_line_rate_first_promise", due, first_kept, 1, due)
            for delay in DELAYS:
                within = self.filled(part, "qty", due + timedelta(days=delay), cap)
                put(f"fill_by_delay {delay}", due, within, cap, due)
        asked = part["qty_due_requested"]
        if asked > 0:
            day = part["requested_date"]
            put(
                "otif_line_rate_requested",
                day,
                self.filled(part, "arrived", day, asked) >= asked,
                1,
                day,
            )
        cap_last = part["qty_due_last"]
        if cap_last > 0:
            kept = self.filled(part, "arrived", part["last"], cap_last) >= cap_last
            put("otif_line_rate_last_promise", part["last_due"], kept, 1, part["last_due"])
        if part["open"] > 0 and part["requested_date"] <= self.as_of:
            age = self.working_between(site, part["requested_date"], self.as_of)
            rows["backorder_age"].append(
                (site, self.as_of, age * part["open"], part["open"], False)
            )

    def _order_figures(self, rows: Any) -> None:
        orders = defaultdict(list)
        for part in self.lines:
            if part["in_scope"] and (part["qty_due"] > 0 or part["qty_due_requested"] > 0):
                orders[part["order_id"]].append(part)
        since: dict[str, date] = {}
        for shipped in self.shipped.values():
            for row in shipped:
                if row["is_damaged"] is not None and row["documents"] is not None:
                    since[row["facing"]] = min(since.get(row["facing"], row["day"]), row["day"])
        for order_id, parts in orders.items():
            site = min(parts, key=lambda part: (int(part["line_no"]), part["from"]))["site_id"]
            live = [part for part in parts if part["qty_due"] > 0]
            asked = [part for part in parts if part["qty_due_requested"] > 0]
            if asked:
                day = max(part["requested_date"] for part in asked)
                whole = all(
                    self.filled(part, "qty", part["requested_date"], 1e9)
                    >= part["qty_due_requested"]
                    for part in parts
                )
                self._put_order(rows, "order_on_time_rate", site, day, whole)
            if not live:
                continue
            day = max(part["due_date"] for part in live)
            filled, arrived = (
                all(self.filled(p, what, p["due_date"], 1e9) >= p["qty_due"] for p in parts)
                for what in ("qty", "arrived")
            )
            self._put_order(rows, "order_fill_rate", site, day, filled)
            self._put_order(rows, "otif_order_rate", site, day, arrived)
            papers = [
                row
                for (order, _), shipped in self.shipped.items()
                if order == order_id
                for row in shipped
            ]
            assessed = all(
                row["is_damaged"] is not None and row["documents"] is not None for row in papers
            )
            if not papers:
                assessed = site in since and since[site] <= day
            if day > self.as_of:
                rows["perfect_order_rate"].append((site, day, 0, 0, True))
            elif assessed:
                good = all(not row["is_damaged"] and row["documents"] for row in papers)
                rows["perfect_order_rate"].append((site, day, float(arrived and good), 1, False))

    def _put_order(self, rows: Any, metric: str, site: str, day: date, hit: bool) -> None:
        if day <= self.as_of:
            rows[metric].append((site, day, float(hit), 1, False))
        else:
            rows[metric].append((site, day, 0, 0, True))

    def _availability(self, rows: Any) -> None:
        free = {
            (row["snapshot_date"], row["item_id"], row["site_id"]): row["qty_on_hand"]
            - (row["qty_reserved"] or 0)
            for row in self.rows.get("stock", [])
        }
        demand = self._demanded()
        shelf = dict(free)
        on_shelf = set()
        for key, row, _, qty in demand:
            place = (row["order_date"], row["item_id"], row["site_id"])
            if place in shelf and qty <= free[place]:
                shelf[place] -= qty
                if shelf[place] >= 0:
                    on_shelf.add(key)
        left = dict(free)
        for key, row, _, qty in demand:
            if key in on_shelf:
                left[row["order_date"], row["item_id"], row["site_id"]] -= qty
        best: dict[tuple[date, str], float] = {}
        total: dict[tuple[date, str], float] = defaultdict(float)
        for (day, item_id, _), qty in left.items():
            best[day, item_id] = max(best.get((day, item_id), qty), qty)
            total[day, item_id] += max(qty, 0)
        for key, row, until, qty in demand:
            site, day, item_id = row["site_id"], row["order_date"], row["item_id"]
            picked = [one for one in self.shipped.get(key, []) if one["day"] <= until]
            here = sum(one["own"] for one in picked if one["site_id"] == site) >= qty
            anywhere = sum(one["own"] for one in picked) >= qty
            has_snapshot = (day, item_id, site) in free
            if not has_snapshot and until > self.as_of:
                for metric in ("availability_rate", "network_availability_rate"):
                    rows[metric].append((site, day, 0, 0, True))
                continue
            hit = key in on_shelf if has_snapshot else here
            network = hit or (not has_snapshot and anywhere)
            if key not in on_shelf and (day, item_id) in best and qty <= best[day, item_id]:
                total[day, item_id] -= qty
                network = network or total[day, item_id] >= 0
            rows["availability_rate"].append((site, day, float(hit), 1, False))
            rows["network_availability_rate"].append((site, day, float(network), 1, False))

    def _demanded(self) -> list[tuple[tuple[str, str], Row, date, float]]:
        """Return key, line, end of its pick window and quantity wanted, in the order of lines."""
        in_scope = {(p["order_id"], p["line_no"]) for p in self.lines if p["in_scope"]}
        demand = []
        for key in sorted(in_scope, key=lambda key: (key[0], int(key[1]))):
            row = self.order_lines[key]
            until = row["order_date"]
            while self.working_between(row["site_id"], row["order_date"], until) < 1:
                until += timedelta(days=1)
            qty = row["qty_ordered"]
            by_customer = row.get("cancelled_at") and row["cancelled_by"] == "customer"
            if by_customer and local_day(row["cancelled_at"], row["site_id"]) <= until:
                qty -= min(row["qty_cancelled"] or qty, qty)
            if qty > 0:
                demand.append((key, row, until, qty))
        return demand
