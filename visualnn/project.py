"""What a document holds, as one frozen value, and its pure edits.

An edit returns a new `Project` that shares every array it did not change, so keeping old ones for undo costs next to
nothing and views can tell by identity what changed.

May import: `visualnn.nn`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from visualnn.nn import surgery
from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.dataset import Dataset
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import losses_for
from visualnn.nn.history import Progress
from visualnn.nn.initializers import INITIALIZERS, SCALED, draw, initial_parameters
from visualnn.nn.mask import Connections, Mask, Neurons, check_places, mask_of
from visualnn.nn.network import Matrix, Network, Vector, neuron_names
from visualnn.nn.options import Options, same_run
from visualnn.nn.order import rows_of
from visualnn.nn.recipes import SOURCES
from visualnn.nn.room import check_room
from visualnn.nn.trace import Batch

MOST_ROWS = 64  # that are followed together
LONGEST_SAID = 20  # letters of a heading in a sentence
NUMBERED = re.compile(r"[A-Za-z][0-9]*")  # a column that nobody named


def frozen(values: Vector) -> Vector:
    """A read-only float64 copy."""
    copy = np.array(values, dtype=np.float64)
    copy.setflags(write=False)
    return copy


@dataclass(frozen=True, eq=False)
class Project:
    """A network with its numbers, its data and how it is to be trained. Compared by identity.

    `origin` holds the parameters before any edit by hand: what “Reset this weight” goes back to. `trained` says that
    they came out of a run: the next run starts from them, and not from fresh random weights. `target` is typed by hand
    in place of the one that the data know. `updates` were made step by step, one after the other, and left `memory`. In
    `batch` rows are followed together, 0: the sample alone; the sample is `row` of them, as it is or edited.
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
    silent: Neurons = frozenset()
    cut: Connections = frozenset()
    target: Vector | None = None  # (network.outputs,), read-only
    updates: int = 0
    memory: Matrix | None = None  # the optimizer's, (slots, network.parameter_count)
    batch: int = 0
    row: int = 0
    progress: Progress | None = None  # of the run that led to these parameters

    def __post_init__(self) -> None:
        if self.data.inputs.shape[1] != self.network.inputs or self.data.targets.shape[1] != self.network.outputs:
            raise VisualNNError(
                f"The data have {self.data.inputs.shape[1]} inputs and {self.data.targets.shape[1]} outputs; "
                f"the network {self.network} has {self.network.inputs} and {self.network.outputs}."
            )
        if self.sample.shape != (self.network.inputs,):
            raise VisualNNError(f"The sample needs {self.network.inputs} values, not {self.sample.size}.")
        if self.target is not None and self.target.shape != (self.network.outputs,):
            raise VisualNNError(f"The target needs {self.network.outputs} values, not {self.target.size}.")
        self.network.views(self.parameters)
        check_places(self.network, self.silent, self.cut)

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """A letter or short name for each neuron, column by column."""
        return neuron_names(self.network, self.data.input_names)

    @cached_property
    def mask(self) -> Mask | None:
        """What of the network is switched off; None if nothing is."""
        if not (self.silent or self.cut):
            return None
        return mask_of(self.network, self.silent, (self.network.weight_index(*place) for place in self.cut))

    @cached_property
    def answer(self) -> Vector | None:
        """What the outputs should be for the sample: as typed, else as the data have it; None if nobody knows.

        A cross-entropy compares shares: what was typed beyond 0 and 1 counts as these.
        """
        if self.target is None:
            return self.data.target_of(self.sample)
        return np.clip(self.target, 0.0, 1.0) if self.options.loss in CROSS_ENTROPIES else self.target

    @cached_property
    def titles(self) -> tuple[tuple[str, ...], ...]:
        """The names as they are said: outputs that are classes with these, columns of the data with their headings."""
        (first, *hidden, last), data = self.names, self.data
        last = _titled(last, data.classes if len(data.classes) == len(last) else _headings(data.output_names))
        return _titled(first, () if data.image else _headings(data.input_names)), *hidden, last

    def renamed(self, name: str) -> Project:
        """The same under another name."""
        return replace(self, name=name)

    def with_notes(self, notes: str) -> Project:
        """The same with other notes."""
        return replace(self, notes=notes)

    def with_parameter(self, index: int, value: float) -> Project:
        """One weight or bias set by hand."""
        if not np.isfinite(value):
            raise VisualNNError(f"A weight must be a finite number, not {value}.")
        parameters = self.parameters.copy()
        parameters[index] = value
        parameters.setflags(write=False)
        return replace(self, parameters=parameters)

    def with_parameters(self, parameters: Vector) -> Project:
        """All weights and biases as a run has left them, but for what is switched off; they become the `origin`."""
        self.network.views(parameters)
        parameters = frozen(self._kept(parameters))
        return replace(
            self, parameters=parameters, origin=parameters, trained=True, updates=0, memory=None, progress=None
        )

    def with_progress(self, progress: Progress | None) -> Project:
        """The same, where it stands in its run."""
        return replace(self, progress=progress)

    @cached_property
    def resumable(self) -> Progress | None:
        """The progress that leads on from exactly these parameters; None where they were edited since."""
        known = self.progress
        if known is None or known.checkpoint.parameters.tobytes() != self.parameters.tobytes():
            return None
        return known if np.isfinite(known.curve.losses).all() and np.isfinite(known.checkpoint.memory).all() else None

    def with_update(self, parameters: Vector, memory: Matrix) -> Project:
        """After one update more, made step by step, with what the optimizer keeps of it."""
        updated = replace(self.with_parameters(parameters), updates=self.updates + 1, memory=frozen(memory))
        return updated.with_batch(self.batch) if self.batch else updated  # which are other rows now

    def showing(self, parameters: Vector) -> Project:
        """The same while a run shows these weights; what is switched off keeps its own."""
        return replace(self, parameters=self._kept(parameters))

    def _kept(self, parameters: Vector) -> Vector:
        return parameters if self.mask is None else np.where(self.mask.parameters == 0.0, self.parameters, parameters)

    def with_sample(self, sample: Vector) -> Project:
        """Another input on the stage. A typed target stays; so does the answer where the data know no other."""
        if not np.isfinite(sample).all():
            raise VisualNNError("An input must be a finite number.")
        target = self.answer if self.data.target_of(sample) is None else self.target
        return replace(self, sample=frozen(sample), target=target)

    def with_row(self, row: int) -> Project:
        """A row of the data on the stage, with its answer; after those to learn from come those held back."""
        data = self.data
        inputs = data.inputs[row] if row < data.rows else data.test_inputs[row - data.rows]
        return replace(self, sample=frozen(inputs), target=None)

    # -- rows followed together ----------------------------------------------------------------------------------

    @cached_property
    def batch_rows(self) -> NDArray[np.int64]:
        """Which rows of the data make the next update; none where the sample does alone."""
        if not self.batch:
            return np.empty(0, dtype=np.int64)
        return rows_of(self.data.rows, self.batch, self.options.seed, self.updates)

    @cached_property
    def followed(self) -> Batch | None:
        """These rows, the sample in the place of its own; None where it is followed alone or has no answer."""
        if not self.batch or self.answer is None:
            return None
        inputs, targets = self.data.inputs[self.batch_rows], self.data.targets[self.batch_rows]
        inputs[self.row], targets[self.row] = self.sample, self.answer
        return Batch(inputs, targets, self.row)

    def with_batch(self, rows: int) -> Project:
        """So many rows followed together, `MOST_ROWS` at most; one of them is singled out, the sample if it is one."""
        made = replace(self, batch=min(rows, MOST_ROWS, self.data.rows), row=0)
        if not made.batch:
            return made
        same = np.flatnonzero((made.data.inputs[made.batch_rows] == made.sample).all(axis=1))
        return replace(made, row=int(same[0])) if same.size and made.target is None else made.singled_out(0)

    def singled_out(self, row: int) -> Project:
        """Another row of the batch on the stage."""
        row %= self.batch_rows.size
        return replace(self.with_row(int(self.batch_rows[row])), row=row)

    def next_row(self, by: int) -> Project:
        """The row so many further on, in the batch or else in the data; from no row of them to the first."""
        if self.batch:
            return self.singled_out(self.row + by)
        here = np.flatnonzero((self.data.inputs == self.sample).all(axis=1))
        now = int(here[0]) if here.size else -1 if by > 0 else 0
        return self.with_row((now + by) % self.data.rows)

    # -- target and options --------------------------------------------------------------------------------------

    def with_target(self, target: Vector) -> Project:
        """Another answer that the sample should have."""
        if not np.isfinite(target).all():
            raise VisualNNError("A target must be a finite number.")
        return replace(self, target=frozen(target))

    def without_target(self) -> Project:
        """The answer that the data know, in place of a typed one."""
        return replace(self, target=None)

    def with_options(self, options: Options) -> Project:
        """Other training options; another seed or recipe of first weights asks for fresh ones."""
        trained = self.trained and same_start(options, self.options)
        progress = self.progress if same_run(options, self.options) else None
        rule, seed = options.optimizer.name, options.seed
        if (rule, seed) != (self.options.optimizer.name, self.options.seed):  # other things to remember, other rows
            return replace(
                self, options=options, trained=trained, updates=0, memory=None, batch=0, row=0, progress=progress
            )
        return replace(self, options=options, trained=trained, progress=progress)

    # -- another shape, which keeps what it can ------------------------------------------------------------------

    def with_units(self, column: int, units: int) -> Project:
        """A hidden layer that has grown at its end, or lost its last neurons."""
        return self._after(surgery.with_units(self.network, column, units))

    def without_neuron(self, column: int, neuron: int) -> Project:
        """A hidden layer without one of its neurons."""
        return self._after(surgery.without_neuron(self.network, column, neuron))

    def with_layer(self, after: int, units: int | None = None, activation: str | None = None) -> Project:
        """A new hidden layer right after column `after`, as large as its neighbour if nothing else is said."""
        return self._after(surgery.with_layer(self.network, after, units, activation))

    def without_layer(self, column: int) -> Project:
        """One hidden layer less."""
        return self._after(surgery.without_layer(self.network, column))

    def with_sizes(self, hidden: tuple[int, ...]) -> Project:
        """Hidden layers of these sizes."""
        return self._after(surgery.with_sizes(self.network, hidden))

    def _after(self, change: surgery.Surgery, **others: Any) -> Project:
        """New weights are those that the new network would start with; `others` change with the shape."""
        network, options, data = change.after, self.options, others.get("data", self.data)
        check_room(network, data.rows)
        recipe = options.initializer if change.adds else "zeros"
        fresh = initial_parameters(network, recipe, options.seed, options.initializer_scale)
        parameters = change.parameters(self.parameters, fresh)
        origin = parameters if self.origin is self.parameters else change.parameters(self.origin, fresh)
        silent, cut = change.silent(self.silent), change.cut(self.cut)
        name = str(network) if self.name == str(self.network) else self.name  # who is named by the shape is true to it
        others |= {"updates": 0, "memory": None, "progress": None}  # a memory is of one shape
        return replace(
            self, name=name, network=network, parameters=parameters, origin=origin, silent=silent, cut=cut, **others
        )

    def with_data(self, data: Dataset) -> Project:
        """Other rows to learn from, the first one on the stage. The hidden layers stay, the ends are those of the data.

        Answers of the same kind leave the output's activation and the loss as they are; others get their natural ones.
        """
        kept = data.natural_end == self.data.natural_end
        output, loss = (self.network.activations[-1], self.options.loss) if kept else data.natural_end
        change = surgery.with_ends(self.network, data.inputs.shape[1], data.targets.shape[1], output)
        made = self._after(
            change,
            data=data,
            sample=frozen(data.inputs[0]),
            options=replace(self.options, loss=loss),
            target=None,
            batch=0,
            row=0,
        )
        return made.renamed(_title(data)) if self.name == _title(self.data) else made

    # -- other parts in the same shape ---------------------------------------------------------------------------

    def with_activation(self, column: int, name: str) -> Project:
        """Another activation for a layer; if the loss does not fit that of the output, its natural one takes over."""
        network = surgery.with_activation(self.network, column, name)
        fitting = losses_for(network.activations[-1])
        loss = self.options.loss if self.options.loss in fitting else fitting[0]
        return replace(self, network=network, options=replace(self.options, loss=loss))

    def with_fresh_layer(self, column: int, initializer: str) -> Project:
        """New random weights into one column. The present ones are part of the seed: asked again, others come."""
        if initializer not in INITIALIZERS:
            raise VisualNNError(f"There is no initializer “{initializer}”. Known: {', '.join(INITIALIZERS)}.")
        present = surgery.weights_into(self.network, self.parameters, column)
        rng = np.random.default_rng((self.options.seed, column, crc32(present.data)))
        w = draw(initializer, rng, present.shape[0], present.shape[1], self.options.initializer_scale)
        ours, origin = (surgery.with_fresh_layer(self.network, p, column, w) for p in (self.parameters, self.origin))
        origin = ours if self.origin is self.parameters else origin
        return replace(self, parameters=ours, origin=origin, updates=0, memory=None)

    def with_silent(self, column: int, neuron: int, on: bool) -> Project:
        """A neuron, or an input, silenced or heard again."""
        place = {(column, neuron)}
        return replace(self, silent=self.silent | place if on else self.silent - place)

    def with_cut(self, layer: int, source: int, neuron: int, on: bool) -> Project:
        """A connection cut or mended; layer 0 leads into the first hidden column."""
        place = {(layer, source, neuron)}
        return replace(self, cut=self.cut | place if on else self.cut - place)


def same_start(a: Options, b: Options) -> bool:
    """Whether runs with these options begin at the same random weights."""
    scaled = a.initializer in SCALED and a.initializer_scale != b.initializer_scale
    return (a.seed, a.initializer) == (b.seed, b.initializer) and not scaled


def _titled(names: tuple[str, ...], said: tuple[str, ...]) -> tuple[str, ...]:
    """Names with what they stand for, where that is known."""
    if len(names) != len(said):
        return names
    return tuple(f"{name} ({each})" if each else name for name, each in zip(names, said, strict=True))


def _headings(columns: tuple[str, ...]) -> tuple[str, ...]:
    """What columns are called, and nothing where it is a letter or a number, or too long for a sentence."""
    return tuple("" if NUMBERED.fullmatch(each) or len(each) > LONGEST_SAID else each for each in columns)


def _title(data: Dataset) -> str:
    """What a built-in data set is called, and a network that nobody named otherwise."""
    return SOURCES[data.name].title if data.name in SOURCES else data.name


def new_project(name: str, network: Network, data: Dataset, options: Options, parameters: Vector) -> Project:
    """A project showing the first row of its data."""
    values = frozen(parameters)
    return Project(name, network, values, data, options, frozen(data.inputs[0]), values)
