"""train.py and data.py: the same rows in the same order, the same updates, in one process or in several."""

from __future__ import annotations

from visualnn.exchange import rows
from visualnn.exchange.pytorch import loop, numbers
from visualnn.exchange.pytorch.network import MODEL
from visualnn.exchange.start import Start
from visualnn.project import Project
from visualnn.scene.libraries import torch_schedule
from visualnn.scene.libraries.columns import INDENT, batch_of, indented, is_whole
from visualnn.scene.libraries.torch_training import HINGE, LION, LOSSES, constants

WIDE = 100  # letters of a line
TESTED = '        print(f"loss over the test rows: {loss_over(model, *rows[2:]):.6g}")\n'
DATA = '''\
"""The rows, and in which order training goes through them."""

{csv}from pathlib import Path

import numpy as np

{reading}


def epochs():
    """Epoch by epoch the rows of each update, as VisualNN takes them."""
'''
SHUFFLED = """\
    rng = np.random.default_rng({seed:_})
    while True:
        order = rng.permutation({rows})
        yield [order[i : i + {batch}] for i in range(0, {rows}, {batch})]
"""
WHOLE = """\
    while True:
        yield [np.arange({rows})]
"""
HEAD = '''\
"""Trains the network as VisualNN does.

    python train.py
    torchrun --nproc-per-node 2 train.py
"""

import math
import os

import numpy as np
import torch
import torch.distributed as dist
from safetensors.torch import {tensors}
from torch import nn
from torch.nn.parallel import DistributedDataParallel

import data
from model import HERE, {model}
'''
TOGETHER = '''\
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))  # torchrun sets them


def join():
    """Meets the other processes, if there are any; the device on which this one computes."""
    local, beside = int(os.environ.get("LOCAL_RANK", 0)), int(os.environ.get("LOCAL_WORLD_SIZE", 1))
    has_gpu = torch.cuda.device_count() >= beside
    if has_gpu:
        torch.cuda.set_device(local)
    if WORLD > 1:
        dist.init_process_group("nccl" if has_gpu else "gloo")
    return torch.device("cuda", local) if has_gpu else torch.device("cpu")


def own(rows):
    """This process's share of some rows; there may be none."""
    return torch.from_numpy(np.array_split(rows, WORLD)[RANK])


def everywhere(value):
    """The sum over all processes."""
    if WORLD > 1:
        dist.all_reduce(value)
    return value.item()
'''
MEMORY = '''\
def remember(model, optimizer):
    """What the optimizer has kept of the updates in VisualNN."""
    memory = load_file(HERE / "{file}")
    for name, w in model.named_parameters():
        optimizer.state[w] = {{
{entries}
        }}
'''
LOSS_OVER = '''\
def loss_over(model, x, y):
    """The loss over rows, when training is done."""
    model.eval()
    with torch.no_grad():
        return ({loss}).item()
'''
MAIN = """\
def main():
    device = join()
    torch.set_default_dtype(DTYPE)  # of what an optimizer counts with, too
{seeded}    rows = [torch.from_numpy(part).to(device, DTYPE) for part in ({parts})]
    model = loaded("{start}", DTYPE).to(device)
    net = DistributedDataParallel(model) if WORLD > 1 else model
{optimizer}
    losses, why = train(model, net, optimizer, *{learned})
    if RANK == 0:
        save_file(model.state_dict(), HERE / "trained.safetensors")
        lines = [f"{{t}},{{loss!r}}\\n" for t, loss in enumerate(losses{first})]
        (HERE / "losses.csv").write_text("update,loss\\n" + "".join(lines))
        print(f"loss over all rows: {{loss_over(model, *rows[:2]):.6g}}")
{tested}        print(f"{{why}} trained.safetensors and losses.csv are written.")
    if WORLD > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
"""


