"""Random projects, what the window makes of them, and programs that run in an interpreter of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.optimizers import DEFAULTS, OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.passes import predict
from visualnn.nn.schedule import SCHEDULES, Schedule
from visualnn.nn.training import Training
from visualnn.project import Project, new_project

NASTY = st.text(st.sampled_from("\"'\\\n\r\t\0\u2028\u202e{}#%`$é😀\ud800 aß=,"), max_size=12)
RUNNER = """\
import json, runpy, sys
program, wanted, inputs = sys.argv[1], sys.argv[2].split(","), json.loads(sys.argv[3])
sys.stdout, out = sys.stderr, sys.stdout
shown = runpy.run_path(program, run_name="program")
found = {"answers": [shown["run"](*x) for x in inputs]}
ended = runpy.run_path(program, run_name="__main__")
found |= {name: ended[name] for name in wanted}
print(json.dumps(found, default=list), file=out)
"""


@st.composite
def optimizers(draw: st.DrawFn) -> Optimizer:
    rule = draw(st.sampled_from(OPTIMIZERS))
    constants = {"weight_decay": draw(st.sampled_from((0.0, 0.02)))} | DEFAULTS.get(rule, {})
    return Optimizer(rule, draw(st.sampled_from((0.01, 0.05))), **constants)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    name = draw(st.sampled_from(SCHEDULES))
    return Schedule(name, period=3, gamma=0.6, warmup=draw(st.sampled_from((0, 4))), patience=1, floor=0.1)


@st.composite
def projects(draw: st.DrawFn, max_units: int = 5) -> Project:
    """Everything that can be chosen about a project, for a few epochs."""
    problem = draw(problems(max_units, max_rows=8))
    limit = st.sampled_from((None, 0.4))
    share = st.sampled_from((0.0, 0.0, 0.01))
    options = Options(
        draw(optimizers()),
        problem.loss,
        batch_size=draw(st.sampled_from((None, 1, 3))),
        seed=draw(st.integers(0, 2**63 - 1)),
        schedule=draw(schedules()),
        l1=draw(share),
        l2=draw(share),
        dropout=draw(st.sampled_from((0.0, 0.0, 0.3))),
        clip_value=draw(limit),
        clip_norm=draw(limit),
        epochs=4,
    )
    made = _masked(draw, new_project("random", problem.network, _tested(problem), options, problem.parameters))
    return replace(made, trained=draw(st.booleans()))


def _tested(problem: Problem):
    """The same rows with some held back."""
    data = problem.dataset
    return replace(data, test_inputs=data.inputs[::-1] * 0.5, test_targets=data.targets[::-1].copy())


def _masked(draw: st.DrawFn, project: Project) -> Project:
    sizes = project.network.sizes
    for column, units in enumerate(sizes[:-1]):
        if draw(st.integers(0, 4)) == 0:
            project = project.with_silent(column, draw(st.integers(0, units - 1)), True)
    for layer in range(len(sizes) - 1):
        if draw(st.integers(0, 3)) == 0:
            place = draw(st.integers(0, sizes[layer] - 1)), draw(st.integers(0, sizes[layer + 1] - 1))
            project = project.with_cut(layer, *place, True)
    return project


def answers(project: Project, inputs: np.ndarray) -> list[list[float]]:
    """What the window says for these rows."""
    return [predict(project.network, project.parameters, x, project.mask).tolist() for x in inputs]


def run_of(project: Project, updates: int) -> tuple[list[float], np.ndarray]:
    """The losses of a run in the window before each update, and the weights after it."""
    start = project.parameters if project.trained else None
    training = Training(project.network, project.data, project.options, start, mask=project.mask)
    training.run(updates)
    kept = training.parameters if project.mask is None else project.mask.kept(training.parameters)
    return training.curve.view(training.updates).losses.tolist(), kept.copy()


def executed(files: dict[str, bytes], folder: Path, program: str, inputs: np.ndarray, *wanted: str, bare=()) -> dict:
    """What a program says about inputs, and names of it at the end of its run, in a fresh interpreter."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "-I", *bare, "-c", RUNNER, program, ",".join(wanted), json.dumps(inputs.tolist())]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def difference(found: list[float], expected: list[float]) -> float:
    """The largest difference, as a share of what is expected where that is more than 1."""
    assert len(found) == len(expected)
    a, b = np.array(found), np.array(expected)
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(b), 1.0), initial=0.0))
