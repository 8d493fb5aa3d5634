"""What a document holds, as one frozen value, and its pure edits.

An edit returns a new `Project` that shares every array it did not change, so keeping old ones for undo costs next to
nothing and views can tell by identity what changed.

May import: `visualnn.nn`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import SCALED
from visualnn.nn.network import Network, Vector, neuron_names
from visualnn.nn.options import Options


def frozen(values: Vector) -> Vector:
    """A read-only float64 copy."""
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, eq=False)
class Project:
    """A network with its numbers, its data and how it is to be trained. Compared by identity.

    `origin` holds the parameters before any edit by hand: what “Reset this weight” goes back to. `trained` says that
    they came out of a run: the next run starts from them, and not from fresh random weights.
    """

    name: str
    network: Network
    parameters: Vector  # (network.parameter_count,), read-only
    data: Dataset
    options: Options
    sample: Vector  # the input row on the stage, (network.inputs,), read-only
    origin: Vector
    notes: str = ""
    trained: bool = False

    def __post_init__(self) -> None:
        if self.data.inputs.shape[1] != self.network.inputs or self.data.targets.shape[1] != self.network.outputs:
            raise VisualNNError(
                f"The data have {self.data.inputs.shape[1]} inputs and {self.data.targets.shape[1]} outputs; "
                f"the network {self.network} has {self.network.inputs} and {self.network.outputs}."
            )
        if self.sample.shape != (self.network.inputs,):
            raise VisualNNError(f"The sample needs {self.network.inputs} values, not {self.sample.size}.")
        self.network.views(self.parameters)

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """A letter or short name for each neuron, column by column."""
        return neuron_names(self.network, self.data.input_names)

    def renamed(self, name: str) -> Project:
        """The same under another name."""
        return replace(self, name=name)

    def with_parameter(self, index: int, value: float) -> Project:
        """One weight or bias set by hand."""
        if not np.isfinite(value):
            raise VisualNNError(f"A weight must be a finite number, not {value}.")
        parameters = self.parameters.copy()
        parameters[index] = value
        parameters.setflags(write=False)
        return replace(self, parameters=parameters)

    def with_parameters(self, parameters: Vector) -> Project:
        """All weights and biases as a run has left them; they become the new `origin`."""
        parameters = frozen(parameters)
        return replace(self, parameters=parameters, origin=parameters, trained=True)

    def with_sample(self, sample: Vector) -> Project:
        """Another input row on the stage."""
        if not np.isfinite(sample).all():
            raise VisualNNError("An input must be a finite number.")
        return replace(self, sample=frozen(sample))

    def with_options(self, options: Options) -> Project:
        """Other training options; another seed or recipe of first weights asks for fresh ones."""
        return replace(self, options=options, trained=self.trained and same_start(options, self.options))


def same_start(a: Options, b: Options) -> bool:
    """Whether runs with these options begin at the same random weights."""
    scaled = a.initializer in SCALED and a.initializer_scale != b.initializer_scale
    return (a.seed, a.initializer) == (b.seed, b.initializer) and not scaled


def new_project(name: str, network: Network, data: Dataset, options: Options, parameters: Vector) -> Project:
    """A project showing the first row of its data."""
    values = frozen(parameters)
    return Project(name, network, values, data, options, frozen(data.inputs[0]), values)
