"""What will sell and who gets how much: the answer, the forecast, the allocation of one season."""

import pandas as pd
import streamlit as st

from forecasting.season.faults import SeasonError
from ui import formats, overrides, queries, show
from ui.season import charts, choosing, figures, planning, records, setting_up
from ui.season.setup import Setup, faults

ALL = "all stores"
HISTORY_WEEKS = 104


def planned(choice: choosing.Choice, setup: Setup) -> planning.Planned:
    """Allocate the set-up in the editors; the page stops at what stands against it."""
    for line in faults(setup, choosing.known()):
        st.warning("Look at the set-up:", icon=":material/warning:")
        st.text(line)
    try:
        found = planning.plan(setup, records.adjustments(choice.season_id))
    except SeasonError as fault:
        st.error("This season cannot be planned yet:", icon=":material/block:")
        st.text(str(fault))
        st.stop()
    return found


def answer(choice: choosing.Choice, setup: Setup, found: planning.Planned) -> None:
    """Say what is bought, sent, kept and left, and where the season stands."""
    items = found.items
    n = formats.lines(len(items), "item")
    n_stores = int((found.lines.groupby("site_id")["qty"].sum() > 0).sum())
    total = items["qty_total"].sum()
    rest = items["qty_rest"].sum()
    figures.row(
        [
            figures.Figure(
                "Total buy",
                formats.count(total),
                f"units of {n}",
                "Sum of the totals in the set-up. Allocated, held back and not placed add up to it "
                "for every item, always.",
            ),
            figures.Figure(
                "Allocated",
                formats.count(items["qty_allocated"].sum()),
                f"to {formats.lines(n_stores, 'store')}, made in {found.seconds:.1f} s",
                "Units that stores get, by the rule of the set-up and the adjustments by hand.",
            ),
            figures.Figure(
                "Held back",
                formats.count(items["qty_held_back"].sum()),
                "released in season as sales come in",
                "Units kept at the centre; the page In season proposes where they go.",
            ),
            figures.Figure(
                "Not placed",
                formats.count(rest),
                "less than a pack, or no store may take it",
                "What does not fill a pack, and what no store may take within its limits. The "
                "notes below the table name each item.",
                ("orange", "look at the notes") if rest >= 0.01 * max(total, 1) else None,
            ),
            _status(choice, setup, found),
        ]
    )


def _status(choice: choosing.Choice, setup: Setup, found: planning.Planned) -> figures.Figure:
    says = (
        "An approval stands for one version of the set-up and the allocation as it was approved; "
        "both are in the journal. A later change is not approved with it."
    )
    approval = records.approvals(choice.season_id)
    if approval.empty:
        return figures.Figure("Status", "Draft", "nobody has approved it", says)
    last = approval.iloc[-1]
    by = f"version {int(last['version'])}; by whom stands below"
    is_same = int(last["version"]) == choice.version and setting_up.is_kept(choice, setup)
    if not (is_same and _sent(found.lines, "qty").equals(_approved(last))):
        return figures.Figure(
            "Status", "Changed", f"since approved, {by}", says, ("orange", "look")
        )
    return figures.Figure("Status", "Approved", by, says, ("green", "approved"))


def _sent(rows: pd.DataFrame, column: str) -> pd.Series:
    """What goes where, places that get nothing left out."""
    sent = rows.set_index(["item_id", "site_id"])[column].astype(float).sort_index()
    return sent[sent > 0].rename("qty")


def _approved(approval: pd.Series) -> pd.Series:
    return _sent(records.approved_rows(approval), "qty_allocated")


def chosen_part(found: planning.Planned) -> tuple[str, str]:
    """Let the reader choose an item and a store; both are in the URL."""
    left, right = st.columns(2)
    goods = queries.ask("season_goods").set_index("item_id")["description"]
    item = left.selectbox(
        "Item",
        found.items["item_id"].to_list(),
        format_func=lambda name: f"{name}  {goods.get(name, 'new')}",
        key="season-item",
        bind="query-params",
    )
    sites = found.lines.loc[found.lines["item_id"] == item, "site_id"]
    site = right.selectbox("Store", [ALL, *sites], key="season-store", bind="query-params")
    return str(item), str(site)


