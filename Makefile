# Two commands for a newcomer: `make demo` and `make test`. Everything lands in .venv and demo-shop.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

# The first Python that is new enough; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
RUN := .venv/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --no-warn-script-location --progress-bar off
SHOP ?= demo-shop
# Two workers: what the smallest machine it is built for has.
WORKERS ?= 2
# So many messages `make bench` inspects, criteria and all, after it has counted MESSAGES.
INSPECTED ?= 400000
# The checks that run while typing need no browser and nothing slow.
FAST := not browser and not slow

export PYTHONUTF8 := 1
export PIP_ROOT_USER_ACTION := ignore

.PHONY: help demo test test-fast check format types bench prove docs mutants pictures browser java clean fuzz

help:
	@echo "make demo       an invented shop: import, build, report, desk      (sets everything up by itself)"
	@echo "make test       all tests, those in a browser too                  (sets everything up by itself)"
	@echo "make check      lint, types, shape of the repository               at most 10 s"
	@echo "make test-fast  the tests without browser and slow ones            at most 30 s"
	@echo "make format     put the code in its form"
	@echo "make docs       write the generated pages again"
	@echo "make bench      measure against a floor, side by side              MESSAGES=1000000"
	@echo "make prove      hold the diagnosis against shops of known causes          SEEDS=200"
	@echo "make fuzz       import damaged files until something breaks    FILES=20000 SEED=1"
	@echo "make mutants    break one line at a time: every law must notice"
	@echo "make pictures   draw the pictures of the README again"
	@echo "make clean      remove what these commands made, except $(SHOP)"

.venv/made:
	@test -n "$(PYTHON)" || { echo "Jinpai needs Python 3.11 or newer, found: $$(python3 --version 2>&1 || true)." \
		"Install one, or say which: make demo PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& apt-get update -qq >/dev/null && apt-get install -y -qq python3-venv >/dev/null 2>&1; } \
		|| { echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@.venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { rm -rf .venv && $(PYTHON) -m venv .venv; }
	@touch $@

.venv/all: pyproject.toml | .venv/made
	@echo "Installing Jinpai into .venv (the first time takes a minute or two) …"
	@$(PIP) --editable '.[all]'
	@touch $@

.venv/dev: pyproject.toml | .venv/made
	@echo "Installing Jinpai and what tests it into .venv (the first time takes a minute or two) …"
	@$(PIP) --editable '.[dev]'
	@touch .venv/all $@

demo: .venv/all
	@.venv/bin/jinpai demo $(SHOP)

# As root with apt-get, Chromium and a Chinese font are fetched; elsewhere the browser tests say what they lack.
browser:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& ! { command -v chromium && fc-list :lang=zh | grep -q .; } >/dev/null 2>&1; then \
		echo "Installing Chromium and a Chinese font …"; \
		{ apt-get update -qq -o Acquire::Retries=3 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			-o Acquire::Retries=3 --no-install-recommends chromium fonts-noto-cjk fontconfig; } >.venv/apt.log 2>&1 \
		|| echo "They could not be installed (see .venv/apt.log); the browser tests will say so."; \
	fi

# Java for the tests on a cluster: fetched in the same way, for PySpark brings everything but that.
java:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v java >/dev/null && [ -z "$$JAVA_HOME" ]; then \
		echo "Installing Java …"; \
		{ apt-get update -qq -o Acquire::Retries=3 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			-o Acquire::Retries=3 --no-install-recommends default-jre-headless; } >.venv/apt.log 2>&1 \
		|| echo "It could not be installed (see .venv/apt.log); the tests on Spark will say so."; \
	fi

test: .venv/dev browser java
	@$(RUN) -m pytest -n $(WORKERS) --dist loadgroup

test-fast: .venv/dev
	@$(RUN) -m pytest -n $(WORKERS) --dist loadgroup -m '$(FAST)'

check: .venv/dev types
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || { echo "Some code is not in its form: run make format" >&2; exit 1; }
	@$(RUN) -m pytest tests/shape -n 0 -m 'not slow'

types: .venv/dev
	@.venv/bin/mypy --no-error-summary

format: .venv/dev
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format --quiet .

docs: .venv/dev
	@$(RUN) docs/generate.py

bench: .venv/dev
	@$(RUN) -m bench
	@echo && MESSAGES=$(INSPECTED) $(RUN) -m bench.inspection

# How many shops of each kind; it writes docs/proof.md.
prove: .venv/dev
	@SEEDS=$(or $(SEEDS),200) $(RUN) -m bench.prove

# Other runs: python -m tests.hostile kill 100, python -m tests.hostile many 1000000.
fuzz: .venv/dev
	@$(RUN) -m tests.hostile $(or $(FILES),20000) $(or $(SEED),1)

mutants: .venv/dev java
	@$(RUN) -m tests.mutants $(ONLY)

pictures: .venv/dev browser
	@$(RUN) docs/draw.py

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis artefacts build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
