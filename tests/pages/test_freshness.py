"""A page that is open takes a new build up at its next rerun, without a restart."""

import shutil
from pathlib import Path

from data.build import build
from data.ingest import ingest
from tests.pages.conftest import Open


def test_a_build_published_while_the_page_is_open_is_picked_up(
    open_page: Open, warehouse: Path, tmp_path: Path
) -> None:
    own = tmp_path / "warehouse"
    shutil.copytree(warehouse, own)
    app = open_page("overview", own)
    assert "build 20260614-1" in app.sidebar.caption[0].value
    before = app.metric[2].value
    late = tmp_path / "order_lines_late.csv"
    header = "order_id,line_no,customer_id,item_id,site_id,order_date,requested_date,qty_ordered"
    rows = [f"N{number},10,C1,A1,LYO,2026-05-01,2026-05-05,5" for number in range(100)]
    late.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    ingest([late], own)
    assert build(own).build is not None
    app.run()
    assert not app.exception
    assert "build 20260614-2" in app.sidebar.caption[0].value
    assert (before, app.metric[2].value) == ("71.4 %", "52.4 %")
