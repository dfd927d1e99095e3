"""Seasonal plan: what is bought for a season, what will sell where, and who gets how much?"""

import streamlit as st

from ui import shell
from ui.season import allocating, approving, choosing, setting_up

shell.header(
    "Seasonal plan",
    "For the grocer's planners: what is bought for a season, what will sell where, and which store "
    "gets how much?",
)
shell.require_build()
choice = choosing.choose()
choosing.sign()
answer = st.container()

shell.section("What is the season?", "Every change is answered below at once.")
setup = setting_up.edited(choice)
found = allocating.planned(choice, setup)
with answer:
    allocating.answer(choice, setup, found)

shell.section("What will sell?", "By item, store and week, from the sales before the first day.")
item, store = allocating.chosen_part(found)
ahead = allocating.outlook(setup, item, store)

shell.section("Which store gets how much?", "Of the item chosen above; the table has all items.")
allocating.lines(setup, found, ahead, item)
approving.waves(found)

shell.section("What do you know better?", "Moved by hand, with a reason; the totals stay.")
left, right = st.columns(2, gap="medium")
with left:
    approving.adjust(choice, found, item)
with right:
    approving.adjusted(choice)

shell.section("Is it approved?", "Kept in the journal with author and reason; never overwritten.")
approving.approve(choice, setup, found)
