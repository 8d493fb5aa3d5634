"""NumPy projects."""

from __future__ import annotations

from tests.bench.exchange_programs import table
from visualnn.exchange import numpy_program

RUNNER = """\
import json, runpy, sys
sys.stdout, out = sys.stderr, sys.stdout
sys.path.insert(0, ".")
import model
said = model.answers(model.loaded("weights.npz"), json.load(sys.stdin)).tolist()
curve = runpy.run_path("train.py", run_name="__main__")["curve"]
print(json.dumps([said, list(map(float, curve))]), file=out)
"""


def main(python: str, projects: int) -> None:
    table(numpy_program.files, [python, "-I", "-W", "ignore", "-c", RUNNER], projects)
