"""What the compiler made of the kernels of one block does what the simulator does with their source; without races."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import numpy as np
import pytest

from tests.nn.gpu import examples
from tests.nn.gpu.examples import Example
from tests.nn.gpu.machine import Program, launch
from tests.nn.gpu.simulator import Launches

ROOT = Path(__file__).parents[3]
EXAMPLES = [each for each in examples.EXAMPLES if each.__name__.startswith(("block", "shuffled"))]

pytestmark = [
    pytest.mark.skipif(util.find_spec("numba_cuda") is None, reason="NVIDIA's compiler is for Linux on x86-64"),
    pytest.mark.timeout(300),
]


def compiled(module: str, *names: str) -> dict[str, str]:
    """The code of these kernels, from a child that does not simulate."""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    command = [sys.executable, "-W", "error", "-m", "tests.nn.gpu.ptx", module, "9.0", *names]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def programs() -> dict[str, Program]:
    return {name: Program(code) for name, code in compiled("tests.nn.gpu.index", "train", "draw").items()}


@pytest.mark.parametrize("order", [list, lambda threads: threads[::-1]], ids=["ahead", "behind"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
def test_what_is_compiled_does_what_is_simulated(
    simulator: Launches, programs: dict[str, Program], monkeypatch: pytest.MonkeyPatch, example: Example, order
) -> None:
    expected, races = example(), set()

    def run(_launches, kernel, shape, arguments):
        blocks, threads, _stream, shared_bytes = shape
        within = [getattr(argument, "_ary", argument) for argument in arguments]
        races.update(launch(programs[kernel.fn.__name__], blocks, threads, shared_bytes, within, order))

    monkeypatch.setattr(Launches, "run", run)
    for found, wanted in zip(example(), expected, strict=True):
        np.testing.assert_allclose(found.astype(np.float64), wanted.astype(np.float64), rtol=1e-5, atol=1e-6)
    assert races == set()


def test_a_race_is_told() -> None:
    [code] = compiled("tests.nn.gpu.poor_kernels", "good").values()
    numbers = np.arange(128, dtype=np.float32)
    assert launch(Program(code), 1, 128, 0, [numbers]) == set()
    assert (numbers == np.arange(128)[::-1] / 2).all()
    assert launch(Program(code.replace("bar.sync", "// bar.sync")), 1, 128, 0, [numbers])
