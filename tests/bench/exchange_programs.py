"""The programs in plain Python and in NumPy: predictions, and the losses of the first updates, in fresh interpreters.

Ours are the window's predictions, of one row at a time, and its training, from where a document would go on.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.exchange.projects import project, training_of
from visualnn.nn.kernels import choose
from visualnn.nn.passes import predict
from visualnn.project import Project

UPDATES = 100


def table(files: Callable[[Project], dict[str, bytes]], command: list[str], projects: int) -> None:
    """Runs the files of projects by a command in their folder, which is told inputs and says answers and losses."""
    choose.load()
    print(f"{'':4}{'project':66}{'updates':>8}{'predictions':>13}{'losses':>10}")
    found = []
    for number in range(projects):
        made = project(number, updates=UPDATES, precision="float64")
        made = replace(made, options=replace(made.options, patience=None))
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files(made).items():
                (Path(folder) / name).write_bytes(content)
            figures = _figures(made, command, folder)
        found.append(figures)
        print(f"{number:3} {_words(made):66}{figures[0]:8}{figures[1]:13.1e}{figures[2]:10.1e}", flush=True)
    said, lost = (max(column) for column in list(zip(*found, strict=True))[1:])
    print(f"{projects} projects, the largest of all: predictions {said:.1e}, losses {lost:.1e} of their size")


def _figures(made: Project, command: list[str], folder: str) -> tuple[int, float, float]:
    """Updates that were compared, the largest difference of a prediction, and that of a loss as a share of its size."""
    inputs = np.concatenate([made.data.inputs, made.data.test_inputs])
    asked = json.dumps(inputs.tolist())
    done = subprocess.run(command, cwd=folder, input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    said, curve = json.loads(done.stdout)
    known = np.array([predict(made.network, made.parameters, x, made.mask) for x in inputs])
    training = training_of(made)
    first = training.updates
    training.run(len(curve))
    losses = training.curve.view(training.updates).losses
    ours, theirs = losses[first if len(losses) > len(curve) else 0 :][:UPDATES], np.array(curve)[:UPDATES]
    count = min(len(ours), len(theirs))  # the loss that is below the goal is listed by the programs alone
    apart = np.abs(theirs[:count] - ours[:count]) / np.maximum(np.abs(ours[:count]), 1e-12)
    return count, float(np.abs(np.reshape(said, known.shape) - known).max()), float(apart.max(initial=0.0))


def _words(made: Project) -> str:
    options, network = made.options, made.network
    parts = [str(network), options.loss, options.optimizer.name, options.schedule.name]
    parts += ["masked"] if made.mask is not None else []
    parts += [f"+{network.shortcut}"] if any(c is not None for c in network.shortcuts) else []
    parts += ["resumed"] if made.trained and made.resumable is not None else []
    parts += ["dropout"] if options.dropout else []
    return " ".join([*parts, f"{options.batch_size or 'all'}/{made.data.rows}"])[:65]
