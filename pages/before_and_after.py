"""Before and after: what did planning this way change, at equal money?"""

from ui import before_after, blocks, shell

chosen = shell.begin(
    "Before and after",
    "For executives and planners: what does this plan fill that months of cover did not, at equal "
    "money on the same past, and what really happened?",
)
rows = before_after.replays()
before_after.said(rows)

shell.section("What changed at equal money?", "All planned parts; filters do not apply.")
before_after.gains()
drawn = before_after.window(rows)
before_after.frontier(drawn)

shell.section("Did the expected fill come true?")
before_after.came_true(drawn)

shell.section("What really happened?")
blocks.trend("availability_rate", chosen)
before_after.path(chosen)
