"""What if: what would another target, budget, demand or lead time cost and buy?"""

from ui import planning, shell, what_if, what_if_inputs

shell.header(
    "What if",
    "For supply planners: what would another target or budget, more demand, longer lead times, "
    "other prices or a late supplier cost and buy, over all parts at once?",
)
shell.require_build()
planning.require()
pair = what_if_inputs.both()
first, second = what_if.answers(*pair)

shell.section("What do they come to?")
what_if.figures(first, second)

shell.section("What does money buy?")
what_if.frontier(first, second, pair)

shell.section("Which parts change most?")
what_if.parts(first, second)

shell.section("Keep and share", "The address of this page holds every input.")
what_if.keep()

shell.onward("pages/stock_decisions.py", "What to order now", ":material/inventory_2:")
