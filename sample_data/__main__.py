"""`python -m sample_data`: simulate engine maker and grocer, write their feeds and the README."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from sample_data.grocer.feeds import write_grocer
from sample_data.grocer.outcome import season_figures
from sample_data.grocer.settings import GrocerSettings
from sample_data.grocer.trading import simulate_grocer
from sample_data.product_policy import product_policy
from sample_data.readme import figures, write_figures
from sample_data.settings import Settings
from sample_data.simulation import simulate

HOME = Path(__file__).parent


def main(argv: list[str] | None = None) -> int:
    """Simulate and write; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sample_data", description=__doc__)
    parser.add_argument("--seed", type=int, default=Settings().seed, help="seed of every draw")
    parser.add_argument(
        "--out", type=Path, help="write the feeds there and leave sample_data as it is"
    )
    arguments = parser.parse_args(argv)
    settings = replace(Settings(), seed=arguments.seed)
    run = simulate(settings, product_policy())
    folder = arguments.out or HOME / "feeds"
    grocer = replace(GrocerSettings(), seed=arguments.seed)
    trading = simulate_grocer(grocer)
    written = run.write(folder).joined(*write_grocer(trading, folder))
    if arguments.out is None:
        old = simulate(settings).monthly()
        kept = simulate_grocer(replace(grocer, tool_start=None))
        text = [figures(run, old, written, folder), season_figures(trading, kept)]
        write_figures("\n\n".join(text), HOME / "README.md")
    for feed, n in sorted(written.rows.items()):
        print(f"{feed:22}{n:>10,} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
