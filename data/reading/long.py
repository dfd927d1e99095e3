"""Wide to long: columns that stand for periods become rows."""

from data.errors import UserError
from data.reading.dialect import same
from data.reading.layout import Periods
from data.reading.source import Source, literal


def into_rows(source: Source, periods: Periods, file_name: str) -> Source:
    """Turn each row into one row per period; rows keep the line they came from.

    A file that is long already (mended rejects are) has the columns of period and value and stays
    as it is.

    Raises
    ------
    UserError
        Where no column fits, or a name is taken.
    """
    taken = {same(name) for name in source.header}
    made = [same(periods.period), same(periods.value)]
    fits = [i for i, name in enumerate(source.header) if name and periods.fits(name)]
    if set(made) <= taken and not fits:
        return source
    if not fits:
        raise UserError(f"{file_name} has no column of the form {periods.columns!r} (periods)")
    if clash := [name for name in made if name in taken]:
        raise UserError(f"{file_name} has a column {clash[0]!r} already; name periods otherwise")
    kept = [i for i in range(len(source.header)) if i not in fits]
    own = "".join(f"c{i} AS c{place}, " for place, i in enumerate(kept))
    at = len(kept)
    listed = ", ".join(f"{{'p': {literal(source.header[i])}, 'v': c{i}}}" for i in fits)
    blanks = "WHERE coalesce(trim(cell.v), '') <> ''" if periods.leaves_out_blanks else ""
    source.con.execute(
        f"""
        CREATE TABLE long AS
        SELECT {own} cell.p AS c{at}, cell.v AS c{at + 1}, at_line AS _line
        FROM (SELECT *, {source.line_sql} AS at_line, unnest([{listed}]) AS cell FROM source)
        {blanks};
        DROP TABLE source; ALTER TABLE long RENAME TO source
        """
    )
    (source.n_rows,) = source.con.execute("SELECT count(*) FROM source").fetchall()[0]
    source.header = [*(source.header[i] for i in kept), periods.period, periods.value]
    source.line_sql = "_line"
    if source.open_cells is not None:
        places = {f"c{i}": f"c{place}" for place, i in enumerate(kept)}
        places |= {f"c{i}": f"c{at + 1}" for i in fits}
        source.open_cells = frozenset(places[cell] for cell in source.open_cells)
    source.dialect["periods"] = f"{len(fits)} columns, {source.header[-2]} and {source.header[-1]}"
    return source
