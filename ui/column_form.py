"""One column of a feed in the form of a mapping: from where, and how its values are read."""

import datetime as dt
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.contract import Column
from data.suggest import Suggestion
from data.suggesting.dates import EXCEL
from data.suggesting.propose import Proposal, swapped
from ui import formats

LEAVE_OUT = "(not in this file)"
CONSTANT = "(the same on every row)"
AS_IT_STANDS = "as they stand"
MARKS: dict[str, dict[str, str]] = {
    AS_IT_STANDS: {},
    "1234.5": {"decimal": "."},
    "1,234.5": {"decimal": ".", "thousands": ","},
    "1234,5": {"decimal": ","},
    "1.234,5": {"decimal": ",", "thousands": "."},
    "1 234,5": {"decimal": ",", "thousands": " "},
    "1 234.5": {"decimal": ".", "thousands": " "},
    "1'234.5": {"decimal": ".", "thousands": "'"},
}
"""How numbers may be written: an example, and the keys of the mapping that say so."""
FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y",
    "%d.%m.%y", "%d-%b-%Y", "%d-%b-%y", "%Y%m%d", "%Y/%m/%d", EXCEL,
)  # fmt: skip
EXAMPLE = dt.datetime(2026, 12, 31, 14, 5, tzinfo=dt.UTC)
SEPTEMBER = dt.datetime(2026, 9, 30, 14, 5, tzinfo=dt.UTC)
N_VALUES = 50


def rule(
    column: Column, proposal: Proposal | None, found: Suggestion, key: str
) -> dict[str, Any] | None:
    """Draw the form of one column; return the keys of its rule, None where the mapping is silent.

    Parameters
    ----------
    column
        Column of the feed.
    proposal
        What was proposed for it, if anything.
    found
        What was found in the file.
    key
        Begins the names of the widgets.
    """
    with st.container(key=f"{key}-row", gap="xsmall"):
        name, source, how, more = st.columns([1.2, 1.4, 1.7, 0.6], gap="small")
        with name:
            _name(column)
        with source:
            place = _place(column, proposal, found, key)
        if place == LEAVE_OUT:
            taken = any(one.name.strip().casefold() == column.name for one in found.file_columns)
            return {"constant": ""} if taken and not column.required else None
        with how:
            made = (
                _constant(column, proposal, key)
                if place == CONSTANT
                else _read(
                    column, _of(column, place, proposal, found), found, f"{key}-{place}", more
                )
            )
        _evidence(column, place, proposal, found)
    return made


def _name(column: Column) -> None:
    unit = f" Unit: {column.unit}." if column.unit else ""
    allowed = f" One of: {', '.join(column.allowed)}." if column.allowed else ""
    needed = " :gray[needed]" if column.required else ""
    st.markdown(f"**{column.name}**{needed}", help=f"{column.meaning}.{unit}{allowed}")


def _place(column: Column, proposal: Proposal | None, found: Suggestion, key: str) -> str:
    """Ask where the values come from: a column of the file, one text, or nowhere."""
    names = [one.name for one in found.file_columns if one.name]
    options = [LEAVE_OUT, CONSTANT, *names]
    told = proposal.rule if proposal is not None and proposal.is_active else {}
    preset = told.get("column", CONSTANT if "constant" in told else LEAVE_OUT)
    return st.selectbox(
        f"Where {column.name} comes from",
        options,
        index=options.index(preset) if preset in options else 0,
        key=f"{key}-from",
        label_visibility="collapsed",
    )


def _of(column: Column, place: str, proposal: Proposal | None, found: Suggestion) -> Proposal:
    """Return how the values of the chosen column would be read."""
    if proposal is not None and proposal.rule.get("column") == place:
        return proposal
    return found.of_choice(column.name, place)


def _constant(column: Column, proposal: Proposal | None, key: str) -> dict[str, Any] | None:
    told = "" if proposal is None else str(proposal.rule.get("constant", ""))
    if column.allowed:
        choice = st.selectbox(
            f"{column.name} on every row",
            column.allowed,
            index=column.allowed.index(told) if told in column.allowed else None,
            key=f"{key}-constant",
            label_visibility="collapsed",
            placeholder="Choose",
        )
        return {"constant": choice} if choice else None
    text = st.text_input(
        f"{column.name} on every row",
        told,
        key=f"{key}-constant",
        label_visibility="collapsed",
        placeholder="2026-12-31" if column.kind == "date" else "Text on every row",
    ).strip()
    return {"constant": text} if text else None


def _evidence(column: Column, place: str, proposal: Proposal | None, found: Suggestion) -> None:
    """Say what the column holds, why it was proposed, and what is to be decided.

    All of it quotes the file: it is text, never markdown.
    """
    is_proposed = proposal is not None and place in (
        proposal.rule.get("column"),
        CONSTANT if "constant" in proposal.rule else None,
    )
    lines: list[str] = []
    questions: tuple[str, ...] = ()
    if place not in (LEAVE_OUT, CONSTANT):
        shown = next(one for one in found.file_columns if one.name == place)
        lines.append("holds " + (", ".join(shown.examples[:4]) or "nothing"))
        questions = _of(column, place, proposal, found).questions
    if proposal is not None and is_proposed:
        lines.append(f"{proposal.confidence:.0%} sure: " + "; ".join(proposal.evidence))
        questions = proposal.questions or (("is this the right column?",) * (not proposal.is_sure))
    lines += [f"to decide: {question}" for question in questions]
    if proposal is not None and proposal.others and not proposal.is_sure:
        lines.append("it may also be " + ", ".join(proposal.others))
    if lines:
        st.text("\n".join(formats.shortened(line, 220) for line in lines))


