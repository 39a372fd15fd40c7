# Two commands for a newcomer: `make demo` and `make test`. `lint` never writes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test lint format schema golden benchmark torture build clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready-dev: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

setup: $(VENV)/.ready-dev ## Make the environment for development

demo: $(READY) ## Run the bot on the sample logs into a scratch folder
	$(BIN)/loose-ends demo

test: setup ## Run the whole test suite
	$(BIN)/python -m pytest

lint: setup ## Check style, types, import directions and generated files; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.settings.schema --check

format: setup ## Bring the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: setup ## Make the generated files of config/ anew
	$(BIN)/python -m bot.settings.schema

golden: setup ## Make the golden files of the tests anew; look at the diff
	GOLDEN=write $(BIN)/python -m pytest -n 0 -k golden

benchmark: setup ## Measure how fast logs are read, beside json.loads and ripgrep
	$(BIN)/python -m tests.benchmarks.reading --mb 20

torture: setup ## Kill runs at every point and at 1,000 moments, and fail the network by 1,000 schedules (an hour)
	$(BIN)/python tests/torture/torture.py --moments 1000
	LOOSE_ENDS_SCHEDULES=250 $(BIN)/python -m pytest tests/e2e/test_faults.py

build: setup ## Build wheel and source archive into dist/
	$(BIN)/python -m build

clean: ## Remove what make made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
