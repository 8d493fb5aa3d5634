"""Two weights of the network that adds, on the pairs of 0…4; the other 11 stay as they are."""

from __future__ import annotations

from typing import Any

from visualnn.nn.data import number_pairs
from visualnn.scene.landscape.examples.ends import At, Below, Never, Passes
from visualnn.scene.landscape.examples.example import Example, sgd

GROUP = "Two weights of the adder"
ADDER: dict[str, Any] = {"group": GROUP, "document": "adder", "data": number_pairs(0, 4), "updates": 400}

EXAMPLES = (
    Example(
        "adder-into-c",
        "Two weights into neuron c",
        sees="The other 11 weights and biases are frozen. After 59 updates the loss is below 1e−6.",
        axes=("wac", "wbc"),
        start=(-0.5, 2.0),
        runners=sgd(0.05),
        ends=((Below(1e-6, 59), Passes(300, 7.92021e-08), At(0.992442, 1.03122)),),
        goal=1e-6,
        **ADDER,
    ),
    Example(
        "adder-through-c",
        "Into neuron c and out: a bent valley",
        sees="One weight times the other has to be right. That is why the valley bends.",
        axes=("wac", "wcf"),
        start=(0.2, 0.2),
        runners=sgd(0.03),
        ends=((Below(1e-6, 160), At(0.987887, 0.797958)),),
        goal=1e-6,
        **ADDER,
    ),
    Example(
        "adder-flat-axis",
        "A flat axis: where neuron d is off",
        sees="Where w_bd is below about 0, neuron d is off. Then this weight changes nothing.",
        axes=("wac", "wbd"),
        start=(-0.5, 1.0),
        runners=sgd(0.05),
        ends=((Below(1e-3, 28), Never(1e-6), At(0.995367, 0.00419552)),),
        goal=1e-3,
        **ADDER,
    ),
    Example(
        "adder-into-e",
        "Two weights into neuron e: slower",
        sees="The same rate, another neuron. Only after 279 updates is the loss below 0.001.",
        axes=("wae", "wbe"),
        start=(-1.0, 1.0),
        runners=sgd(0.05),
        ends=((Below(0.01, 180), Below(1e-3, 279), At(0.870231, 0.784022)),),
        goal=1e-3,
        **ADDER,
    ),
)
