"""Data health: what was loaded, what was rejected and why, and what is missing?"""

from ui import health, reconciling, shell

shell.header(
    "Data health",
    "For whoever loads the data and whoever doubts a figure: what was loaded, what was rejected "
    "and why, and what is missing?",
)
shell.require_build()
health.last_failure()
health.answer()

shell.section("What was loaded?", "One row per file and feed; newest first.")
health.loads()
shell.section("What was rejected, and why?", "Mend the rows in the file and load it again.")
health.rejects()
shell.section("Does every row add up?", "From the file to what is in use, to the row.")
reconciling.section()
shell.section("What is missing?", "A gap in a month is a file that did not come.")
health.coverage()
shell.section("What waits for its partner?", "Kept, and matched as soon as the partner comes.")
health.asides()
shell.section("Whose days count?", "Time zone and working days of each site.")
health.sites()
shell.section("Do the figures hold?", "A build with a failed check is not published.")
health.checks()
shell.onward("pages/load_data.py", "Load more data", ":material/upload_file:")
