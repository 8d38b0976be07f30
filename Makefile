# Everything a person or CI does with StoreSync. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The first Python on this machine that we run on; `make PYTHON=/path/to/python3.12 demo` takes another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo "$$name" && break; done)

VENV := .venv
PY := $(VENV)/bin/python
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
BROWSER := sh scripts/install_browser.sh
# The lists name everything and pin it: no pip looks for more, nor prefers a newer release for what an extra asks.
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps

.PHONY: help
help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: $(RUNTIME) ## Run StoreSync in your browser, with no account anywhere (TELEGRAM_SIM_PORT=, SHOPEE_SIM_PORT=, TIKTOK_SHOP_SIM_PORT=, LAZADA_SIM_PORT=, HTTP_PORT=)
	@exec $(PY) -m app demo

.PHONY: tour
tour: $(DEV) ## Walk through the demo by itself, with the time of each step
	@exec $(PY) -m tests.tour

.PHONY: check
check: $(DEV) ## Everything that needs no running: format, lint, types, imports, requirements
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(PY) -m mypy
	$(PY) -m mypy -p scripts
	$(VENV)/bin/lint-imports
	$(PY) -m scripts.check_requirements

.PHONY: test
test: $(DEV) ## Run the tests in random order and hold their coverage (T=tests/unit for a part)
	$(if $(T),,$(BROWSER))
	$(PY) -m pytest -n 3 --dist worksteal $(if $(T),$(T),--cov --cov-report= --cov-fail-under=90)

.PHONY: coverage
coverage: $(DEV) ## Print the coverage of the last `make test`, every room but the simulator
	@test -e .coverage || $(MAKE) test
	$(PY) -m coverage report --fail-under=90

.PHONY: mutants
mutants: $(DEV) ## Change the code that guards money, and tell which changes no test notices (M=decisions for a part)
	@exec $(PY) -m scripts.mutants $(M)

.PHONY: prove
prove: $(DEV) ## Prove a promise: P=name (SEED=, SIZE=ci|release, BREAK=1 takes the guard away); alone, list them
	@exec $(PY) -m tests.proofs $(P) $(if $(SEED),--seed $(SEED)) $(if $(SIZE),--size $(SIZE)) $(if $(filter 1,$(BREAK)),--break)

.PHONY: bench
bench: $(DEV) ## Measure speed against baselines in the same run
	@exec $(PY) -m bench

.PHONY: screens
screens: $(DEV) ## Photograph the screens at a phone's width into docs/images
	@$(BROWSER)
	@exec $(PY) -m tests.screens

.PHONY: lock
lock: ## Compile requirements/ from pyproject.toml (needs uv)
	$(UV_COMPILE) -o requirements/runtime.txt
	$(UV_COMPILE) -c requirements/runtime.txt --group dev -o requirements/dev.txt

UV := $(or $(wildcard $(VENV)/bin/uv),uv)
UV_COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url pyproject.toml

.PHONY: format
format: $(DEV) ## Format the code and mend what ruff can mend
	$(PY) -m ruff format
	$(PY) -m ruff check --fix

.PHONY: clean
clean: ## Remove what make made: the virtual environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov mutants

# Set-up from nothing. Each stamp is made once, and again when what it was made from changed.
$(PY):
	@test -n "$(PYTHON)" || { echo "StoreSync needs Python 3.11, 3.12 or 3.13; none was found. Set PYTHON=/path/to/it." >&2; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv $(VENV) || { echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(RUNTIME): requirements/runtime.txt | $(PY)
	@echo "Installing what StoreSync runs on" >&2
	@$(PIP_INSTALL) -r $<
	@touch $@

$(DEV): requirements/dev.txt | $(PY)
	@echo "Installing what StoreSync is tested with" >&2
	@$(PIP_INSTALL) -r $<
	@touch $@ $(RUNTIME)
