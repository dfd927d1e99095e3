"""The inputs of what if: two scenarios side by side, every one of them in the URL."""

import streamlit as st

from data.settings import OBJECTIVES
from forecasting.stock.scenarios import Change
from forecasting.stock.wishes import Wish
from ui import formats, planning, queries
from ui.scenarios import Scenario

AIMS = ("money", "fill")
NONE = "none"
NAMES = {"a": "Scenario A", "b": "Scenario B"}
FIELDS = (
    "aim", "target", "budget", "objective", "floor", "demand", "lead", "price", "late", "days",
)  # fmt: skip


def both() -> tuple[Scenario, Scenario]:
    """Ask for both scenarios."""
    left, right = st.columns(2, gap="medium")
    with left:
        first = ask("a")
    with right:
        second = ask("b")
    return first, second


def ask(which: str) -> Scenario:
    """Ask for one scenario; at first A is how the client plans today, B has a tenth more demand."""
    agreed = queries.agreed().planning
    currency = queries.agreed().currency
    with st.container(border=True):
        st.header(NAMES[which], anchor=False)
        aim = _choice(which, "aim", "Aim", AIMS, "fill" if agreed.target else "money")
        left, right = st.columns(2)
        budget, target = None, None
        with left:
            if aim == "fill":
                first = 100 * (agreed.target or 0.9)
                target = (
                    _number(_key(which, "target"), "Fill to reach, %", first, (1.0, 99.9, 0.5))
                    / 100
                )
            else:
                first = round((agreed.budget or planning.stock_value()) / 1000)
                budget = 1000 * _number(
                    _key(which, "budget"),
                    f"Money to hold, k {currency}",
                    float(first),
                    (0.0, 1e9, 50.0),
                )
        with right:
            objective = st.selectbox(
                "Fill counts", OBJECTIVES, OBJECTIVES.index(agreed.objective),
                key=_key(which, "objective"), bind="query-params",
                help="What the money is spent on; the best levels differ with it.",
            )  # fmt: skip
        change = _conditions(which)
        floor = _number(_key(which, "floor"), "Floor: least chance of no shortage, %",
                        100 * agreed.floor, (0.0, 99.0, 5.0)) / 100  # fmt: skip
    wish = Wish(objective, budget, target, floor, agreed.value_share if budget is not None else 0.0)
    return Scenario(wish, change)


def _conditions(which: str) -> Change:
    """Demand, lead time, price and one supplier, as they would be."""
    known = planning.desk().parts["supplier_id"].dropna()
    suppliers = [NONE, *sorted(known.unique())]
    one, two, three = st.columns(3)
    with one:
        more = 10.0 if which == "b" else 0.0
        demand = _number(_key(which, "demand"), "Demand, +/- %", more, (-90.0, 300.0, 5.0))
    with two:
        lead = _number(_key(which, "lead"), "Lead time, +/- days", 0.0, (-180.0, 365.0, 7.0))
    with three:
        price = _number(_key(which, "price"), "Price, +/- %", 0.0, (-90.0, 300.0, 5.0))
    one, two = st.columns(2)
    with one:
        late = st.selectbox("Supplier late", suppliers, key=_key(which, "late"),
                            bind="query-params")  # fmt: skip
    with two:
        days = _number(_key(which, "days"), "Late by, days", 30.0, (0.0, 365.0, 5.0), late == NONE)
    supplier = "" if late == NONE else late
    return Change(lead, demand / 100, price / 100, supplier, days if supplier else 0.0)


def said(scenario: Scenario) -> str:
    """Say a scenario in a line."""
    wish, change = scenario.wish, scenario.change
    currency = queries.agreed().currency
    aim = (
        f"fill {formats.rate(wish.target, 1000)}"
        if wish.target is not None
        else f"money {formats.money(wish.budget, currency)}"
    )
    told = [f"most {wish.objective}", aim, f"floor {wish.floor:.0%}".replace("%", " %")]
    told += [f"demand {100 * change.demand:+g} %"] if change.demand else []
    told += [f"lead time {change.lead_days:+g} days"] if change.lead_days else []
    told += [f"price {100 * change.price:+g} %"] if change.price else []
    told += [f"{change.supplier_id} late by {change.supplier_days:g} days"] * bool(
        change.supplier_id
    )
    return ", ".join(told)


def values() -> dict[str, str]:
    """Every input as the URL holds it."""
    keys = [_key(which, name) for which in NAMES for name in FIELDS]
    return {key: str(st.session_state[key]) for key in keys if key in st.session_state}


def _key(which: str, name: str) -> str:
    return f"{which}-{name}"


def _choice(which: str, name: str, label: str, options: tuple[str, ...], first: str) -> str:
    chosen: str = st.radio(
        label,
        options,
        index=options.index(first),
        key=_key(which, name),
        bind="query-params",
        horizontal=True,
    )
    return chosen


def _number(
    key: str,
    label: str,
    first: float,
    limits: tuple[float, float, float],
    disabled: bool = False,
) -> float:
    """A number with its least, greatest and step."""
    least, most, step = limits
    chosen: float = st.number_input(
        label, least, most, min(max(first, least), most), step, key=key,
        bind="query-params", format="%.10g" if step < 1 else "%.0f", disabled=disabled,
    )  # fmt: skip
    return chosen
