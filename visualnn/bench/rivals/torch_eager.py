"""PyTorch as its tutorials write it: a Sequential model, autograd, torch.optim."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from torch import nn

from visualnn.bench.job import Run
from visualnn.bench.workload import Array, Workload

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}
RULES = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
VARIANTS: dict[str, dict[str, bool]] = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}}


def begin(threads: int) -> str:
    """Its version."""
    torch.set_num_threads(threads)
    return str(torch.__version__)


def prepare(workload: Workload, variant: str) -> Run:
    """What runs updates."""
    inputs, targets, layers = workload.problem()
    model = model_of(workload, layers)
    rule = RULES[workload.optimizer](model.parameters(), lr=workload.rate, **VARIANTS[variant])
    loss = nn.CrossEntropyLoss() if workload.output == "softmax" else nn.MSELoss()
    answers = targets.argmax(axis=1) if workload.output == "softmax" else targets.astype(np.float32)
    rows = torch.tensor(inputs, dtype=torch.float32)
    batches = list(zip(rows.split(workload.batch), torch.tensor(answers).split(workload.batch), strict=True))
    stream = itertools.cycle(batches[: workload.batches])

    def run(updates: int) -> int:
        for x, y in itertools.islice(stream, updates):
            rule.zero_grad(set_to_none=True)
            loss(model(x), y).backward()
            rule.step()
        return updates

    return run


def model_of(workload: Workload, layers: list[tuple[Array, Array]]) -> nn.Sequential:
    """The network, with these first weights."""
    modules: list[nn.Module] = []
    names = [workload.hidden] * (len(layers) - 1) + [workload.output]
    for (w, b), name in zip(layers, names, strict=True):
        linear = nn.Linear(*w.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(w.T))
            linear.bias.copy_(torch.tensor(b))
        modules.append(linear)
        if name in ACTIVATIONS:  # the loss has the softmax in it
            modules.append(ACTIVATIONS[name]())
    return nn.Sequential(*modules)
