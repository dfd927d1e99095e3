"""Write docs/commands.md out of the command lines: `python tools/describe_commands.py`."""

import argparse
import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

PROGRAMS = ("data", "forecasting")

_INTRODUCTION = """# Commands

Made from the command lines by `python tools/describe_commands.py`; a test holds this page to them.

Every command prints what came out and takes `--help`, and `--json` for machines. Exit status: 0
done (rows may have been rejected, and it says how many), 1 a file was refused or a check failed
(the rest is done), 2 a mistake in the command; always one clear line on stderr. A FILE is CSV or
Parquet by its ending. The same input and seed give the same output.
"""


def as_markdown() -> str:
    """Return the page."""
    sections = [
        _section(f"{program} {name}", parser)
        for program in PROGRAMS
        for name, parser in _commands(program).items()
    ]
    return "\n".join([_INTRODUCTION, *sections])


def _commands(program: str) -> dict[str, argparse.ArgumentParser]:
    parser = importlib.import_module(f"{program}.__main__").parser()
    (subparsers,) = (
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    return dict(subparsers.choices)


def _section(command: str, parser: argparse.ArgumentParser) -> str:
    rows = [_row(action) for action in parser._actions if action.dest != "help"]
    return (
        f"## `python -m {command}`\n\n{parser.description}\n\n"
        "| argument | needed | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _row(action: argparse.Action) -> str:
    name = " / ".join(action.option_strings) or str(action.metavar or action.dest)
    if action.option_strings and action.nargs != 0:
        name += f" {action.metavar}" if isinstance(action.metavar, str) else " VALUE"
    meaning = (action.help or "").replace("%(default)s", str(action.default)).replace("|", "\\|")
    if action.choices:
        one_of = "one of " + ", ".join(f"`{choice}`" for choice in action.choices)
        meaning = f"{meaning}; {one_of}" if meaning else one_of
    needed = "yes" if action.required else "optional"
    return f"| `{name}` | {needed} | {meaning} |"


if __name__ == "__main__":
    (ROOT / "docs" / "commands.md").write_text(as_markdown(), encoding="utf-8")
