"""What memory does, and how long steps are."""

from __future__ import annotations

from typing import Any

from visualnn.scene.landscape.examples.ends import At, Below, Bounces, Paces, Passes, Settles
from visualnn.scene.landscape.examples.example import Example, runners

GROUP = "Momentum and steps"
WELL: dict[str, Any] = {
    "group": GROUP,
    "surface": "double_well",
    "start": (-2.2, 0.0),
    "goal": 0.06,
}
BOWL: dict[str, Any] = {"group": GROUP, "surface": "bowl", "start": (-1.0, 2.5), "goal": 1e-6}
LOCAL = (Settles(2.88144), At(-1.347, 0.0, 1e-4))

EXAMPLES = (
    Example(
        "momentum-escapes",
        "Momentum rolls over the hill",
        sees="SGD stops in the first well. Momentum 0.01 has swing enough for the hill, 0.005 has not.",
        runners=runners(("sgd", 0.05), ("momentum", 0.01), ("momentum", 0.005)),
        updates=300,
        ends=(LOCAL, (Settles(0.0558079), At(1.473, 0.0, 1e-5)), LOCAL),
        **WELL,
    ),
    Example(
        "big-step",
        "A great rate escapes but cannot settle",
        sees="Rate 0.12 jumps over the hill. Then it bounces between 1.2169 and 1.6402 for ever.",
        runners=runners(("sgd", 0.12), ("sgd", 0.05)),
        updates=300,
        ends=((Bounces((1.2169, 0.0), (1.6402, 0.0)), Passes(300, 0.336083)), LOCAL),
        **WELL,
    ),
    Example(
        "same-rate",
        "Same rate: Momentum gathers speed",
        sees="At rate 0.01 SGD takes 200 updates. Momentum shoots past, swings back and takes 119.",
        runners=runners(("sgd", 0.01), ("momentum", 0.01)),
        updates=200,
        ends=((Below(1e-6, 200),), (Below(1e-6, 119),)),
        **BOWL,
    ),
    Example(
        "easy-bowl",
        "An easy bowl: plain SGD beats Adam",
        sees="SGD at its best rate takes 21 updates, Adam 106. Nothing here needs Adam.",
        runners=runners(("sgd", 1 / 12), ("rmsprop", 0.1), ("adagrad", 1.0), ("nesterov", 0.05), ("adam", 0.1)),
        updates=120,
        ends=((Below(1e-6, 21),), (Below(1e-6, 24),), (Below(1e-6, 25),), (Below(1e-6, 43),), (Below(1e-6, 106),)),
        **BOWL,
    ),
    Example(
        "rate-per-weight",
        "Ravine: a rate for each weight",
        sees="SGD runs down the steep side first. Adam, RMSprop and AdaGrad move both weights at once.",
        group=GROUP,
        surface="ravine",
        start=(-8.0, 1.5),
        runners=runners(("sgd", 0.5), ("adagrad", 1.0), ("rmsprop", 0.1), ("adam", 0.5)),
        updates=80,
        ends=((Below(1e-3, 79),), (Below(1e-3, 77),), (Below(1e-3, 66),), (Below(1e-3, 66),)),
        goal=1e-3,
    ),
    Example(
        "step-length",
        "Step length: near and far from the goal",
        sees="SGD steps shrink with the slope: 1, then 0.9. Adam steps by 0.1 far and near.",
        group=GROUP,
        surface="ravine",  # of which this is y² only
        start=(0.0, -10.0),
        runners=runners(("sgd", 0.05), ("momentum", 0.02), ("adagrad", 1.0), ("rmsprop", 0.1), ("adam", 0.1)),
        updates=100,
        ends=(
            (Paces(1, 1.0), Paces(2, 0.9), Paces(20, 0.135085)),
            (Paces(1, 0.4), Paces(5, 1.37516), Paces(20, 0.551466)),
            (Paces(1, 1.0), Paces(2, 0.668965), Paces(20, 0.139096)),
            (Paces(1, 1.0), Paces(2, 0.67082), Paces(20, 0.145268)),
            (Paces(1, 0.1), Paces(2, 0.0999725), Paces(20, 0.0962804)),
        ),
        window=(-7.0, 7.0, -11.0, 3.0),
    ),
)
