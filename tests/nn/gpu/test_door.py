"""How numba-cuda is made to behave; a child process imports it, for the tests have the simulator in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
GIVING_BACK = """
from importlib import import_module
from types import SimpleNamespace
from visualnn.nn.kernels.gpu import door

driver = import_module("numba.cuda.cudadrv.driver")
found, said = [], []
driver._logger = SimpleNamespace(info=lambda *_: None)  # made when the driver is asked for the first time
driver.binding = SimpleNamespace(cuCtxGetCurrent=lambda: (0, found[-1]))


def drop(what):
    queue.add_item(give_back, what, 1)


def give_back(what):
    said.append(what)
    if what == "a stream of a GPU that is lost":
        raise driver.CudaAPIError(719, "CUDA_ERROR_LAUNCH_FAILED")


queue = driver._PendingDeallocs(0)  # gives back at once what it can
found.append(0)
drop("an array of another thread")
assert not said
found.append(1)
drop("an array")
assert said == ["an array of another thread", "an array"]
drop("a stream of a GPU that is lost")
del driver.binding
drop("an array when there is no driver any more")
assert said[2:] == ["a stream of a GPU that is lost"]
print("quiet")
"""


@pytest.mark.skipif(util.find_spec("numba_cuda") is None, reason="NVIDIA's package is for Linux on x86-64")
def test_memory_is_given_back_where_that_can_be_and_quietly():
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    command = [sys.executable, "-W", "error", "-c", GIVING_BACK]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False)
    assert (done.stdout, done.stderr) == ("quiet\n", "")
