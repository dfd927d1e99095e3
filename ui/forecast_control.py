"""Whether the errors of a forecast lie to one side by more than chance."""

import numpy as np
import pandas as pd

from ui import formats

CONTROL = 0.5
"""A tracking signal beyond this is out of control, where there are enough errors to say so."""
CHANCE = 2.5
"""Over the root of the number of errors: what a signal reaches by chance 1 time in 20."""
LEAST = 8
"""Errors under which a tracking signal says nothing."""
OUT, WELL, FEW = "out of control", "in control", "too few to judge"
RULE = (
    f"Out of control: beyond {CONTROL:g}, and beyond {CHANCE:g} / √n, which chance reaches 1 time "
    f"in 20. Under {LEAST} errors nothing is said."
)


def states(signal: "pd.Series[float]", n_errors: "pd.Series[int]") -> list[str]:
    """Judge tracking signals: of few errors many lie to one side by chance alone."""
    limit = np.maximum(CONTROL, CHANCE / np.sqrt(n_errors))
    judged = np.where(signal.abs() > limit, OUT, WELL)
    return [str(state) for state in np.where(n_errors < LEAST, FEW, judged)]


def finding(state: "pd.Series[str]") -> str:
    """Say how many are out of control, of how many, and how many were not judged."""
    n_out, n_few = int((state == OUT).sum()), int((state == FEW).sum())
    if n_few == len(state):
        return f"No forecast has {LEAST} errors yet: too few to judge."
    said = (
        f"{formats.lines(n_out, 'forecast')} of {len(state) - n_few:,} out of control: their "
        "errors lie to one side by more than chance"
    )
    few = f"; {n_few:,} more have under {LEAST} errors, too few to judge" if n_few else ""
    return f"{said}{few}."
