"""Whether what came back from a file is what went into it, to the bit."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from visualnn.files import document
from visualnn.nn.data import Dataset
from visualnn.nn.history import Checkpoint
from visualnn.project import Project
from visualnn.runs import Run
from visualnn.work import Work


def description(project: Project) -> dict[str, Any]:
    return document.description(Work(project))


def arrays(project: Project) -> dict[str, np.ndarray]:
    return document.arrays(Work(project), description(project))


def assert_same(left: Project, right: Project) -> None:
    """Equal to the bit in everything a project holds."""
    assert description(left) == description(right)
    assert left.options == right.options
    assert left.network == right.network
    assert (left.silent, left.cut) == (right.silent, right.cut)
    assert arrays(left).keys() == arrays(right).keys()
    for name in ("parameters", "origin", "sample"):
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes()
        assert not getattr(right, name).flags.writeable
    assert (left.target is None) == (right.target is None)
    if left.target is not None:
        assert left.target.tobytes() == right.target.tobytes()
    assert (left.updates, left.batch, left.row) == (right.updates, right.batch, right.row)
    if left.updates:
        assert (left.memory.shape, left.memory.tobytes()) == (right.memory.shape, right.memory.tobytes())
    assert_same_data(left.data, right.data)


def assert_same_data(left: Dataset, right: Dataset) -> None:
    for name in ("inputs", "targets", "test_inputs", "test_targets"):
        ours, theirs = getattr(left, name), getattr(right, name)
        assert (ours.shape, ours.tobytes()) == (theirs.shape, theirs.tobytes())
        assert not theirs.flags.writeable
    for name in ("name", "input_names", "output_names", "classification", "rule", "image", "classes", "texts"):
        assert getattr(left, name) == getattr(right, name)
    assert (left.scaling is None) == (right.scaling is None)
    if left.scaling is not None:
        for ours, theirs in zip(left.scaling.arrays, right.scaling.arrays, strict=True):
            assert (ours.shape, ours.tobytes()) == (theirs.shape, theirs.tobytes())


def assert_same_work(left: Work, right: Work) -> None:
    """All that a file keeps."""
    assert_same(left.project, right.project)
    assert (left.number, left.view) == (right.number, right.view)
    assert len(left.runs) == len(right.runs)
    for ours, theirs in zip(left.runs, right.runs, strict=True):
        assert_same_run(ours, theirs)


def assert_same_run(left: Run, right: Run) -> None:
    """A run with its moments; of its project all but where it stood, which the moments tell."""
    told = ("number", "name", "options", "network", "update", "epoch_length", "stop", "parent", "branched_at")
    for name in (*told, "data_name", "rate_changes"):
        assert getattr(left, name) == getattr(right, name), name
    assert np.array_equal(left.loss, right.loss, equal_nan=True)
    assert left.curve.stride == right.curve.stride
    for ours, theirs in ((left.curve.losses, right.curve.losses), (left.parameters, right.parameters)):
        assert_same_bits(ours, theirs)
    assert_same_bits(left.start, right.start)
    for field in fields(left.readings):
        assert_same_bits(getattr(left.readings, field.name), getattr(right.readings, field.name))
    assert len(left.moments) == len(right.moments)
    for ours, theirs in zip(left.moments, right.moments, strict=True):
        assert_same_moment(ours, theirs)
    assert (left.project is None) == (right.project is None)
    if left.project is not None:
        assert_same(left.project.with_progress(None), right.project)


def assert_same_moment(left: Checkpoint, right: Checkpoint) -> None:
    assert (left.update, left.rates) == (right.update, right.rates)
    for name in ("parameters", "memory", "scalars"):
        assert_same_bits(getattr(left, name), getattr(right, name))
    assert (left.order.seed, left.order.is_shuffled) == (right.order.seed, right.order.is_shuffled)
    for name in ("line", "words", "epoch"):
        assert_same_bits(getattr(left.order, name), getattr(right.order, name))


def assert_same_bits(left: np.ndarray, right: np.ndarray) -> None:
    assert (left.dtype, left.shape, left.tobytes()) == (right.dtype, right.shape, right.tobytes())