def data_program(project: Project) -> str:
    """The text of data.py."""
    table = rows.is_table(project.data)
    order = WHOLE if is_whole(project) else SHUFFLED
    seed, batch = 10_000 + project.options.seed, batch_of(project)
    text = DATA.format(csv="import csv\n" if table else "", reading="\n".join(rows.reading(project.data)))
    return text + order.format(seed=seed, rows=project.data.rows, batch=batch)


def program(project: Project, start: Start) -> str:
    """The text of train.py."""
    options, has_memory = project.options, numbers.has_memory(project, start)
    parts = [
        _head(project, start),
        "\n".join(_loss(project)),
        *([MEMORY.format(file=numbers.MEMORY, entries=_entries(project, start))] if has_memory else []),
        loop.lines(project, start),
        LOSS_OVER.format(loss=loop.share(options, "model(x)", "y", "x")),
        _main(project, start),
    ]
    return "\n\n".join(part if part.endswith("\n") else f"{part}\n" for part in parts)


def _head(project: Project, start: Start) -> str:
    """Imports, what may be changed, and how processes work together."""
    options = project.options
    loads = project.mask is not None or numbers.has_memory(project, start)
    head = HEAD.format(
        tensors="load_file, save_file" if loads else "save_file",
        model="loaded" if options.loss == "cross_entropy" else "OUTPUTS, loaded",
    )
    said = [
        f"DTYPE = torch.{options.precision}",
        f"RATE = {options.optimizer.rate!r}",
        f"EPOCHS = {start.epochs}",
        *([f"FIRST = {start.update}  # updates done in VisualNN already"] if start.update else []),
        *([f"GOAL = {loop.number(options.goal)}  # ends where the loss is below"] if options.goal is not None else []),
        f"EVERY = {loop.every(project, start)}  # updates from one printed loss to the next",
        *([f"PATIENCE = {options.patience}  # epochs without a better test loss"] if loop.waits(project) else []),
    ]
    return head + "\n" + "\n".join(said) + "\n" + TOGETHER


def _loss(project: Project) -> list[str]:
    """The loss, added up over the rows; Lion; how the rate changes."""
    options = project.options
    lion = LION.strip("\n").split("\n") if options.optimizer.name == "lion" else []
    if options.loss == "hinge":
        loss = [line.replace("mean()", "sum()") for line in HINGE]
    else:
        name = LOSSES[options.loss].removesuffix(")")
        loss = [f'loss_of = {name}{"" if name.endswith("(") else ", "}reduction="sum")']
    parts = [loss, lion, _factor(project)]
    return "\n\n\n".join("\n".join(part) for part in parts if part).split("\n")


def _factor(project: Project) -> list[str]:
    schedule = project.options.schedule
    if schedule.name == "plateau" or not loop.is_scheduled(project):
        return []
    return ["def factor(t):  # of the rate; t: updates done", *indented(torch_schedule.factor(schedule))]


def _entries(project: Project, start: Start) -> str:
    return "\n".join(f"{INDENT * 3}{entry}," for entry in numbers.state(project, start))


def _main(project: Project, start: Start) -> str:
    options = project.options
    name, arguments = constants(options.optimizer)
    made = _call(f"optimizer = {name}", ["model.parameters()", "lr=RATE", *arguments])
    made += ["remember(model, optimizer)"] if numbers.has_memory(project, start) else []
    return MAIN.format(
        seeded=f"    torch.manual_seed({options.seed} + RANK)  # of the dropout\n" if options.dropout else "",
        start=numbers.START if numbers.begins_elsewhere(project, start) else MODEL,
        optimizer="\n".join(indented(made)),
        parts="data.x, data.y" + (", data.x_test, data.y_test" if project.data.tests else ""),
        learned="rows[:2]" if project.data.tests and not loop.waits(project) else "rows",
        tested=TESTED if project.data.tests else "",
        first=", FIRST" if start.update else "",
    )


def _call(name: str, arguments: list[str]) -> list[str]:
    """On one line, or with its arguments on the next."""
    line = f"{name}({', '.join(arguments)})"
    return [line] if len(line) <= WIDE else [f"{name}(", *indented([", ".join(arguments)]), ")"]
