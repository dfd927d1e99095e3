"""Reading the values of a TOML file: each is what is expected, or the mistake is named."""

import codecs
from typing import Any

from data.errors import UserError


def only(told: dict[str, Any], known: set[str], at: str) -> None:
    """Refuse keys that are not known."""
    for key in told:
        if key not in known:
            raise UserError(f"{at}: unknown key {key!r} (known: {', '.join(sorted(known))})")


def table(told: object, at: str) -> dict[str, Any]:
    """Return a table of keys."""
    if not isinstance(told, dict):
        raise UserError(f"{at} is {told!r}; a table of keys is expected")
    return told


def text(told: object, at: str) -> str:
    """Return a text; a number is taken as it is written."""
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        raise UserError(f"{at} is {told!r}; a text is expected")
    return str(told)


def texts(told: object, at: str) -> tuple[str, ...]:
    """Return texts; one text alone is a list of one."""
    return tuple(text(one, at) for one in (told if isinstance(told, list) else [told]))


def whole(told: object, at: str, least: int, most: int) -> int:
    """Return a whole number within limits."""
    if isinstance(told, bool) or not isinstance(told, int) or not least <= told <= most:
        raise UserError(f"{at} is {told!r}; a whole number from {least} to {most} is expected")
    return told


def encoding(told: object, at: str) -> str:
    """Return Python's name of an encoding."""
    try:
        return codecs.lookup(text(told, at)).name
    except LookupError:
        raise UserError(f"{at}: encoding {told!r} is not known") from None
