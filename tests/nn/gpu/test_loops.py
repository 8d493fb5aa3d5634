"""Kernels are compiled in a child process before they are loaded, and what goes wrong there is told in a sentence."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.nn.gpu import wide
from tests.nn.gpu.simulator import Launches
from visualnn.nn.device import Device, DeviceError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu import block, grid, kept, loops, steps
from visualnn.nn.kernels.gpu import orders as drawing
from visualnn.nn.kernels.gpu.fleet import BlockLoop, FleetLoop
from visualnn.nn.network import Network
from visualnn.nn.options import Options

TASK = Task(Network.of(2, 3, 1), Options(precision="float32"), np.zeros((4, 2)), np.zeros((4, 1)))

SMALL = wide.machine(wide.PLAIN)


class Children:
    """Processes that would have been started, and how they end."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.code, self.said = 0, ""

    def run(self, command: tuple[str, ...], **_options: Any) -> SimpleNamespace:
        self.commands.append(command)
        return SimpleNamespace(returncode=self.code, stderr=self.said)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    """As with a GPU whose kernels are in no cache."""
    made = Children()
    monkeypatch.setattr(loops, "SIMULATED", False)
    monkeypatch.setattr(kept, "is_kept", lambda family: False)
    monkeypatch.setattr(subprocess, "run", made.run)
    return made


def test_a_child_compiles_all_that_is_loaded_afterwards(children: Children):
    loops.prepare()
    (command,) = children.commands
    assert command[:2] == (sys.executable, "-c")
    compile(command[2], "child", "exec")
    assert all(f"'{family}'" in command[2] for family in kept.FAMILIES)


def test_kernels_in_the_cache_need_no_child(children: Children, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kept, "is_kept", lambda family: True)
    loops.prepare()
    assert not children.commands


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Traceback\nvisualnn.nn.device.DeviceError: The memory of the GPU is full.\n",
            "The memory of the GPU is full.",
        ),
        ("Killed\n", "Killed"),
        ("", "the child process said nothing."),
    ],
)
def test_a_child_that_fails_is_quoted_and_may_be_tried_again(children: Children, said: str, told: str):
    children.code, children.said = 1, said
    with pytest.raises(DeviceError) as error:
        loops.prepare()
    assert str(error.value) == f"The GPU kernels could not be compiled: {told}"
    assert not error.value.is_lost
    children.code = 0
    loops.prepare()


@pytest.mark.usefixtures("simulator")
def test_both_families_are_loaded_by_training(monkeypatch: pytest.MonkeyPatch):
    trained: list[str] = []
    monkeypatch.setattr(BlockLoop, "run", lambda self, *_given: trained.append("block"))
    monkeypatch.setattr(grid.GridLoop, "run", lambda self, *_given: trained.append("grid"))
    monkeypatch.setattr(loops, "loops_of_every_tile", lambda task, device: [grid.GridLoop(task, device, SMALL)])
    for family in kept.FAMILIES:
        loops.warm(family)
    assert trained == ["block"] * 2 + ["grid"] * 4, "without and with a gradient as a whole, with and without TF32"


def test_what_draws_the_orders_of_many_networks_is_loaded_with_the_blocks(simulator: Launches):
    loops.warm("block")
    assert {drawing.draw, block.train} <= simulator.kernels.keys()


@pytest.mark.usefixtures("simulator")
def test_a_small_network_has_a_block_and_many_have_one_each():
    assert loops.family(TASK) == "block"
    assert isinstance(loops.loop_for(TASK, Device("cuda")), BlockLoop)
    assert isinstance(loops.fleet_for([TASK, TASK]), FleetLoop)


@pytest.mark.parametrize("machine", [steps.MACHINE, steps.TENSOR_MACHINE])
def test_what_loads_one_tile_loads_what_trains_with_any(machine: steps.Machine):
    alone = machine._replace(tiles=machine.tiles[:1], speeds=machine.speeds[:1])
    assert steps.kernels_of(alone) is steps.kernels_of(machine)
