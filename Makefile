# Attest. `make` lists the targets; the first one that is run makes its own environment in .venv.

PYTHON ?= python3
CORPUS ?= seeds
OUT ?= reports
TABLES ?= data/tables
ATTEST_CORPORA ?=

VENV := .venv
RUN := $(VENV)/bin/python
AIRFLOW := .airflow
INSTALLED := $(VENV)/installed
INSTALLED_DEV := $(VENV)/installed-dev

.DEFAULT_GOAL := help
.PHONY: help install lab tables report pdf test outputs airflow-test check benchmark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo "  settings: CORPUS=path (default seeds), OUT=folder of the pages (default reports), TABLES=folder of the tables,"
	@echo "            PARAMS=YAML file with a list of reports"

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

# Settings of its own: one kernel, which is this environment's, and nothing that pops up.
lab: $(INSTALLED) ## open JupyterLab at the start page
	@JUPYTER_CONFIG_PATH="$(CURDIR)/analysis/lab" $(RUN) -m jupyterlab $(LAB_OPTIONS) \
		$(firstword $(wildcard notebooks/start.ipynb) notebooks/statements.ipynb)

tables: $(INSTALLED) ## turn the articles of CORPUS into the tables of TABLES
	@$(RUN) -m analysis extract $(CORPUS) --out $(TABLES)

report: $(INSTALLED) ## turn the articles of CORPUS into HTML pages in OUT
	@$(RUN) -m analysis report --corpus $(CORPUS) --out $(OUT) $(if $(PARAMS),--params $(PARAMS))

pdf: $(INSTALLED) ## the same, and each page also as PDF (needs Chromium or Chrome)
	@$(RUN) -m analysis report --corpus $(CORPUS) --out $(OUT) $(if $(PARAMS),--params $(PARAMS)) --pdf

test: $(INSTALLED) ## run the tests
	@$(RUN) -m pytest
	@$(RUN) -m pytest --nbval notebooks

outputs: $(INSTALLED) ## store in the notebooks what they say of the seeds, after a change that alters it
	@$(RUN) -m analysis.outputs

# Airflow has an environment of its own (about 800 MB); the notebooks run in this project's, as a kernel of that name.
airflow-test: $(INSTALLED) ## run schedules/airflow_dag.py once in an environment with Airflow (some minutes)
	@test -f $(AIRFLOW)/installed || { $(PYTHON) -m venv $(AIRFLOW)/venv && \
		$(AIRFLOW)/venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement schedules/requirements-airflow.txt && \
		touch $(AIRFLOW)/installed; }
	@$(RUN) -m ipykernel install --prefix $(AIRFLOW)/venv --name attest --display-name Attest >$(AIRFLOW)/log 2>&1 || \
		{ cat $(AIRFLOW)/log; exit 1; }
	@export AIRFLOW_HOME="$(CURDIR)/$(AIRFLOW)/home" AIRFLOW__CORE__DAGS_FOLDER="$(CURDIR)/schedules" \
		AIRFLOW__CORE__LOAD_EXAMPLES=False ATTEST_HOME="$(CURDIR)" ATTEST_CORPUS="$(abspath $(CORPUS))" \
		ATTEST_OUTPUT="$(CURDIR)/$(AIRFLOW)/notebooks" ATTEST_RETRIES=0; \
		$(AIRFLOW)/venv/bin/airflow db migrate >>$(AIRFLOW)/log 2>&1 && \
		$(AIRFLOW)/venv/bin/airflow dags test attest >>$(AIRFLOW)/log 2>&1 && ls -l $(AIRFLOW)/notebooks || \
		{ tail -n 40 $(AIRFLOW)/log; exit 1; }

check: $(INSTALLED_DEV) ## lint, format, types and import order
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

benchmark: $(INSTALLED) ## measure accuracy and speed (ATTEST_CORPORA=folder of the public corpora)
	@ATTEST_CORPORA="$(ATTEST_CORPORA)" $(RUN) -m benchmarks

clean: ## remove what was generated: tables, pages, environment, caches
	@rm -rf $(VENV) $(AIRFLOW) data/tables reports build .pytest_cache .ruff_cache .mypy_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
