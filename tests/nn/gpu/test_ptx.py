"""What the compiler makes of every kernel, for three kinds of GPU; no GPU is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import util
from pathlib import Path

import pytest

from tests.nn.gpu.ptx import Facts

ROOT = Path(__file__).parents[3]
KINDS = (["7.5"], ["8.0", "9.0"])
REGISTERS_OF_ALL, REGISTERS_OF_ONE = 65_536, 255  # of a processor, and of a thread
PRODUCTS = ("forward", "backward", "gradient")
BARRIERS = {  # of blocks, in a kernel with all that it calls
    "train": 10,
    "draw": 4,
    "gather": 1,
    "judge": 9,
    "decide": 2,
    "weigh": 2,
    "measure": 0,
    "apply": 1,
    "clear": 0,
    "spread": 0,
    "collect": 0,
    "forward": 4,
    "backward": 4,
    "gradient": 5,
}

pytestmark = [
    pytest.mark.skipif(util.find_spec("numba_cuda") is None, reason="NVIDIA's compiler is for Linux on x86-64"),
    pytest.mark.timeout(300),
]


def compiled(kinds: list[str], module: str) -> dict[str, dict[str, Facts]]:
    """What has become of the kernels of a module, by kind and name; the child does not simulate."""
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_ENABLE_CUDASIM"}
    command = [sys.executable, "-W", "error", "-m", "tests.nn.gpu.ptx", module, *kinds]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {kind: {name: Facts(**facts) for name, facts in found[kind].items()} for kind in kinds}


def complaints(kind: str, name: str, facts: Facts) -> list[str]:
    """What a kernel must not be."""
    limit = min(REGISTERS_OF_ONE, REGISTERS_OF_ALL // (facts.threads * facts.blocks))
    is_product = name.startswith(PRODUCTS)
    faults = {
        f"computes in 64 bits: {facts.doubles[:3]}": facts.doubles,
        f"keeps {facts.stack_bytes} bytes in slow memory": facts.stack_bytes,
        f"moves {facts.spill_bytes} bytes to slow memory and back": facts.spill_bytes,
        f"wants {facts.registers} registers of {limit}": facts.registers > limit,
        f"has {facts.barriers} barriers": facts.barriers != BARRIERS[name.partition(" ")[0]],
        "reads numbers of shared memory one by one": is_product and "tf32" not in name and not facts.wide_loads,
        "waits for what it copies": is_product and kind != "7.5" and not facts.copies,
        "leaves tensor cores alone": "tf32" in name and not facts.tensor_products,
    }
    return [f"{kind} {name} {fault}" for fault, is_there in faults.items() if is_there]


@pytest.mark.parametrize("kinds", KINDS, ids=" and ".join)
def test_kernels_stay_in_registers_and_in_32_bits(kinds: list[str]) -> None:
    found = compiled(kinds, "tests.nn.gpu.index")
    assert [
        fault for kind in kinds for name, facts in found[kind].items() for fault in complaints(kind, name, facts)
    ] == []


def test_a_poor_kernel_is_told_from_a_good_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = compiled(["9.0"], "tests.nn.gpu.poor_kernels")["9.0"]
    for name, count in (("good", 1), ("double", 0), ("spilling", 0)):
        monkeypatch.setitem(BARRIERS, name, count)
    assert complaints("9.0", "good", found["good"]) == []
    [double] = complaints("9.0", "double", found["double"])
    assert "fma.rn.f64" in double
    assert [fault.split()[2] for fault in complaints("9.0", "spilling", found["spilling"])] == ["keeps", "moves"]
    assert [fault.split()[3] for fault in complaints("9.0", "forward tf32", found["good"])] == [
        "has",
        "waits",
        "leaves",
    ]
