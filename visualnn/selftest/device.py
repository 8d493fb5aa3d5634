"""What the self-test does on a GPU, where there is one that can train."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from visualnn import gpu
from visualnn.files import examples
from visualnn.nn.device import PRECISION, Device
from visualnn.nn.kernels import accelerator, reference
from visualnn.nn.training import Training
from visualnn.selftest.failure import expect

UPDATES = 20
ALIKE = 1e-3  # of the largest change: 32 bits, 20 times


def train_on_gpu() -> str:
    """The adder learns there as in the readable loop; where no GPU can train, why."""
    found = gpu.probe()
    if not found.usable:
        return found.sentence
    why = accelerator.load()
    expect(not why, why)
    project = examples.load("adder")
    options = replace(project.options, precision=PRECISION)
    there = Training(project.network, project.data, options, device=Device("cuda"))
    expect(there.on_gpu, "The adder is not trained on the GPU.")
    there.run(UPDATES)
    expect(not there.notice, there.notice)
    plain = Training(project.network, project.data, options)
    reference.Loop(plain.task).run(plain.order, plain.state, plain.control, np.empty(UPDATES), 1, UPDATES)
    apart = float(np.abs(there.parameters - plain.parameters).max() / np.abs(plain.parameters - plain.start).max())
    expect(apart < ALIKE, f"The GPU leads to weights that are {apart:.1g} of their way apart from the readable loop's.")
    return f"{found.name}, {UPDATES} updates, apart by {apart:.0e} of their way"
