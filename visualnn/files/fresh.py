"""New networks: from a typed shape or for a data set, with data and options that make a good start.

Two classes in a plane are learned with tanh, whose maps are smooth; everything else, and whatever is deep, with ReLU.
"""

from __future__ import annotations

from visualnn.nn.data import RECIPES, Dataset, random_rows
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.room import check_room
from visualnn.project import Project, new_project

HIDDEN: dict[str, tuple[int, ...]] = {  # the hidden layers of a good first network for a recipe's data
    "pairs": (3,),
    "xor": (4,),
    "circles": (6,),
    "spirals": (16, 16),
    "moons": (6,),
    "gaussians": (2,),
    "digits": (32,),
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
    return suited((data.inputs.shape[1], *HIDDEN.get(recipe, (8,)), data.targets.shape[1]), data)


def fitting(network: Network) -> tuple[str, ...]:
    """The recipes whose rows have as many inputs and outputs as the network."""
    return tuple(name for name in RECIPES if _fits(network, made(name)))


def made(recipe: str) -> Dataset:
    """The data of a recipe. Raises `VisualNNError` naming all recipes if there is none of that name."""
    if recipe not in RECIPES:
        raise VisualNNError(f"There are no data “{recipe}”. Known: {', '.join(RECIPES)}.")
    return RECIPES[recipe]()


def suited(sizes: tuple[int, ...], data: Dataset) -> Project:
    """The network of these sizes with the activations, loss and steps that suit the data."""
    smooth = data.classification and sizes[0] == 2 and len(sizes) - 2 < DEEP
    output, loss = _end(data)
    network = Network.of(*sizes, hidden="tanh" if smooth else "relu", output=output)
    initializer = "glorot_uniform" if smooth or len(sizes) == 2 else "he_normal"
    optimizer, batch_size = _steps(network, data)
    options = Options(optimizer, loss, batch_size=batch_size, initializer=initializer)
    return fresh_project(shape_name(network), network, data, options)


def shape_name(network: Network) -> str:
    """``2-16-16-1``; of a deep network its first and its last columns."""
    sizes = [str(size) for size in network.sizes]
    return "-".join(sizes if len(sizes) <= LONG else [*sizes[:3], "…", *sizes[-2:]])


def _end(data: Dataset) -> tuple[str, str]:
    """Activation and loss of the output layer."""
    if not data.classification:
        return "linear", "mse"
    one = data.targets.shape[1] == 1
    return ("sigmoid", "binary_cross_entropy") if one else ("softmax", "cross_entropy")


def _steps(network: Network, data: Dataset) -> tuple[Optimizer, int | None]:
    """The optimizer and how many rows make an update."""
    big = network.parameter_count >= BIG or len(network.layers) > DEEP
    batches = big or data.rows >= MANY_ROWS
    rate = RATE_OF_BIG if big else RATE_OF_BATCHES if batches else RATE
    return Optimizer("adam", rate), BATCH if batches and data.rows > BATCH else None


def _fits(network: Network, data: Dataset) -> bool:
    return (data.inputs.shape[1], data.targets.shape[1]) == (network.inputs, network.outputs)


def _random(network: Network) -> Dataset:
    """Rows for a shape that no recipe fits; few where each is long."""
    rows = max(1, min(RANDOM_ROWS, RANDOM_NUMBERS // (network.inputs + network.outputs)))
    return random_rows(network.inputs, network.outputs, rows)
