"""One small warehouse for all tests of pages, and the app opened on it."""

import functools
import json
from collections.abc import Callable
from pathlib import Path

import altair.vegalite.v6.schema.core as alt
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import small

ROOT = Path(__file__).parents[2]
Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built warehouse; tests only read it."""
    return small.make(tmp_path_factory.mktemp("small"))


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of the app over a warehouse, with parameters in its URL."""
    monkeypatch.delenv("SETTINGS", raising=False)
    monkeypatch.chdir(ROOT)
    st.cache_data.clear()
    st.cache_resource.clear()

    def opened(page: str, folder: Path, **parameters: str | list[str]) -> AppTest:
        monkeypatch.setenv("WAREHOUSE", str(folder))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for step in ("app", page):
            for name, value in parameters.items():
                app.query_params[name] = value
            app.run()
            if step == "app" and page != "overview":
                app.switch_page(f"pages/{page}.py")
        assert not app.exception, [error.value for error in app.exception]
        for chart in app.get("vega_lite_chart"):
            is_vega_lite(chart.proto.spec)
        return app

    return opened


@functools.cache
def is_vega_lite(spec: str) -> None:
    """Hold a chart that was sent against the schema of Vega-Lite, which the app leaves out."""
    alt.TopLevelSpec.validate(json.loads(spec))
