"""New networks: from a typed shape or for a data set, with data and options that make a good start.

Two classes in a plane and curves are learned with tanh, whose maps are smooth; everything else, and whatever is deep,
with ReLU.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from visualnn.nn import recipes
from visualnn.nn.amounts import random_rows
from visualnn.nn.dataset import Dataset, Recipe
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES
from visualnn.nn.room import check_room
from visualnn.project import Project, new_project

HIDDEN: dict[str, tuple[int, ...]] = {  # the hidden layers of a good first network for a recipe's data
    "pairs": (3,),
    "difference": (4,),
    "xor": (4,),
    "circles": (6,),
    "spirals": (16, 16),
    "gaussians": (2,),
    "moons": (6,),
    "checkerboard": (16, 16),
    "plane": (3,),
    "sine": (16, 16),
    "houses": (),
    "cats_dogs": (16,),
    "digits": (32,),
    "reviews": (),
}
MANNERS: dict[str, dict[str, Any]] = {  # what such a network is trained with, where its shape does not tell
    "sine": {"optimizer": Optimizer("adam", 0.01)},
    "houses": {"optimizer": Optimizer("adam", 0.1)},
    "cats_dogs": {"batch_size": None},
    "reviews": {"optimizer": Optimizer("adam", 0.05), "l2": 0.003, "initializer": "normal", "initializer_scale": 0.01},
}
DEEP = 10  # hidden layers from which on tanh without shortcuts passes no slope back
BIG = 10_000  # parameters from which on steps are small
MANY_ROWS = 500  # from which on an update uses some of them
BATCH = 32
RATE, RATE_OF_BATCHES, RATE_OF_BIG = 0.03, 0.005, 0.001
RANDOM_ROWS, RANDOM_NUMBERS = 256, 4_000_000  # at most
LONG = 8  # columns of a shape that a name spells out


def fresh_project(name: str, network: Network, data: Dataset, options: Options) -> Project:
    """A project at the random weights of its seed. Raises `VisualNNError` if it does not fit into memory."""
    check_room(network, data.rows)
    start = initial_parameters(network, options.initializer, options.seed, options.initializer_scale)
    return new_project(name, network, data, options, start)


def from_shape(text: str, recipe: str | None = None) -> Project:
    """The network of a typed shape, on the first data that fit it, or on those of a recipe. Raises `VisualNNError`."""
    shape = Network.parse(text)
    check_room(shape)
    if recipe is None:
        recipe = next(iter(fitting(shape)), None)
    return suited(shape.sizes, _random(shape) if recipe is None else made(recipe))


def from_data(recipe: str) -> Project:
    """A good first network for the data of a recipe. Raises `VisualNNError` if there are no such data."""
    data = made(recipe)
    project = suited((data.inputs.shape[1], *HIDDEN.get(recipe, (8,)), data.targets.shape[1]), data)
    options = replace(project.options, **MANNERS.get(recipe, {}))
    return fresh_project(project.name, project.network, data, options)


def first_sizes(recipe: str) -> tuple[int, ...]:
    """The columns of that network, without making the data."""
    source = SOURCES[recipe]
    return source.inputs, *HIDDEN.get(recipe, (8,)), source.outputs


def fitting(network: Network) -> tuple[str, ...]:
    """The sources whose rows have as many inputs and outputs as the network."""
    ends = network.inputs, network.outputs
    return tuple(name for name, source in SOURCES.items() if (source.inputs, source.outputs) == ends)


def made(recipe: str) -> Dataset:
    """What a source makes if nothing is chosen. Raises `VisualNNError` naming all if there is none of that name."""
    return recipes.made(SOURCES[recipe].recipe if recipe in SOURCES else Recipe(recipe))


def suited(sizes: tuple[int, ...], data: Dataset) -> Project:
    """The network of these sizes with the activations, loss and steps that suit the data."""
    smooth = (sizes[0] == 1 or (data.classification and sizes[0] == 2)) and len(sizes) - 2 < DEEP
    output, loss = data.natural_end
    network = Network.of(*sizes, hidden="tanh" if smooth else "relu", output=output)
    initializer = "glorot_uniform" if smooth or len(sizes) == 2 else "he_normal"
    optimizer, batch_size = _steps(network, data)
    options = Options(optimizer, loss, batch_size=batch_size, initializer=initializer)
    return fresh_project(shape_name(network), network, data, options)


def shape_name(network: Network) -> str:
    """``2-16-16-1``; of a deep network its first and its last columns."""
    sizes = [str(size) for size in network.sizes]
    return "-".join(sizes if len(sizes) <= LONG else [*sizes[:3], "…", *sizes[-2:]])


def _steps(network: Network, data: Dataset) -> tuple[Optimizer, int | None]:
    """The optimizer and how many rows make an update."""
    big = network.parameter_count >= BIG or len(network.layers) > DEEP
    batches = big or data.rows >= MANY_ROWS
    rate = RATE_OF_BIG if big else RATE_OF_BATCHES if batches else RATE
    return Optimizer("adam", rate), BATCH if batches and data.rows > BATCH else None


def _random(network: Network) -> Dataset:
    """Rows for a shape that no recipe fits; few where each is long."""
    rows = max(1, min(RANDOM_ROWS, RANDOM_NUMBERS // (network.inputs + network.outputs)))
    return random_rows(network.inputs, network.outputs, rows)
