"""Suppliers: which really keep their promises, and how sure is that?"""

from ui import promises, shell, suppliers

HEADLINES = [
    "promise_adherence_first",
    "promise_adherence_last",
    "unit_on_time_rate",
    "acceptance_rate",
    "late_edit_rate",
]

chosen = promises.for_suppliers(
    shell.begin(
        "Suppliers",
        "For provider teams: which suppliers keep their promises, how sure is that, and what do "
        "they hold up?",
    )
)
promises.headlines(HEADLINES, chosen)
promises.started(suppliers.RATES)
shell.section("Who performs, who does not?")
suppliers.table(chosen)
shell.onward("pages/promise_dates.py", "To the promises", ":material/event_available:")
