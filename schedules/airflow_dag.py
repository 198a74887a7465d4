"""Airflow: extract what is new every morning, then run every notebook with papermill, each as a task that can be retried.

An example to start from. Put this file, or a link to it, into Airflow's DAG folder. Airflow has an environment of its own; the
notebooks run in the project's, through a kernel that is made known to Airflow's once:

    .venv/bin/python -m ipykernel install --prefix AIRFLOW_ENVIRONMENT --name attest

Environment variables, all optional: ATTEST_HOME, the project (default: the folder above this file's); ATTEST_CORPUS, the
articles; ATTEST_OUTPUT, the folder of the executed notebooks; ATTEST_RETRIES, how often a task that failed is tried again.
`make airflow-test` makes an environment for Airflow and runs all of this once.
"""

from __future__ import annotations

import os
import shlex
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

HOME = Path(os.environ.get("ATTEST_HOME") or Path(__file__).resolve().parent.parent)
CORPUS = os.environ.get("ATTEST_CORPUS") or str(HOME / "seeds")
TABLES = HOME / "data" / "tables"
OUTPUT = Path(os.environ.get("ATTEST_OUTPUT") or HOME / "reports" / "notebooks")
KERNEL = os.environ.get("ATTEST_KERNEL", "attest")
RETRIES = int(os.environ.get("ATTEST_RETRIES", "1"))
# Parameters by notebook, as in `python -m analysis report --help`; what is not named has its default.
PARAMETERS: dict[str, dict[str, object]] = {}

with DAG(
    dag_id="attest",
    description="Who said what, and what happened: tables and notebooks",
    schedule="0 6 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": RETRIES, "retry_delay": timedelta(minutes=5), "execution_timeout": timedelta(hours=2)},
    tags=["attest"],
) as dag:
    extract = BashOperator(
        task_id="extract",
        bash_command=shlex.join(
            [str(HOME / ".venv" / "bin" / "python"), "-m", "analysis", "extract", CORPUS, "--out", str(TABLES)]
        ),
        cwd=str(HOME),
        append_env=True,
    )
    make_folder = BashOperator(task_id="make_folder", bash_command=shlex.join(["mkdir", "-p", str(OUTPUT)]))
    for notebook in sorted((HOME / "notebooks").glob("*.ipynb")):
        run = PapermillOperator(
            task_id=notebook.stem,
            input_nb=str(notebook),
            output_nb=str(OUTPUT / notebook.name),
            parameters={"tables": str(TABLES), **PARAMETERS.get(notebook.stem, {})},
            kernel_name=KERNEL,
            language_name="python",
        )
        extract >> make_folder >> run
