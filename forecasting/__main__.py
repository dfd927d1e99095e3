"""`python -m forecasting COMMAND`: what will be asked for, what to stock, and where to send it.

Each module in `forecasting.commands` whose name has no leading underscore adds its own command
with `register(subparsers)` and names the function that carries it out with
`set_defaults(run=...)`; that function takes the parsed arguments and returns the exit status:
0 done, 1 a file was refused or a check failed, 2 a mistake of the caller.
"""

import argparse
import importlib
import os
import pkgutil
import sys

from data.errors import UserError
from forecasting import commands


def parser() -> argparse.ArgumentParser:
    """Build the command line out of every module in `forecasting.commands`."""
    top = argparse.ArgumentParser(
        prog="python -m forecasting", description=(__doc__ or "").split("\n")[0]
    )
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda found: found.name):
        if not module.name.startswith("_"):
            importlib.import_module(f"forecasting.commands.{module.name}").register(subparsers)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except UserError as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader of our output went away (`| head`): nothing more to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
