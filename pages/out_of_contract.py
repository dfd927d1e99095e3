"""Out of contract: what would the tool have saved in a business unit that it does not plan?"""

from ui import shell
from ui.season import case_page

shell.header(
    "Out of contract",
    "For client and provider: what would the tool have saved in a business unit that it does not "
    "plan, how sure is that, and what does the figure take for granted?",
)
shell.require_build()
case = case_page.choose()
case_page.answer(case)

shell.section("What would the tool have saved?", "It ran beside the rule in use, and decided none.")
case_page.by_season(case)
shell.section("Where?", "Items on which the tool would have done worse stand at the end.")
case_page.by_item(case)
shell.section("What does this take for granted?")
case_page.assumed(case)
shell.onward("pages/allocation_errors.py", "What the tool did where it plans", ":material/rule:")
