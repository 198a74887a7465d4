# Attest. `make` lists the targets; the first one that is run makes its own environment in .venv.

PYTHON ?= python3
CORPUS ?= seeds
OUT ?= reports
TABLES ?= data/tables
ATTEST_CORPORA ?=

VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/installed
INSTALLED_DEV := $(VENV)/installed-dev

.DEFAULT_GOAL := help
.PHONY: help install lab tables report test check benchmark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo "  settings: CORPUS=path (default seeds), OUT=folder of the pages (default reports), TABLES=folder of the tables"

install: $(INSTALLED) ## make .venv with all that is needed (every other target does so by itself)

# Whenever the pins change the environment is made anew, so that it holds what they say and nothing else.
$(INSTALLED): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Attest needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	@echo "Installing the packages of requirements.txt into $(VENV) (a minute or two) ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@# Notebooks import `analysis` from any folder.
	@$(RUN) -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "attest.pth").write_text("$(CURDIR)\n")'
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

lab: $(INSTALLED) ## open JupyterLab on the notebooks
	@$(RUN) -m jupyterlab notebooks

tables: $(INSTALLED) ## turn the articles of CORPUS into the tables of TABLES
	@$(RUN) -m analysis extract $(CORPUS) --out $(TABLES)

report: $(INSTALLED) ## turn the articles of CORPUS into HTML pages in OUT
	@$(RUN) -m analysis report --corpus $(CORPUS) --out $(OUT) $(if $(PARAMS),--params $(PARAMS))

test: $(INSTALLED) ## run the tests
	@$(RUN) -m pytest
	@$(RUN) -m pytest --nbval notebooks

check: $(INSTALLED_DEV) ## lint, format, types and import order
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

benchmark: $(INSTALLED) ## measure accuracy and speed (ATTEST_CORPORA=folder of the public corpora)
	@ATTEST_CORPORA="$(ATTEST_CORPORA)" $(RUN) -m benchmarks

clean: ## remove what was generated: tables, pages, environment, caches
	@rm -rf $(VENV) data/tables reports build .pytest_cache .ruff_cache .mypy_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
