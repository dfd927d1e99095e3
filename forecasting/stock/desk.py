"""The portfolio of a build, ready for stock decisions: demand, lead times, stock, open orders.

`open_desk` takes the frames of a build (`marts.stock_positions`, `marts.forecast_demand`,
`marts.lead_time_slips`, open purchase lines with their expected arrival) and matches them part by
part. What cannot be planned is left out with a reason; the rest goes on. Then::

    curves = desk.curves()                                       # once per build
    plan = choose(curves, desk.items, Choice("lines", budget=2e6))
    short = plan.level - desk.position()                         # what each part lacks
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.demand.distribution import NegativeBinomial
from forecasting.promises.credibility import Credibility
from forecasting.stock.curves import MOST_LEVELS, Curves, Floats, Supply, build_curves
from forecasting.stock.items import Items, read_items
from forecasting.stock.lead_times import lead_weights
from forecasting.stock.network import Network, find, with_centres
from forecasting.stock.ordering import position_within

SEPARATOR = "\x1f"
"""Between item and site in the id of a part: no code of a client holds it."""

PERIOD_DAYS = {"W": 7.0, "MS": 365.25 / 12}

CRITICALITY = {"low": 1.0, "medium": 2.0, "high": 4.0}
"""Weight of a unit by the word in the items feed; a number stands for itself, no word for 1."""

LIMITS = ("min_level", "max_level")


@dataclass(frozen=True)
class SummedDemand:
    """Demand over the next periods by mean and variance, as negative binomials.

    Attributes
    ----------
    mean, variance
        Of the demand over the next 1, 2, ... periods: parts by periods [units, units squared].
        Beyond the last period demand goes on at its mean pace, and its spread grows as it grew
        over the last half of the periods.
    step
        Grain of the demand [units].
    """

    mean: Floats
    variance: Floats
    step: Floats

    def lead_time(self, periods: int) -> NegativeBinomial:
        """Demand over the next `periods`."""
        reach = self.mean.shape[1]
        at = min(max(periods, 1), reach) - 1
        mean, variance = self.mean[:, at], self.variance[:, at]
        if periods > reach:
            variance = variance * (periods / reach) ** self._growth()
            mean = mean * (periods / reach)
        if periods < 1:
            mean = variance = np.zeros(len(mean))
        beyond = variance - self.step * mean
        apart = beyond > 1e-9 * np.maximum(mean, 1e-9)
        size = np.where(apart, mean**2 / np.where(apart, beyond, 1.0), np.inf)
        return NegativeBinomial.of(mean, size, self.step)

    def scaled(self, factor: "Floats | float") -> "SummedDemand":
        """Demand times a factor: lumps keep their size relative to the mean, so sizes stay."""
        by = np.broadcast_to(factor, len(self.step))[:, None]
        plain = self.step[:, None] * self.mean
        variance = by * plain + by**2 * (self.variance - plain)
        return replace(self, mean=by * self.mean, variance=np.maximum(variance, 0.0))

    def over(self, lead_weights: Floats, review: int) -> "SummedDemand":
        """Demand over a lead time that is itself uncertain, and 0 .. `review` periods more.

        Mean and variance are those of the mixture over the lead times, exactly; its shape is taken
        to be negative binomial again, which one distribution in place of a dozen makes fast. The
        first entry is the demand over the lead time alone.
        """
        n_leads = lead_weights.shape[1]
        known = [self.lead_time(periods) for periods in range(n_leads + review)]
        mean = np.stack([one.mean for one in known], axis=1)
        square = np.stack([one.variance for one in known], axis=1) + mean**2
        shape = (len(mean), review + 1)
        blended, spread = np.empty(shape), np.empty(shape)
        for more in range(review + 1):
            used = slice(more, more + n_leads)
            blended[:, more] = (lead_weights * mean[:, used]).sum(axis=1)
            spread[:, more] = (lead_weights * square[:, used]).sum(axis=1)
        return SummedDemand(blended, np.maximum(spread - blended**2, 0.0), self.step)

    def take(self, rows: NDArray[np.intp]) -> "SummedDemand":
        """The parts at `rows`, in that order."""
        return SummedDemand(self.mean[rows], self.variance[rows], self.step[rows])

    def _growth(self) -> Floats:
        """Power with which the variance grows: 1 where periods are independent, 2 where not."""
        reach = self.mean.shape[1]
        half = max(reach // 2, 1)
        if half == reach:
            return np.full(len(self.step), 2.0)
        ratio = self.variance[:, -1] / np.maximum(self.variance[:, half - 1], 1e-12)
        power = np.log(np.maximum(ratio, 1.0)) / np.log(reach / half)
        return np.asarray(np.clip(power, 1.0, 2.0))


@dataclass(frozen=True)
class Inventory:
    """What is there and what comes, part by part.

    Attributes
    ----------
    on_hand, reserved, backordered
        Counted on the shelf, of that spoken for, and what customers wait for [units].
    arrivals
        Parts by periods: open orders by the period in which they are expected; the last column
        holds all that is later [units].
    """

    on_hand: Floats
    reserved: Floats
    backordered: Floats
    arrivals: Floats

    def take(self, rows: NDArray[np.intp]) -> "Inventory":
        """The parts at `rows`, in that order."""
        return Inventory(
            self.on_hand[rows], self.reserved[rows], self.backordered[rows], self.arrivals[rows]
        )


@dataclass(frozen=True)
class Desk:
    """A portfolio that decisions can be made on; all entries in the order of `parts`.

    Attributes
    ----------
    parts
        item_id, site_id and what else `marts.stock_positions` says of each part at a site, with
        lead_days, the mean measured lead time [days].
    items
        The same for the stock package; unique_id is item and site joined by `SEPARATOR`, lead
        times are the mean measured ones in periods.
    demand
        Demand over the next periods.
    lead_weights
        Chance of each lead time 0, 1, 2, ... periods.
    inventory
        Stock and open orders.
    left_out
        item_id, site_id and reason of what is not planned, also of parts at sites that have
        demand and no stock.
    freq
        W or MS.
    leads
        What was learned of lead times.
    network
        Which parts come from a centre; None where all come from suppliers.
    """

    parts: pd.DataFrame
    items: Items
    demand: SummedDemand
    lead_weights: Floats
    inventory: Inventory
    left_out: pd.DataFrame
    freq: str
    leads: Credibility | None = None
    network: Network | None = None

    def __len__(self) -> int:
        return len(self.items)

    @property
    def period_days(self) -> float:
        """Length of a period [days]."""
        return PERIOD_DAYS[self.freq]

    def curves(self, most_levels: int = MOST_LEVELS) -> Curves:
        """What each level of each part costs and buys; the dear part of a plan, keep it.

        At a centre only what its own customers ask for counts as demand.
        """
        over_lead = self.demand.over(self.lead_weights, int(self.items.review.max(initial=1)))
        n = len(self)
        weights = np.zeros((n, 2))
        weights[:, 1] = 1.0
        supply = Supply(weights, self.items.review, self.items.lot, self.items.unit)
        quiet = self.demand.lead_time(1).cdf(np.zeros(n))
        curves = build_curves(over_lead, supply, quiet, most_levels)
        if self.network is None:
            return curves
        units, lines, owner = self.network.own_units, self.network.own_lines, curves.item
        # Sites ask at the start of a period: what they will ask next still lies there at its end.
        kept = (1 - units[owner]) * (curves.demand[owner] - curves.unfilled)
        return replace(
            curves,
            on_hand=curves.on_hand + kept,
            unfilled=curves.unfilled * units[owner],
            unfilled_lines=curves.unfilled_lines * lines[owner],
            demand=curves.demand * units,
            lines=curves.lines * lines,
        )

    def position(self) -> Floats:
        """Inventory position: free stock less what customers wait for, plus what arrives in time.

        What comes later than an order placed now, one lead time and a review from here, serves
        other demand and does not count.
        """
        stock = self.inventory
        return position_within(
            stock.on_hand - stock.reserved,
            stock.backordered,
            stock.arrivals,
            self.items.lead_time + self.items.review,
        )


def open_desk(
    positions: pd.DataFrame,
    demand: pd.DataFrame,
    leads: Credibility | None,
    open_lines: pd.DataFrame,
    *,
    freq: str,
    as_of: pd.Timestamp,
    more_days: "pd.Series[float] | float" = 0.0,
) -> Desk:
    """Match what a build knows of parts at sites.

    Parameters
    ----------
    positions
        `marts.stock_positions`; min_level and max_level, parent_site_id and days_from_parent are
        taken where they are there.
    demand
        `marts.forecast_demand`.
    leads
        What is learned of lead times (`lead_times.learn`).
    open_lines
        item_id, site_id, qty_open and arrival_date of open purchase lines
        (`lead_times.expected_arrivals`).
    freq
        W or MS: the periods of the demand.
    as_of
        Last day known.
    more_days
        Days that lead times are longer than measured: one number, or one per supplier by its id.
    """
    keyed = positions.assign(unique_id=_ids(positions)).drop_duplicates("unique_id")
    known, ids = _demand(with_centres(demand, positions))
    reasons = _not_planned(keyed, ids)
    kept = keyed[~keyed["unique_id"].isin(reasons)].reset_index(drop=True)
    weights = lead_weights(leads, kept, PERIOD_DAYS[freq], _more(kept, more_days))
    mean_lead = np.rint(weights @ np.arange(weights.shape[1]))
    items, refused = read_items(_items_table(kept, mean_lead), kept["unique_id"].to_numpy(object))
    reasons |= dict(zip(refused["unique_id"], refused["reason"], strict=True))
    rows = pd.Index(kept["unique_id"]).get_indexer(pd.Index(items.ids))
    parts = kept.iloc[rows].reset_index(drop=True)
    used = weights[rows]
    days = PERIOD_DAYS[freq] * (used @ np.arange(used.shape[1]))
    review = int(items.review.max(initial=1))
    network = find(parts, PERIOD_DAYS[freq])
    # Goods may have to wait at the centre, and then travel.
    longest = used.shape[1] + (int(network.transport.max()) + review if network else 0)
    return Desk(
        parts.assign(lead_days=days),
        items,
        known.take(pd.Index(ids).get_indexer(pd.Index(items.ids))),
        used,
        _inventory(parts, open_lines, longest + review, freq, as_of),
        _left_out(reasons),
        freq,
        leads,
        network,
    )


def _ids(frame: pd.DataFrame) -> "pd.Series[str]":
    return frame["item_id"].astype(str) + SEPARATOR + frame["site_id"].astype(str)


def _more(parts: pd.DataFrame, days: "pd.Series[float] | float") -> Floats:
    """Days that the lead time of each part is longer."""
    if isinstance(days, pd.Series):
        return np.asarray(parts["supplier_id"].map(days).fillna(0.0).to_numpy(dtype=np.float64))
    return np.full(len(parts), float(days), dtype=np.float64)


def _demand(table: pd.DataFrame) -> tuple[SummedDemand, NDArray[np.object_]]:
    """Parts by periods out of one row per part and number of periods."""
    ordered = table.assign(unique_id=_ids(table)).sort_values(["unique_id", "periods"])
    reach = int(ordered["periods"].max()) if len(ordered) else 1
    names = ("qty_mean", "qty_variance", "qty_step")
    mean, variance, step = (ordered[name].to_numpy(float).reshape(-1, reach) for name in names)
    ids = ordered["unique_id"].to_numpy(dtype=object)[::reach]
    return SummedDemand(mean, variance, step[:, 0]), ids


def _not_planned(positions: pd.DataFrame, with_demand: NDArray[np.object_]) -> dict[str, str]:
    """Reason of each part at a site that is no matter of a stock decision here."""
    reasons: dict[str, str] = {}
    checks = (
        (~positions["is_stocked"].fillna(True).astype(bool), "is not a stocked item"),
        (positions["is_old"].astype(bool), "was not counted with its site for over 31 days"),
        (~positions["unique_id"].isin(with_demand), "has no demand that could be forecast"),
    )
    for is_out, reason in checks:
        for key in positions.loc[is_out, "unique_id"]:
            reasons.setdefault(str(key), reason)
    with_stock = set(positions["unique_id"])
    for key in with_demand:
        if key not in with_stock:
            reasons.setdefault(str(key), "has demand and no stock snapshot")
    return reasons


def _items_table(parts: pd.DataFrame, lead_periods: Floats) -> pd.DataFrame:
    """The parts as an items file says them."""
    words = parts["criticality"]
    weight = pd.to_numeric(words, errors="coerce")
    weight = weight.fillna(words.astype(str).str.strip().str.lower().map(CRITICALITY)).fillna(1.0)
    table = {
        "unique_id": parts["unique_id"],
        "unit_cost": parts["unit_cost"],
        "lead_time": lead_periods,
        "moq": parts["moq"],
        "order_multiple": parts["order_multiple"],
        "unit_price": parts["unit_price"],
        "criticality": weight,
    }
    table |= {name: parts[name] for name in LIMITS if name in parts.columns}
    return pd.DataFrame(table)


def _inventory(
    parts: pd.DataFrame, open_lines: pd.DataFrame, n_periods: int, freq: str, as_of: pd.Timestamp
) -> Inventory:
    """Stock and open orders; stock below 0 is owed to customers."""
    stated = parts["qty_on_hand"].to_numpy(dtype=float)
    arrivals = np.zeros((len(parts), n_periods + 1))
    place = pd.Index(parts["unique_id"]).get_indexer(pd.Index(_ids(open_lines)))
    days = (open_lines["arrival_date"] - as_of).dt.days.to_numpy(dtype=float)
    period = np.clip(np.ceil(np.nan_to_num(days) / PERIOD_DAYS[freq]) - 1, 0, n_periods)
    used = place >= 0
    quantity = open_lines["qty_open"].to_numpy(dtype=float)
    np.add.at(arrivals, (place[used], period[used].astype(np.intp)), quantity[used])
    return Inventory(
        np.maximum(stated, 0.0),
        parts["qty_reserved"].to_numpy(dtype=float),
        parts["qty_backordered"].to_numpy(dtype=float) + np.maximum(-stated, 0.0),
        arrivals,
    )


def _left_out(reasons: dict[str, str]) -> pd.DataFrame:
    rows = [(*key.split(SEPARATOR, 1), reason) for key, reason in sorted(reasons.items())]
    return pd.DataFrame(rows, columns=["item_id", "site_id", "reason"], dtype=str)
