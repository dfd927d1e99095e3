"""Filters that live in the URL: shared by every page, kept when the page changes, easy to clear."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

import streamlit as st

from ui import periods, queries

DIMENSIONS = {
    "site": ("site_id", "Site", "sites"),
    "region": ("region", "Region", "regions"),
    "family": ("item_family", "Item family", "families"),
    "customer": ("customer_id", "Customer", "customers"),
    "segment": ("segment", "Customer segment", "segments"),
}
"""URL parameter: column of the metrics, label, plural."""

SCOPES = {"unit": ("business_unit", "Business unit"), "contract": ("contract", "Contract")}
"""URL parameter: what tells sites apart, and its label; chosen, only these sites are left."""

OTHER_LABELS = {
    "item_id": "Item",
    "supplier_id": "Supplier",
    "supplier_type": "Suppliers",
    "cause": "Cause",
}
"""Label of each filter that is no choice in the sidebar, or no dimension there."""

PARAMETERS = ("period", "every", "since", "until", "item", *DIMENSIONS, *SCOPES)
"""Every filter, by its name in the URL."""
KEPT, PAGE = "kept filters", "current page"
"""Where the session keeps the filters of the last page, and which page is drawn."""

PLACES = {name: label for name, (_, label, _) in DIMENSIONS.items()}
"""URL parameter and label of each dimension a chart can be split by."""

NO_SITE = "(no site)"
"""Stands for the sites of scopes that no site has together."""
MOST_NAMED = 8

EVERY = ["month", "week", "quarter", "day"]


@dataclass(frozen=True)
class Filters:
    """What the reader asked for.

    Attributes
    ----------
    period
        Days the figures are for, both ends included.
    every
        Length of one mark on a trend: day, week, month or quarter.
    where
        Chosen values of each dimension; a dimension that is absent is not filtered.
    as_of
        The as-of date of the build.
    scopes
        Label -> chosen values of what tells sites apart; `where` names the sites that are left.
    """

    period: periods.Period
    every: str
    as_of: dt.date
    where: dict[str, list[str]] = field(default_factory=dict)
    scopes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def before(self) -> periods.Period:
        """The same length of time before."""
        return periods.before(self.period)

    @property
    def trend(self) -> periods.Period:
        """Days that a trend shows."""
        return periods.around(self.period, self.every, self.as_of)

    def said(self) -> str:
        """Say the filters in words, for exports and for the line above the figures."""
        labels = {column: label for column, label, _ in DIMENSIONS.values()} | OTHER_LABELS
        named = {labels[name]: values for name, values in self.where.items()}
        if self.scopes:
            named = {label: values for label, values in named.items() if label != "Site"}
        chosen = [f"{label}: {_listed(values)}" for label, values in (named | self.scopes).items()]
        return "; ".join([str(self.period), *chosen])


def for_metric(metric: str, chosen: Filters) -> Filters:
    """The same filters, without own warehouses where a metric tells them from other suppliers.

    Every page that shows a metric of suppliers asks for it this way, so that all say one figure.
    """
    if "supplier_type" not in queries.catalogue()[metric].dimensions:
        return chosen
    return replace(chosen, where=chosen.where | {"supplier_type": ["outside"]})


def _listed(values: list[str]) -> str:
    """Name values, the first of many only."""
    rest = len(values) - MOST_NAMED
    return ", ".join(values[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def sidebar(without: Collection[str] = ()) -> Filters:
    """Draw the filters in the sidebar and read them.

    Parameters
    ----------
    without
        Dimensions that nothing on the page can be filtered by. What was chosen of them on another
        page is kept for it.

    Raises
    ------
    LookupError
        When nothing has been built yet.
    """
    current = queries.build()
    if current is None:
        raise LookupError("nothing has been built yet")
    values = queries.ask("dimension_values")
    recall()
    with st.sidebar:
        name = st.selectbox(
            "Period",
            periods.CHOICES,
            key="period",
            bind="query-params",
            help="Whole months and weeks that ended on or before the as-of date.",
        )
        period = own_dates(current.as_of_date) if name == periods.CUSTOM else None
        every = st.selectbox("Trend by", EVERY, key="every", bind="query-params")
        where = {}
        for parameter, (column, label, _) in DIMENSIONS.items():
            options = values.loc[values["dimension"] == column, "value"].to_list()
            if len(options) < 2 or parameter in without:
                continue
            chosen = st.multiselect(
                label, options, key=parameter, bind="query-params", placeholder="All"
            )
            if chosen:
                where[column] = list(chosen)
        scopes = _scopes(where)
        item = st.text_input("Item", key="item", bind="query-params", placeholder="All").strip()
        if item:
            where["item_id"] = [item]
    remember()
    period = period or periods.preset(name or periods.DEFAULT, current.as_of_date)
    return Filters(period, every or "month", current.as_of_date, where, scopes)


def _scopes(where: dict[str, list[str]]) -> dict[str, list[str]]:
    """Ask which business units and which part of the contract; leave their sites in `where`.

    A scope by which all sites are alike is not asked for.
    """
    sites = queries.ask("site_scopes")
    chosen_scopes = {}
    for parameter, (column, label) in SCOPES.items():
        options = sorted(sites[column].dropna().unique())
        if len(options) < 2:
            continue
        chosen = st.multiselect(
            label, options, key=parameter, bind="query-params", placeholder="All"
        )
        if chosen:
            left = sites.loc[sites[column].isin(chosen), "site_id"]
            asked = where.get("site_id", list(left))
            where["site_id"] = [site for site in left if site in asked] or [NO_SITE]
            chosen_scopes[label] = list(chosen)
    return chosen_scopes


def own_dates(as_of: dt.date) -> periods.Period:
    """Read two dates of the reader's own; the first of the two is taken as the earlier."""
    standard = periods.preset(periods.DEFAULT, as_of)
    for name, day in (("since", standard.since), ("until", standard.until)):
        if name not in st.query_params:
            st.session_state.setdefault(name, day)
    since = st.date_input("From", key="since", bind="query-params", required=True)
    until = st.date_input("To", key="until", bind="query-params", required=True)
    return periods.Period(min(since, until), max(since, until))


