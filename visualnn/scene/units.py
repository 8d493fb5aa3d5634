"""The numbers of a data set as its file has them, whatever the network is shown.

Where columns are scaled a network sees, and says, numbers without a unit; a reader wants square metres and prices.
"""

from __future__ import annotations

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.network import Matrix


def raw_inputs(data: Dataset, inputs: Matrix) -> Matrix:
    """Inputs as the network sees them in the units of the data; one row or many."""
    return inputs if data.scaling is None else data.scaling.undo(inputs)


def seen_inputs(data: Dataset, inputs: Matrix) -> Matrix:
    """Inputs in the units of the data as the network sees them."""
    return inputs if data.scaling is None else data.scaling.apply(inputs)


def raw_answers(data: Dataset, answers: Matrix) -> Matrix:
    """What a network says, or should say, in the units of the data."""
    return answers if data.scaling is None else data.scaling.undo_targets(answers)


def spread_of(data: Dataset) -> float:
    """How large a miss of 1 is in the units of the data; 1 where several outputs have units of their own."""
    if data.scaling is None or data.scaling.target_spread.size > 1:
        return 1.0
    return float(np.abs(data.scaling.target_spread[0]))
