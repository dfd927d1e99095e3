"""The one exception of seasonal planning that stands for a mistake of the planner."""


class SeasonError(ValueError):
    """An order to plan or allocate that cannot be carried out.

    The message is one line that names the item, site, date or quantity at fault and says what is
    expected; a command or a page shows it as it stands.
    """
