# Every target prepares .venv by itself; python3 >= 3.11 and make are all it takes.
# PYTHON=python3.12 chooses an interpreter, ARGS="..." goes to the command that a target runs.
PYTHON ?=
ARGS ?=
BIN := .venv/bin
PY := $(BIN)/python

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help venv demo test lint check coverage format bench conformance engines fuzz lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

venv: ## create or refresh .venv from requirements/dev.lock
	@PYTHON="$(PYTHON)" sh scripts/bootstrap

demo: venv ## convert the example documents and show the result
	@$(PY) scripts/demo.py $(ARGS)

test: venv ## run the tests
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: venv ## check style, types and import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(BIN)/lint-imports --no-cache

check: ## run what CI runs
	@.ci/run

coverage: venv ## run the tests and measure branch coverage (95 % wanted)
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing $(ARGS)

format: venv ## format the code and sort its imports
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

bench: venv ## run the benchmarks
	@$(PY) benchmarks/run.py $(ARGS)

conformance: venv ## convert the published examples and check them with the official FHIR validator
	@$(PY) conformance/conceptmap.py $(ARGS)
	@$(PY) conformance/corpus.py $(ARGS)

engines: venv ## compare both Schematron engines (ARGS="FOLDER... --ruleset NAME --mutated 250"; the published examples by default)
	@$(PY) conformance/schematron.py $(or $(ARGS),$${SEMANTIX_SHARED:-../shared}/corpus/cda-3.0 --mutated 250)

fuzz: venv ## fuzz every reader, a minute each (ARGS="hprim-medecin --seconds 600" for one); installs atheris
	@$(PY) -m pip --quiet --disable-pip-version-check install --no-deps "atheris>=3.0"
	@$(PY) fuzz/run.py $(ARGS)

lock: ## resolve the locked versions again (ARGS=--upgrade takes the newest)
	@PYTHON="$(PYTHON)" ARGS="$(ARGS)" sh scripts/lock

clean: ## remove the environment, caches and everything generated
	@rm -rf .venv build dist out demo-output .conformance .fuzz htmlcov coverage.xml .coverage .coverage.*
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -type d -name __pycache__ -prune -exec rm -rf {} +