def recall() -> None:
    """Bring back the filters of the page before.

    A value that came with the URL is dropped from it when the page is changed by the menu.
    """
    page, values = st.session_state.get(KEPT, (None, {}))
    if page == st.session_state.get(PAGE):
        return
    for name, value in values.items():
        if name not in st.query_params:
            st.session_state[name] = value


def remember() -> None:
    """Keep the filters for the next page."""
    values = {name: st.session_state[name] for name in PARAMETERS if name in st.session_state}
    st.session_state[KEPT] = (st.session_state.get(PAGE), values)


def active(filters: Filters) -> None:
    """Say what the figures are for, and offer the way back from a filter."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(filters.said())
        if filters.where:
            st.button(
                "Clear filters", icon=":material/filter_alt_off:", type="tertiary", on_click=clear
            )


def clear() -> None:
    """Take every filter of a dimension back; the period stays."""
    for parameter in (*DIMENSIONS, *SCOPES):
        st.session_state[parameter] = []
    st.session_state["item"] = ""


def narrow(parameter: str, value: str) -> None:
    """Set one filter from a callback: an item by its number, a dimension by one value."""
    st.session_state[parameter] = value if parameter == "item" else [value]


def choose(parameter: str, chart: str) -> Callable[[], None]:
    """Make the callback that turns a chosen bar into a filter.

    Parameters
    ----------
    parameter
        URL parameter of the dimension that the bars stand for.
    chart
        Key of the chart.
    """

    def apply() -> None:
        column = DIMENSIONS[parameter][0]
        marks = st.session_state[chart]["selection"].get("chosen", [])
        if marks:
            st.session_state[parameter] = [mark[column] for mark in marks]

    return apply


def carried() -> dict[str, str | list[str]]:
    """The filters last chosen as URL parameters, to hand on to another page."""
    _, values = st.session_state.get(KEPT, (None, {}))
    standard = {"period": periods.CHOICES[0], "every": EVERY[0]}
    return {
        name: [*value] if isinstance(value, list) else str(value)
        for name, value in values.items()
        if value and value != standard.get(name)
    }
