"""The one exception that stands for a mistake of the user rather than of the program."""


class UserError(Exception):
    """A mistake in a file, a mapping or a command.

    The message is one line that says what was found, where, and what is expected. Commands print
    it and pages show it; any other exception is a bug and is left to surface in the log.
    """
