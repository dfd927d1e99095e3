"""Figures of a season as equal cards, each with its definition one click away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui import cards, queries


@dataclass(frozen=True)
class Figure:
    """One card.

    Attributes
    ----------
    label, value
        What it is, and how much.
    below
        One quiet line: n, the interval, what it is compared with.
    says
        What counts; opens from the card, under the definition of the metric where there is one.
    metric
        Identifier of the metric that the figure is.
    badge
        Colour and word of a state; None shows none.
    """

    label: str
    value: str
    below: str
    says: str
    badge: tuple[Any, str] | None = None
    metric: str = ""


def row(figures: Sequence[Figure]) -> None:
    """Draw at most five cards beside each other."""
    grid = st.grid(min(5, len(figures)), min_column_width=160, gap="small", border=True)
    for figure in figures:
        with grid.cell(), st.container(gap="xsmall"):
            st.metric(figure.label, figure.value)
            if figure.badge is not None:
                st.badge(figure.badge[1], color=figure.badge[0])
            st.caption(figure.below)
            with st.popover("Definition", type="tertiary", key=f"says-{figure.label}"):
                known = queries.catalogue().get(figure.metric)
                if known is not None:
                    cards.define(known)
                st.text(figure.says)