def outlook(setup: Setup, item: str, site: str) -> planning.Outlook:
    """Draw what the chosen item will sell, by week, with its history."""
    found = planning.outlook(setup)
    past, reference = planning.history(setup, item, None if site == ALL else site)
    rows = found.weeks[found.weeks["item_id"] == item]
    if site == ALL:
        coming = rows.groupby("ds", as_index=False)[["mean"]].sum()
        if found.n_level:
            spread = 1.2816 * found.level_doubt
            coming["q_0.1"] = coming["mean"] * max(1 - spread, 0)
            coming["q_0.9"] = coming["mean"] * (1 + spread)
    else:
        coming = rows[rows["site_id"] == site]
    name = item if site == ALL else f"{item} at {site}"
    show.finding(
        charts.outlook(past.tail(HISTORY_WEEKS), reference, coming, name),
        rows,
        name="seasonal-forecast",
        provenance=queries.provenance([], f"Season: {setup.season_id}; {name}"),
    )
    doubt = formats.rate(found.level_doubt, 100)
    measured = (
        f"the same forecast, made for the reference season, was off by {doubt} on "
        f"{formats.lines(found.n_level, 'item')}"
        if found.n_level
        else "too little history to measure how far totals are off; 30 % is taken"
    )
    st.caption(
        "Grey: sold. Dotted: the reference season, laid over this one. Dashed: expected, in the "
        f"band that 8 in 10 weeks fall into; {measured}. The forecast is of demand, not of sales: "
        "what empty shelves hid is filled in from the stores that had stock, so it can lie above "
        "what was sold."
    )
    return found


def lines(setup: Setup, found: planning.Planned, ahead: planning.Outlook, item: str) -> None:
    """Draw the allocation of the chosen item over the stores, and list every line."""
    rows = planning.with_outlook(found.lines, ahead)
    mine = rows[rows["item_id"] == item]
    provenance = queries.provenance([], f"Season: {setup.season_id}")
    show.finding(charts.stores(mine, item), mine, name="stores", provenance=provenance)
    st.caption(
        "Blue: allocated, on top of what the store has (grey). Amber: what it will probably sell, "
        "8 in 10 seasons lie on the line. The rule decides by the shares of the stores; the total "
        "is what was bought, so all stores can lie above or below what they will sell."
    )
    by_hand = (rows["qty_moved"] != 0).any()
    columns = [
        show.Column("item_id", "Item", pinned=True),
        show.Column("site_id", "Store", pinned=True),
        show.Column("qty", "Allocated", formats.quantity),
        show.Column("qty_moved", "of it by hand", signed) if by_hand else None,
        show.Column("qty_on_hand", "On hand", formats.quantity),
        show.Column("qty_expected", "Expected to sell", overrides.rounded),
        show.Column("share", "Share", share, says="Of the chain's demand for the item."),
        show.Column("chance_lasts", "Chance it lasts", chance, says="Until the season's end."),
        show.Column("qty_lost", "Lost sales", overrides.rounded, says="Expected, units."),
    ]
    show.table(
        rows.sort_values(["item_id", "qty"], ascending=[True, False]),
        [column for column in columns if column is not None],
        name="allocation",
        said="What each store gets of each item",
        provenance=provenance,
    )
    notes(found)


def notes(found: planning.Planned) -> None:
    """List what was left out and what was decided on the way."""
    told = [f"item {item} left out: {why}" for item, why in found.refused] + found.notes
    if not told:
        return
    with st.expander(formats.lines(len(told), "note"), expanded=bool(found.refused)):
        for line in told[:100]:
            st.text(line)
        if len(told) > 100:
            st.caption(f"{len(told) - 100} more.")


def signed(value: float) -> str:
    """Write a difference with its sign; nothing for none."""
    return "" if not value else f"{'+' if value > 0 else formats.MINUS}{abs(value):,.0f}"


def share(value: float) -> str:
    """Write a share of the chain with one decimal."""
    return "" if pd.isna(value) else f"{value * 100:.1f} %"


def chance(value: float) -> str:
    """Write a chance without false digits."""
    return "" if pd.isna(value) else formats.rate(float(value), 100)
