"""PyTorch projects: predictions, the losses of the first updates, and several processes against one.

Each project is run in a fresh interpreter somewhere else: predict.py for all rows, and train.py. Every third one is run
by torchrun too, with 2 processes and 3 in turns. Ours is the training thread of the window.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.exchange.projects import project, state_of, training_of
from visualnn.engine.runner import Run, Runner
from visualnn.exchange import pytorch
from visualnn.nn import metrics
from visualnn.nn.kernels import choose
from visualnn.project import Project

UPDATES = 100
PROCESSES = (2, 3)
PROGRAM = """\
import runpy, sys
_, folder, *numbers = sys.argv
sys.path.insert(0, folder)
for name, words in (("predict.py", numbers), ("train.py", [])):
    sys.argv = [name, *words]
    runpy.run_path(f"{folder}/{name}", run_name="__main__")
"""


@dataclass
class Figures:
    number: int
    words: str
    updates: int  # compared
    said: float  # largest difference of a prediction
    lost: float  # largest relative difference of a loss
    processes: int  # 0: one alone
    together: float  # largest relative difference of a loss of theirs from one process
    kind: str
    ends_alike: bool  # after the same update


def main(python: str, projects: int) -> None:
    choose.load()
    found = []
    print(f"{'':4}{'project':66}{'updates':>8}{'predictions':>13}{'losses':>10}{'processes':>12}{'losses':>10}")
    for number in range(projects):
        with tempfile.TemporaryDirectory() as folder:
            figures = _figures(number, Path(folder), python)
        found.append(figures)
        row = f"{number:3} {figures.words:66}{figures.updates:8}{figures.said:13.1e}{figures.lost:10.1e}"
        row += f"{figures.processes:12}{figures.together:10.1e}" if figures.processes else ""
        print(row + ("" if figures.ends_alike else "  ENDS ELSEWHERE"), flush=True)
    for kind in dict.fromkeys(each.kind for each in found):
        _summary(kind, [each for each in found if each.kind == kind])


def _summary(name: str, found: list[Figures]) -> None:
    print(f"\n{name}, {len(found)} projects, the largest of all:")
    print(f"  predictions differ by {max(each.said for each in found):.1e}")
    print(f"  losses differ by {max(each.lost for each in found):.1e} of their size")
    for count in PROCESSES:
        apart = max((each.together for each in found if each.processes == count), default=0.0)
        print(f"  with {count} processes from one: {apart:.1e} of their size")
    print(f"  ends after the same update: {sum(each.ends_alike for each in found)} of {len(found)}")


def _figures(number: int, folder: Path, python: str) -> Figures:
    made = project(number, updates=UPDATES)
    for name, content in pytorch.files(made).items():
        (folder / name).write_bytes(content)
    run = _runs(folder, python)
    said = run("-c", PROGRAM, str(folder), *map(repr, made.data.inputs.ravel().tolist()))
    answers = np.array([line.split() for line in said.splitlines()[: made.data.rows]], dtype=float)
    ours, theirs = _ours(made), _losses(folder)
    processes = 0 if number % 3 else PROCESSES[number // 9 % 2]
    if processes:
        run("-m", "torch.distributed.run", "--nproc-per-node", str(processes), "train.py")
    known = metrics.predict(made.network, made.parameters, made.data.inputs, made.mask)
    count = min(UPDATES, len(ours), len(theirs))
    return Figures(
        number,
        _words(made, number),
        count,
        float(np.abs(answers - known).max()),
        _apart(theirs[:count], ours[:count]),
        processes,
        _apart(_losses(folder), theirs),
        _kind(made),
        len(theirs) == len(ours),
    )


def _kind(made: Project) -> str:
    """What decides how near they can be."""
    if made.options.precision == "float64" and "hard_sigmoid" in made.network.activations:
        return "float64 with a hard sigmoid, whose slope PyTorch keeps with 32 bits"
    return made.options.precision


def _runs(folder: Path, python: str) -> Callable[..., str]:
    """Runs a program, or one of a folder, in a fresh interpreter, elsewhere."""

    def run(*words: str) -> str:
        where = [str(folder / word) if word.endswith(".py") else word for word in words]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        done = subprocess.run([python, *where], cwd="/", env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(words[:5])} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    return run


def _ours(made: Project) -> np.ndarray:
    """The losses before each update, and where the run ends by its loss that one too, as train.py writes them."""
    training = training_of(made)
    first, options = training.updates, made.options
    runner = Runner(training)
    until = (options.epochs or 0) * training.epoch_length
    runner.tell(Run(None, until, options.goal, options.patience))
    assert runner.wait_idle(60)
    runner.close()
    last = runner.poll()
    assert last is not None
    losses = last.curve.losses[first:]
    ended = last.stop in ("goal", "diverged")
    return np.append(losses, last.loss) if ended else losses


def _losses(folder: Path) -> np.ndarray:
    lines = (folder / "losses.csv").read_text().splitlines()[1:]
    return np.array([float(line.split(",")[1]) for line in lines])


def _apart(a: np.ndarray, b: np.ndarray) -> float:
    """The largest relative difference."""
    count = min(len(a), len(b))
    if len(a) != len(b):
        print(f"  {len(a)} losses, and {len(b)}")
    a, b = a[:count], b[:count]
    return float((np.abs(a - b) / np.maximum(np.abs(b), 1e-12)).max(initial=0.0))


def _words(made: Project, number: int) -> str:
    options, network = made.options, made.network
    parts = [str(network), options.loss, options.optimizer.name, options.schedule.name, state_of(number)]
    parts += ["masked"] if made.mask is not None else []
    parts += [f"+{network.shortcut}"] if any(c is not None for c in network.shortcuts) else []
    return " ".join([*parts, f"{options.batch_size or 'all'}/{made.data.rows}"])[:65]
