"""The figures in `sample_data/README.md`, written from the run that made the feeds."""

from pathlib import Path

import pandas as pd

from sample_data.feeds import Written
from sample_data.simulation import Run

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    """Lines of a Markdown table."""
    body = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(cells)} |" for cells in body]


def shown(files: tuple[str, ...]) -> str:
    """A few file names, or how many there are."""
    return ", ".join(f"`{name}`" for name in files) if len(files) < 4 else f"{len(files)} files"


def figures(run: Run, old: pd.DataFrame, written: Written, folder: Path) -> str:
    """Rows, faults, events and monthly outcome of a run as Markdown.

    `old` is the monthly outcome of the same business under the old rule all the time.
    """
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    rows = [[f"`{feed}`", f"{n:,}"] for feed, n in sorted(written.rows.items())]
    faults = [[f.name, str(f.n), shown(f.files), f.outcome] for f in written.faults]
    events = [[name, f"{n:,}"] for name, n in written.events.items()]
    months = [
        [
            str(month),
            f"{row['n_lines']:,.0f}",
            f"{row['availability']:.1%}",
            f"{row['n_orders']:,.0f}",
            f"{row['on_time']:.1%}",
            f"{row['value_fill']:.1%}",
            f"{row['stock_value'] / 1e6:.2f}",
            f"{was['availability']:.1%}",
            f"{was['on_time']:.1%}",
            f"{was['value_fill']:.1%}",
            f"{was['stock_value'] / 1e6:.2f}",
        ]
        for (month, row), (_, was) in zip(run.monthly().iterrows(), old.iterrows(), strict=True)
    ]
    parts = [
        [
            str(month),
            f"{row['n_requirements']:,.0f}",
            f"{row['line_side_on_time']:.1%}",
            f"{row['n_engines']:.0f}",
            f"{row['engines_on_time']:.0f}",
        ]
        for month, row in run.monthly_line_side().iterrows()
    ]
    outcome = ["month", "order lines", "availability", "orders judged", "orders on time"]
    outcome += ["value fill", "stock"]
    outcome += ["old rule: availability", "orders on time", "value fill", "stock"]
    return "\n".join(
        [
            f"### Rows ({size:.1f} MB in all)",
            "",
            *table(["feed", "rows"], rows),
            "",
            "### Planted faults",
            "",
            *table(["fault", "rows", "in", "what becomes of it"], faults),
            "",
            "### What went wrong by itself",
            "",
            *table(["what", "order lines"], events),
            "",
            "### What came out, by month of the order",
            "",
            *table(outcome, months),
            "",
            "Availability: order lines that the free stock at the opening of the day covered. "
            "On time: orders complete by the requested date. Value fill: value shipped by the "
            "requested date. Stock: mean value of free stock "
            "[million EUR]. Orders of the last weeks are judged only where they were wanted soon.",
            "",
            "### The engine line, by month of the need date and of the requested ship date",
            "",
            *table(["month", "requirements", "there in time", "engines due", "on time"], parts),
        ]
    )


def write_figures(text: str, readme: Path) -> None:
    """Put the figures between their marks."""
    page = readme.read_text(encoding="utf-8")
    head, tail = page.split(BEGIN)[0], page.split(END)[1]
    readme.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", encoding="utf-8")
