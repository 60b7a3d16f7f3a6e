# Thin: each target is one command that you could type yourself. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PORT ?=
# The tests start hundreds of processes; where bytecode is not kept, each would compile the house anew.
export PYTHONDONTWRITEBYTECODE :=
COMPILED := $(patsubst %.po,%.mo,$(wildcard ideation/translations/*/LC_MESSAGES/messages.po))

.PHONY: help install run demo test check audit format bench screenshots translations lock soak clean

help: ## List what there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

install: .venv/.installed $(COMPILED) ## Make .venv with the locked, hashed packages

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=python3.11." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

%.mo: %.po | .venv/.installed
	$(BIN)/pybabel -q compile -i $< -o $@

run: install ## Run everything at http://127.0.0.1:8000 (PORT=8123 for another)
	@$(BIN)/ideation up $(if $(PORT),--port $(PORT))

demo: install ## Fill an empty instance with a demo community
	@$(BIN)/ideation demo

.venv/.tested: .venv/.installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

test: .venv/.tested $(COMPILED) ## Run every test: SQLite, PostgreSQL, Redis, Chromium (a few minutes)
	@tools/test-needs
	@$(BIN)/pytest -q -n 3 --dist worksteal

soak: .venv/.tested $(COMPILED) ## Run the long tests as well
	@tools/test-needs
	@IDEATION_TEST_SOAK=1 $(BIN)/pytest -q -n 3 --dist worksteal

check: .venv/.tested ## Format, lint, types, import contracts, templates, migrations, catalogues
	@tools/check

audit: .venv/.tested ## Look the locked packages up among known weaknesses
	@$(BIN)/pip-audit --disable-pip --no-deps -r requirements.lock

format: .venv/.tested ## Format the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

bench: .venv/.tested ## Run the benchmarks
	@$(BIN)/python -m benchmarks

screenshots: .venv/.tested $(COMPILED) ## Take pictures of the main pages into screenshots/
	@tools/test-needs
	@$(BIN)/python -m tools.screenshots

translations: .venv/.tested ## Collect strings into the catalogues, then compile them
	@tools/translations

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --all-extras --group build pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --all-extras --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove the environment and caches (data in var/ stays)
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
