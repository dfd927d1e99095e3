# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
export WAREHOUSE ?= .warehouse

.DEFAULT_GOAL := help
.PHONY: help run sample test lint browser clean

help:
	@echo "make run    set everything up, load the sample data, start the app on http://127.0.0.1:$(PORT)"
	@echo "make test   set everything up, run linters, types and all tests"
	@echo "make lint   linters and types only"
	@echo "make clean  remove the environment and the local warehouse"

$(BIN)/python:
	@sh tools/make_venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.run-ready: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@sh tools/install_openmp.sh "$(BIN)/python"
	@touch $@

$(VENV)/.test-ready: requirements.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@sh tools/install_openmp.sh "$(BIN)/python"
	@touch $@ $(VENV)/.run-ready

sample: $(VENV)/.run-ready
	$(BIN)/python -m data ingest sample_data/feeds
	@test -f $(WAREHOUSE)/settings.toml || cp sample_data/settings.toml $(WAREHOUSE)/settings.toml
	$(BIN)/python -m data build

# Forecasts, stock decisions and seasons follow while the app is up already: it reads a new build by itself.
run: sample
	@echo "making forecasts and proposals in the background; log in $(WAREHOUSE)/forecasting.log"
	@nice $(BIN)/python -m forecasting run > $(WAREHOUSE)/forecasting.log 2>&1 &
	$(BIN)/python -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

browser: $(VENV)/.test-ready
	@sh tools/install_browser.sh "$(BIN)/python"

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint browser
	$(BIN)/python -m pytest -n 2 --dist loadfile

clean:
	rm -rf $(VENV) .warehouse artifacts
