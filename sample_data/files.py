"""Files as a client writes them: CSV, a workbook, Parquet; the same bytes for the same tables."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Cells as a client's export writes them: ISO dates, plain numbers, blanks."""
    written = pd.DataFrame(index=rows.index)
    for name, column in rows.items():
        if pd.api.types.is_datetime64_any_dtype(column):
            form = "%Y-%m-%d %H:%M:%S" if str(name).endswith("_at") else "%Y-%m-%d"
            text = column.dt.strftime(form)
        elif pd.api.types.is_bool_dtype(column):
            text = column.astype("boolean").map({True: "true", False: "false"})
        elif pd.api.types.is_float_dtype(column):
            text = column.map(lambda value: f"{value:.10g}", na_action="ignore")
        else:
            text = column.astype("string")
        written[name] = text.astype(object).where(column.notna(), "")
    return written.reset_index(drop=True)


def write_csv(rows: pd.DataFrame, path: Path) -> None:
    """Write a delivery with Unix line ends, whatever the machine."""
    rows.to_csv(path, index=False, lineterminator="\n")


def write_workbook(rows: pd.DataFrame, path: Path) -> None:
    """Write a sheet whose part numbers are text cells, with a fixed date of creation."""
    with pd.ExcelWriter(path, engine="xlsxwriter") as writer:
        writer.book.set_properties({"created": datetime(2026, 6, 14)})  # noqa: DTZ001
        rows.to_excel(writer, sheet_name="items", index=False)


def write_parquet(rows: pd.DataFrame, path: Path) -> None:
    """Write a table without the notes that pandas adds."""
    table = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd", compression_level=9)


def by_year(rows: pd.DataFrame, column: str, name: str, folder: Path) -> None:
    """Write one Parquet file per year of a date column."""
    year = pd.to_datetime(rows[column]).dt.year
    for one in sorted(year.unique()):
        write_parquet(rows[year == one], folder / f"{name}_{one}.parquet")
