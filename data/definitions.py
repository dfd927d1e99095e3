"""The text of docs/metrics.md, made from the headers of the SQL files."""

from data.metrics import Metric, catalogue

_INTRODUCTION = """# Metrics

Made from `data/sql/metrics/*.sql` by `python -m data metrics --markdown`; a test holds this page
to the files. A metric is a dated numerator over a denominator at the lowest grain: summed first,
then divided. A denominator of 0 is "no data". `n` is what was judged, `pending` what is not due
yet and stands in neither side. The interval is Wilson's, 95 %; where lines weigh by quantity or
value, n is the effective number of lines (squared sum of weights over sum of squared weights).
"""


def as_markdown() -> str:
    """Return the page."""
    return "\n".join([_INTRODUCTION, *(_section(metric) for metric in catalogue().values())])


def _section(metric: Metric) -> str:
    facts = [
        f"Version {metric.version}",
        f"unit: {metric.unit}",
        f"{metric.better} is better",
        f"kind: {metric.kind}",
    ]
    names = ", ".join(f"`{name}`" for name in metric.dimensions)
    always = ", ".join(f"`{name}`" for name in metric.always)
    split = f"By {names}" + (f"; always split by {always}." if always else ".")
    return (
        f"## {metric.label}: `{metric.metric}`\n\n{metric.description}\n\n"
        f"{' · '.join(facts)}. {split}\n\nSQL: `data/sql/metrics/{metric.metric}.sql`\n"
    )
