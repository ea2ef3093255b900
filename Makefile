# `make run` and `make test` need Python 3.11 or newer, make, and the network once.
# A stamp file says that a step has been done; a step is done again when what it
# depends on has changed.

PORT ?= 8000
ARGS ?=
PYTEST_ARGS ?=
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?=
DATA := $(or $(PORTAL_VAR),var)
ASSETS := $(or $(PORTAL_ASSETS),$(DATA)/assets).stamp
SCSS := $(wildcard design/scss/*.scss design/scss/*/*.scss)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test lint format lock demo-reset screenshots rules controls bench soak chromium clean

help:
	@echo "make run          start the portal on http://localhost:$(PORT)/ (PORT=, ARGS=)"
	@echo "make test         lint and test everything (PYTEST_ARGS=)"
	@echo "make lint         ruff, mypy and djlint;  make format  puts the code in order"
	@echo "make demo-reset   throw the local data away and load the demonstration again"
	@echo "make screenshots  take the pictures of README.md again"
	@echo "make rules        which tests hold which rule;  make controls  break each check"
	@echo "make bench        measure;  make soak  the long tests"
	@echo "make lock         compile the lock files;  make clean  remove all that was made"

# To run ------------------------------------------------------------------------

$(BIN)/python:
	@found=; \
	for candidate in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	    "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    found=yes; \
	    for maker in venv virtualenv; do \
	        [ $$maker = virtualenv ] || "$$candidate" -c 'import ensurepip' 2>/dev/null || continue; \
	        "$$candidate" -m $$maker $(VENV) >/dev/null 2>&1 && exit 0; \
	        rm -rf $(VENV); \
	    done; \
	done; \
	if [ -n "$$found" ]; then \
	    echo "This Python cannot make a virtual environment. Install its venv package (on Debian and Ubuntu: python3-venv)." >&2; \
	else \
	    echo "The portal needs Python 3.11 or newer, and finds none. PYTHON=/path/to/python names one." >&2; \
	fi; \
	exit 1

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing what the portal needs"
	@$(INSTALL) -r requirements.txt
	@touch $@

# The machine's own Node.js builds the assets; where there is none, PyPI's does.
$(ASSETS): package-lock.json design/management/commands/assets.py $(SCSS) | $(VENV)/run.stamp
	@major=`node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'`; \
	if [ "$${major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then \
	    [ -x $(BIN)/npm ] || { echo "Installing Node.js from PyPI"; $(INSTALL) -r requirements-node.txt; }; \
	fi
	@$(BIN)/python manage.py assets

run: $(VENV)/run.stamp $(ASSETS)
	@$(BIN)/python manage.py portal --port $(PORT) $(ARGS)

demo-reset: $(VENV)/run.stamp
	@$(BIN)/python manage.py portal --reset

# To test -----------------------------------------------------------------------

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the tests need"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

# First the few tests that say what the embedded default must do, on SQLite (5 is
# pytest's "no test"); then everything, on PostgreSQL and Redis, in two processes.
test: lint chromium
	@PORTAL_TEST_SQLITE=1 $(BIN)/python -m pytest -q -m sqlite || [ $$? -eq 5 ]
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(PYTEST_ARGS)

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Run \`make format\`."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet templates design

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

# Only where the machine has no Chromium; without it the browser tests are skipped.
chromium: $(VENV)/dev.stamp $(ASSETS)
	@[ -n "$(PORTAL_CHROMIUM)" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	    || DJANGO_SETTINGS_MODULE=engage.settings $(BIN)/python -m tests.chromium || true

rules controls screenshots: $(VENV)/dev.stamp $(ASSETS)
	@$(BIN)/python -m tests.$@ $(ARGS)

bench: $(VENV)/dev.stamp $(ASSETS)
	@$(BIN)/python -m bench $(ARGS)

soak: $(VENV)/dev.stamp $(ASSETS)
	@$(BIN)/python -m pytest -q -m soak $(PYTEST_ARGS)

# To maintain -------------------------------------------------------------------

# `make lock UPGRADE=--upgrade` takes the newest versions that the .in files allow.
UV := $(shell command -v uv || echo $(BIN)/uv)
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
lock: $(VENV)/run.stamp
	@[ -x $(UV) ] || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) requirements-node.in -o requirements-node.txt
	@npm install --package-lock-only --silent

clean:
	@rm -rf $(VENV) node_modules var .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/chromium/node_modules
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
