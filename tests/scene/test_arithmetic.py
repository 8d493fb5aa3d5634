"""What the Inspector computes for one parameter is what the optimizer does, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update
from visualnn.scene.arithmetic import arithmetic

SLOPES = st.floats(-1e6, 1e6) | st.sampled_from((0.0, -0.0, 1e-200, 1e200))


@st.composite
def optimizers(draw: st.DrawFn) -> Optimizer:
    share = st.floats(0, 0.9999)
    return Optimizer(
        draw(st.sampled_from(OPTIMIZERS)),
        draw(st.floats(1e-9, 10)),
        momentum=draw(share),
        beta1=draw(share),
        beta2=draw(share),
        eps=draw(st.sampled_from((1e-8, 1e-10, 1e-3))),
        rho=draw(share),
        weight_decay=draw(st.sampled_from((0.0, 0.01, 0.5))),
    )


@given(optimizers(), st.floats(-100, 100), st.lists(SLOPES, min_size=1, max_size=5), st.floats(0.0, 1.0))
def test_several_updates_are_those_of_the_optimizer(optimizer, start, slopes, share):
    w, memory, by_hand, kept = np.array([start]), optimizer.memory(1), start, optimizer.memory(1)[:, 0].tolist()
    rate = optimizer.rate * share
    with np.errstate(all="ignore"):
        for t, slope in enumerate(slopes, start=1):
            apply_update(optimizer, w, np.array([slope]), memory, t, rate=rate)
            made = arithmetic(optimizer, by_hand, slope, kept, t=t, rate=rate)
            by_hand, kept = made.after, list(made.memory)
            np.testing.assert_array_equal(w[0], by_hand)
            np.testing.assert_array_equal(memory[:, 0], kept)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("sgd", ["step"]),
        ("momentum", ["velocity", "step"]),
        ("nesterov", ["velocity", "looking ahead", "step"]),
        ("adagrad", ["squares so far", "step"]),
        ("rmsprop", ["mean square", "step"]),
        ("adam", ["first moment m", "second moment v", "m̂, corrected", "v̂, corrected", "step"]),
        ("nadam", ["first moment m", "second moment v", "looking ahead", "v̂, corrected", "step"]),
        ("lion", ["direction", "step", "momentum after"]),
    ],
)
def test_every_optimizer_has_its_own_lines(name, lines):
    optimizer = Optimizer(name)
    made = arithmetic(optimizer, 1.0, -1.2, optimizer.memory(1)[:, 0].tolist())
    assert [line.name for line in made.operations] == lines


def test_weight_decay_comes_first():
    made = arithmetic(Optimizer("sgd", 0.1, weight_decay=0.5), 2.0, 1.0, ())
    assert [(line.name, line.value) for line in made.operations] == [("shrunk by weight decay", 1.9), ("step", 0.1)]
    assert made.after == 1.9 - 0.1
