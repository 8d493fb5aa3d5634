"""What the engine costs before it trains: importing the package, compiling the kernels, loading them again.

Each is timed in fresh processes of this Python.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from statistics import median
from typing import Any

from visualnn import precompiled
from visualnn.bench.competitor import script_command

RUNS = 3
LOAD = """\
import json, time
begun = time.perf_counter()
from visualnn.nn.kernels import choose
good = choose.load()
print(json.dumps(time.perf_counter() - begun if good else None))
"""
IMPORT = """\
import json, sys, time
begun = time.perf_counter()
import numpy
middle = time.perf_counter()
import visualnn.nn.training
end = time.perf_counter()
assert "numba" not in sys.modules
print(json.dumps([middle - begun, end - middle]))
"""


def measure(python: str, environment: dict[str, str]) -> dict[str, float | None]:
    """Seconds, medians of `RUNS` except for the cold start; None for kernels that do not load, or came compiled."""
    imports = [_timed(python, IMPORT, environment) for _ in range(RUNS)]
    with tempfile.TemporaryDirectory(prefix="visualnn-bench-") as folder:
        own = {**environment, "VISUALNN_CACHE_DIR": folder}
        ahead = precompiled.place() is not None
        cold = None if ahead else _timed(python, LOAD, own)
        warm = [_timed(python, LOAD, own) for _ in range(RUNS if cold or ahead else 1)]
    return {
        "import_numpy_s": median(numpy for numpy, _ in imports),
        "import_engine_s": median(engine for _, engine in imports),
        "compile_cold_s": cold,
        "load_warm_s": median(warm) if all(warm) else None,
    }


def _timed(python: str, script: str, environment: dict[str, str]) -> Any:
    command = script_command(python, script)
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
