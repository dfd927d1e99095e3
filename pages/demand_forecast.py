"""Demand forecast: what will be asked for, how sure is that, and where is the forecast off?"""

import streamlit as st

from ui import cards, forecasts, overrides, shell

chosen = shell.begin(
    "Demand forecast",
    "For supply planners: what will be asked for, how sure is that, and where is the forecast off?",
)
run = forecasts.run()
every = forecasts.EVERY[run["freq"]]
cards.row(["wape", "bias", "forecast_value_added"], chosen)

rows = forecasts.series(chosen)
shell.section("What will be asked for?")
part = forecasts.choose(rows)
ahead = forecasts.ahead(part, run)
forecasts.legend()

shell.section("Why this model?", "Past forecasts, each made from what lay before it only.")
forecasts.why(part)

shell.section("What do you know that the forecast does not?", "Kept beside it, never in it.")
left, right = st.columns(2, gap="medium")
with left:
    overrides.form(part["item_id"], part["site_id"], ahead, every)
with right:
    overrides.listed(part["item_id"], part["site_id"], every, chosen.as_of)
forecasts.judged(run, chosen.as_of)

shell.section("Where is the forecast off?", "One lead time ahead; open a row to see it above.")
forecasts.board(rows, chosen)

shell.section("What does it add up to?", "Expected demand adds up; intervals do not.")
forecasts.totals(run, chosen)
