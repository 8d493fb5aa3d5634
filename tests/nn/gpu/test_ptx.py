"""What the compiler makes of every kernel, for three kinds of GPU; no GPU is needed.

Every module with kernels has an index of them, `KERNELS`: name, kernel and the signature that it is launched with.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

from tests.nn.gpu.ptx import Facts
from visualnn.nn.kernels import gpu

ROOT = Path(__file__).parents[3]
CAPABILITIES = ("7.5", "8.0", "9.0")
REGISTERS_OF_ALL, REGISTERS_OF_ONE = 65_536, 255  # of the threads of a block, and of a thread
POOR = "tests.nn.gpu.poor_kernels"
BARRIERS: dict[str, int] = {}  # of blocks, in a kernel with all that it calls

pytestmark = [
    pytest.mark.skipif(util.find_spec("numba_cuda") is None, reason="NVIDIA's compiler is for Linux on x86-64"),
    pytest.mark.timeout(300),
]


def modules() -> list[str]:
    """Those with kernels."""
    files = sorted(Path(gpu.__file__).parent.glob("*.py"))
    return [f"{gpu.__name__}.{file.stem}" for file in files if "\nKERNELS" in file.read_text(encoding="utf-8")]


def compiled(capability: str, names: list[str]) -> dict[str, Facts]:
    """What has become of the kernels of these modules; the child does not simulate."""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    command = [sys.executable, "-m", "tests.nn.gpu.ptx", capability, *names]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    return {name: Facts(**facts) for name, facts in json.loads(done.stdout).items()}


def complaints(name: str, facts: Facts, capability: str) -> list[str]:
    """What a kernel must not be."""
    limit = min(REGISTERS_OF_ONE, REGISTERS_OF_ALL // facts.threads)
    is_product, is_new = name.startswith("tiles"), capability != "7.5"
    faults = {
        f"computes in 64 bits: {facts.doubles[:3]}": facts.doubles,
        f"keeps {facts.stack_bytes} bytes in slow memory": facts.stack_bytes,
        f"moves {facts.spill_bytes} bytes to slow memory and back": facts.spill_bytes,
        f"wants {facts.registers} registers of {limit}": facts.registers > limit,
        f"has {facts.barriers} barriers": facts.barriers != BARRIERS.get(name, facts.barriers),
        "reads numbers of shared memory one by one": is_product and not facts.wide_loads,
        "waits for what it copies": is_product and is_new and not facts.copies,
        "leaves tensor cores alone": "tf32" in name and not facts.tensor_products,
    }
    return [f"{name} {fault}" for fault, is_there in faults.items() if is_there]


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_kernels_stay_in_registers_and_in_32_bits(capability: str) -> None:
    found = compiled(capability, modules())
    assert found
    assert [fault for name, facts in found.items() for fault in complaints(name, facts, capability)] == []


def test_a_poor_kernel_is_told_from_a_good_one() -> None:
    found = compiled("9.0", [POOR])
    assert {name.split()[1]: len(complaints(name, facts, "9.0")) for name, facts in found.items()} == {
        "good": 0,
        "double": 1,
        "spilling": 2,
    }
    [double] = complaints("poor_kernels double", found["poor_kernels double"], "9.0")
    assert "fma.rn.f64" in double


def test_a_barrier_more_or_less_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    good = compiled("7.5", [POOR])["poor_kernels good"]
    monkeypatch.setitem(BARRIERS, "poor_kernels good", 1)
    assert complaints("poor_kernels good", good, "7.5") == []
    monkeypatch.setitem(BARRIERS, "poor_kernels good", 2)
    assert complaints("poor_kernels good", good, "7.5") == ["poor_kernels good has 1 barriers"]