def _read(
    column: Column, told: Proposal, found: Suggestion, key: str, more: DeltaGenerator
) -> dict[str, Any]:
    """Ask how the values of a column of the file are read; rare questions stand behind `more`."""
    made = dict(told.rule)
    if column.kind in ("date", "instant"):
        _dates(column, told, made, found, key)
    elif column.is_number:
        _numbers(column, made, key)
    with more, st.popover("More", type="tertiary", key=f"{key}-more"):
        _missing(column, made, found, key)
        if column.kind == "instant" or "timezone" in made:
            _zone(made, key)
        if column.is_number:
            _factors(made, key)
        elif column.kind in ("flag", "code"):
            _codes(column, made, found, key)
    return made


def _dates(
    column: Column, told: Proposal, made: dict[str, Any], found: Suggestion, key: str
) -> None:
    proposed = tuple(made.get("formats", ()))
    is_open = any("formats = " in question for question in told.questions)
    profile = next(one for one in found.profiles if one.name == made["column"])
    either = (*profile.date_formats, *swapped(profile.date_formats)) if is_open else ()
    chosen = st.multiselect(
        f"How the dates of {column.name} are written",
        list(dict.fromkeys((*proposed, *either, *FORMATS))),
        default=list(proposed),
        format_func=written,
        key=f"{key}-formats",
        accept_new_options=True,
        label_visibility="collapsed",
        placeholder="Day or month first?" if is_open else "2026-12-31 (ISO)",
    )
    made.pop("formats", None)
    if chosen:
        # Short years first: %Y would read 14 as the year 14.
        made["formats"] = sorted(chosen, key=lambda one: "%y" not in one)


def written(form: str) -> str:
    """Show a format by an example: '31/12/2026'."""
    if form == EXCEL:
        return "46387 (days as Excel counts them)"
    return f"{SEPTEMBER if '%bt' in form else EXAMPLE:{form}}"


def _numbers(column: Column, made: dict[str, Any], key: str) -> None:
    told: dict[str, str] = {
        name: made.pop(name) for name in ("decimal", "thousands") if name in made
    }
    options = dict(MARKS)
    if told and told not in options.values():
        options = {f"decimals {told.get('decimal')!r}, {told.get('thousands')!r}": told, **options}
    preset = next((label for label, keys in options.items() if keys == told), AS_IT_STANDS)
    chosen = st.selectbox(
        f"How the numbers of {column.name} are written",
        list(options),
        index=list(options).index(preset),
        key=f"{key}-marks",
        label_visibility="collapsed",
        format_func=lambda label: f"numbers {label}" if label == AS_IT_STANDS else label,
    )
    made |= options[chosen]


def _missing(column: Column, made: dict[str, Any], found: Suggestion, key: str) -> None:
    told = list(made.pop("missing", ()))
    shown = next(one for one in found.file_columns if one.name == made["column"])
    chosen = st.multiselect(
        "Texts that stand for nothing",
        list(dict.fromkeys((*told, *shown.examples, "N/A", "-"))),
        default=told,
        key=f"{key}-missing",
        accept_new_options=True,
    )
    if chosen:
        made["missing"] = chosen
    blank = st.text_input("A blank means", made.pop("blank", ""), key=f"{key}-blank").strip()
    if blank:
        made["blank"] = blank


def _zone(made: dict[str, Any], key: str) -> None:
    zones = sorted(available_timezones())
    told = made.pop("timezone", None)
    chosen = st.selectbox(
        "Time zone of points in time",
        zones,
        index=zones.index(told) if told in zones else None,
        key=f"{key}-zone",
        placeholder="as written, else UTC",
    )
    if chosen:
        made["timezone"] = chosen


def _factors(made: dict[str, Any], key: str) -> None:
    factor = st.text_input(
        "Multiply by", made.pop("factor", ""), key=f"{key}-factor", placeholder="1"
    ).strip()
    if factor:
        made["factor"] = factor
    minus = made.pop("trailing_minus", False)
    if st.checkbox("A minus may stand behind the number", minus, key=f"{key}-minus"):
        made["trailing_minus"] = True
    if "units" in made:
        st.caption("Units beside the numbers, and the factor of each")
        made["units"] = _pairs(made["units"], ("unit", "factor"), f"{key}-units")


def _codes(column: Column, made: dict[str, Any], found: Suggestion, key: str) -> None:
    """Offer a code list for what has codes of ours, or where the proposal has one."""
    allowed = column.allowed or (("true", "false") if column.kind == "flag" else ())
    told = dict(made.pop("codes", {}))
    if not allowed and not told:
        return
    known = {word.casefold() for word in allowed}
    values = next(one for one in found.profiles if one.name == made["column"]).values
    open_ones = [value for value in list(values)[:N_VALUES] if value.casefold() not in known]
    st.caption("The file's words, and ours")
    codes = _pairs({**dict.fromkeys(open_ones, ""), **told}, ("word", "ours"), f"{key}-codes")
    if codes:
        # With a list, a word that is not in it is a fault: ours stay what they are.
        ours = {one: one.casefold() for one in values if one.casefold() in known}
        made["codes"] = {**ours, **codes}


def _pairs(told: dict[str, Any], names: tuple[str, str], key: str) -> dict[str, str]:
    """Edit a small table of two columns of text; rows without a second text are left out."""
    edited = st.data_editor(
        pd.DataFrame([(one, str(other)) for one, other in told.items()], columns=list(names)),
        num_rows="dynamic",
        hide_index=True,
        key=key,
    )
    rows = edited.fillna("").itertuples(index=False)
    return {str(one): str(other) for one, other in rows if str(other).strip()}
