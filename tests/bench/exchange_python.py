"""Programs in plain Python, run without any package: the standard library alone."""

from __future__ import annotations

from tests.bench.exchange_programs import table
from visualnn.exchange import python_program

RUNNER = """\
import json, runpy, sys
sys.stdout, out = sys.stderr, sys.stdout
run = runpy.run_path("network.py", run_name="network")["run"]
said = [run(*x) for x in json.load(sys.stdin)]
curve = runpy.run_path("network.py", run_name="__main__")["curve"]
print(json.dumps([said, curve]), file=out)
"""


def main(python: str, projects: int) -> None:
    table(python_program.files, [python, "-I", "-S", "-c", RUNNER], projects)
