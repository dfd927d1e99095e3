"""Supply Desk: the router. Each page is a file in `pages/`; what they share is in `ui/`."""

from pathlib import Path

import streamlit as st

from ui import shell

# A picture of our own: an icon named by its font would be fetched from outside.
ICON = Path(__file__).parent / "ui" / "icon.png"
st.set_page_config(page_title="Supply Desk", page_icon=ICON, layout="wide")

OVERVIEW = st.Page(
    "pages/overview.py",
    title="Overview",
    icon=":material/monitoring:",
    help="Are customers getting what they ordered, when they asked?",
    default=True,
)
FILL_RATE = st.Page(
    "pages/fill_rate.py",
    title="Fill rate",
    icon=":material/stacked_bar_chart:",
    help="What share was shipped by the due date, where not, and which lines.",
)
CHOKE_POINTS = st.Page(
    "pages/choke_points.py",
    title="Choke points",
    icon=":material/filter_alt:",
    help="What caused the missed units: which part, site, supplier or step.",
)
DEMAND_FORECAST = st.Page(
    "pages/demand_forecast.py",
    title="Demand forecast",
    icon=":material/insights:",
    help="What will be asked for, how sure is that, and where is the forecast off.",
)
STOCK_DECISIONS = st.Page(
    "pages/stock_decisions.py",
    title="Stock decisions",
    icon=":material/inventory_2:",
    help="What to order and move now, from whom, how much, and what it buys.",
)
PROMISE_DATES = st.Page(
    "pages/promise_dates.py",
    title="Promise dates",
    icon=":material/event_available:",
    help="Do suppliers promise, keep it, and what comes late next?",
)
SUPPLIERS = st.Page(
    "pages/suppliers.py",
    title="Suppliers",
    icon=":material/factory:",
    help="Which suppliers keep their promises, and how sure is that.",
)
SUPPLIER_PACK = st.Page(
    "pages/supplier_pack.py",
    title="Supplier pack",
    icon=":material/folder_shared:",
    help="Everything for the talk with one supplier, to print and to take along.",
)
ENGINE_LINE = st.Page(
    "pages/engine_line.py",
    title="Engine line",
    icon=":material/precision_manufacturing:",
    help="Were the parts there in time, and what do the next builds wait for.",
)

BEFORE_AND_AFTER = st.Page(
    "pages/before_and_after.py",
    title="Before and after",
    icon=":material/compare_arrows:",
    help="What this plan fills that months of cover did not, at equal money on the same past.",
)

page = st.navigation(
    {
        "Executives": [
            OVERVIEW,
            st.Page(
                "pages/governance.py",
                title="Governance",
                icon=":material/checklist:",
                help="Which KPIs were agreed, who answers for them, and are they met.",
            ),
        ],
        "Planners and provider": [
            FILL_RATE,
            CHOKE_POINTS,
            DEMAND_FORECAST,
            STOCK_DECISIONS,
            st.Page(
                "pages/what_if.py",
                title="What if",
                icon=":material/tune:",
                help="What another target, budget, demand or lead time would cost and buy.",
            ),
            BEFORE_AND_AFTER,
            st.Page(
                "pages/order_line.py",
                title="Order line",
                icon=":material/route:",
                help="The whole story of one order line, with the files it came from.",
            ),
        ],
        "Suppliers and engine line": [
            PROMISE_DATES,
            SUPPLIERS,
            SUPPLIER_PACK,
            ENGINE_LINE,
            st.Page(
                "pages/trace.py",
                title="Trace",
                icon=":material/account_tree:",
                help="One build or order line through stock, purchases, promises and suppliers.",
            ),
        ],
        "Seasons": [
            st.Page(
                "pages/seasonal_plan.py",
                title="Seasonal plan",
                icon=":material/calendar_month:",
                help="Set up a season, see what will sell, and share the buy out over the stores.",
            ),
            st.Page(
                "pages/in_season.py",
                title="In season",
                icon=":material/trending_up:",
                help="Is it selling as planned, what should move, and who gets what is held back?",
            ),
            st.Page(
                "pages/allocation_errors.py",
                title="Allocation errors",
                icon=":material/rule:",
                help="How much stood in the wrong store, what was avoidable, what it cost.",
            ),
            st.Page(
                "pages/out_of_contract.py",
                title="Out of contract",
                icon=":material/request_quote:",
                help="What the tool would have saved in a business unit that it does not plan.",
            ),
        ],
        "Data": [
            st.Page(
                "pages/data_health.py",
                title="Data health",
                icon=":material/fact_check:",
                help="What was loaded, what was rejected and why, and what is missing.",
            ),
            st.Page(
                "pages/load_data.py",
                title="Load data",
                icon=":material/upload_file:",
                help="Look at files before they are loaded, load them, and build.",
            ),
            st.Page(
                "pages/definitions.py",
                title="Definitions",
                icon=":material/menu_book:",
                help="Every metric: what counts, its version and its SQL.",
            ),
        ],
    },
    position="top",
)
OF_STOCK = (STOCK_DECISIONS, PROMISE_DATES, SUPPLIERS, SUPPLIER_PACK, ENGINE_LINE)
shell.run(
    page,
    has_filters=page
    in (OVERVIEW, FILL_RATE, CHOKE_POINTS, DEMAND_FORECAST, BEFORE_AND_AFTER, *OF_STOCK),
    without=("customer", "segment") if page in OF_STOCK else (),
)
