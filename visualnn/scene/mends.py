"""What one button does about a training in trouble: its words, and the project it makes.

Mends are tried before they are offered, as far as that is soon done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options
from visualnn.nn.recipes import scaled
from visualnn.nn.statistics import SATURATING
from visualnn.nn.trial import Ground, Trial, first_that_works, is_blocked, trial
from visualnn.project import Project, same_start
from visualnn.scene.formula import short

SLOWER, FASTER = (0.1, 0.01, 0.001), (10.0, 100.0, 3.0)
DEEP = 4  # layers of weights from which slopes may vanish
SEEDS = 8  # other first weights that are tried
HIDDEN_UNITS = 8  # of a layer where there was none
CLIP_NORM = 1.0


@dataclass(frozen=True, slots=True)
class Mend:
    """A label and what it stands for: other options, other hidden layers, other units of the data, or a moment."""

    label: str
    options: Options | None = None
    activation: str | None = None  # of all hidden layers
    adds_layer: bool = False
    units: int | None = None  # of the first hidden layer
    scales: bool = False
    update: int | None = None  # to travel to; nothing else changes then

    def applied(self, project: Project) -> Project:
        """The project that is to be trained; other layers or data begin at fresh weights.

        Raises `VisualNNError` where there is no room for it.
        """
        made = self._reshaped(project)
        if made is not project:
            made = replace(made, trained=False)
        return made if self.options is None else made.with_options(self.options)

    def _reshaped(self, project: Project) -> Project:
        if self.adds_layer:
            project = project.with_layer(0, HIDDEN_UNITS, self.activation or "tanh")
        elif self.activation is not None:
            for column in range(1, len(project.network.sizes) - 1):
                project = project.with_activation(column, self.activation)
        if self.units is not None:
            project = project.with_units(1, self.units)
        return project.with_data(scaled(project.data)) if self.scales else project


def rate_text(rate: float) -> str:
    """A learning rate as it is typed."""
    return short(rate, 9)


def with_rate(options: Options, rate: float) -> Options:
    """The same at another rate, of three digits."""
    return replace(options, optimizer=replace(options.optimizer, rate=float(f"{rate:.3g}")))


def slower(project: Project, start: Vector | None, updates: int, *, below: float = np.inf) -> Mend | None:
    """The same start at the largest rate of a tenth, a hundredth, … that works, or with a clipped gradient."""
    options = project.options
    rates = (at_rate(options, options.optimizer.rate * factor) for factor in SLOWER)
    clipped = Mend("Same start, clip slopes at 1", replace(options, clip_norm=CLIP_NORM))
    return tried(project, start, (*rates, clipped), updates=updates, below=below)


def faster(project: Project, start: Vector | None, updates: int, *, below: float) -> Mend | None:
    """The same start at a larger rate with which the loss is lower after as many updates."""
    options = project.options
    rates = (at_rate(options, options.optimizer.rate * factor) for factor in FASTER)
    return tried(project, start, tuple(rates), updates=updates, below=below)


def at_rate(options: Options, rate: float) -> Mend:
    """The same start at another rate."""
    chosen = with_rate(options, rate)
    return Mend(f"Same start, rate {rate_text(chosen.optimizer.rate)}", chosen)


def other_seed(project: Project, updates: int, *, below: float = np.inf) -> Mend | None:
    """Other random weights that learn."""
    options = project.options
    seeds = (replace(options, seed=options.seed + k) for k in range(1, SEEDS + 1))
    return tried(
        project, None, [Mend(f"New weights, seed {each.seed}", each) for each in seeds], updates=updates, below=below
    )


def other_recipe(project: Project, updates: int, *, below: float) -> Mend | None:
    """First weights that differ from each other."""
    names = {"glorot_uniform": "Glorot", "he_normal": "He"}
    seeds = range(project.options.seed, project.options.seed + SEEDS)
    chosen = (replace(project.options, initializer=kind, seed=seed) for seed in seeds for kind in names)
    found = (Mend(f"Start with {names[each.initializer]} weights", each) for each in chosen)
    return tried(project, None, found, updates=updates, below=below)


def rectified(project: Project, updates: int) -> Mend | None:
    """ReLU with weights as large as it takes for slopes to get through."""
    options = replace(project.options, initializer="he_normal")
    rates = (options.optimizer.rate * factor for factor in (1.0, *SLOWER))
    chosen = [with_rate(options, rate) for rate in rates]
    mends = [Mend(f"ReLU, He weights, rate {rate_text(each.optimizer.rate)}", each, "relu") for each in chosen]
    return tried(project, None, mends, updates=updates)


def leaking(project: Project, updates: int, *, below: float = np.inf) -> Mend | None:
    """Leaky ReLU, which passes a slope back below zero too."""
    seeds = (replace(project.options, seed=project.options.seed + k) for k in range(1, SEEDS + 1))
    found = (Mend("Leaky ReLU, new weights", each, "leaky_relu") for each in seeds)
    return tried(project, None, found, updates=updates, below=below)


def bending(project: Project, updates: int) -> Mend | None:
    """A bend: tanh in all hidden layers, or a hidden layer."""
    options = replace(project.options, seed=project.options.seed + 1)  # fresh weights
    if len(project.network.layers) > 1:
        return tried(project, None, [Mend("Tanh in every hidden layer", options, "tanh")], updates=updates)
    mend = Mend(f"Add a hidden layer of {HIDDEN_UNITS}", options, adds_layer=True)
    return tried(project, None, [mend], updates=updates) or mend


def freed(project: Project, start: Vector | None, updates: int, *, below: float) -> Mend | None:
    """A penalty a tenth as strong, a hundredth, or none."""
    options, name = project.options, "L2" if project.options.l2 >= project.options.l1 else "L1"
    chosen = [replace(options, l1=options.l1 * share, l2=options.l2 * share) for share in (0.1, 0.01, 0.0)]
    labels = [f"Same start, {name} {short(max(each.l1, each.l2), 9)}" for each in chosen]
    found = [Mend(label, each) for label, each in zip(labels, chosen, strict=True)]
    return tried(project, start, found, updates=updates, below=below)


def in_units(project: Project, updates: int) -> Mend | None:
    """Columns of the data in the same unit, so that one rate suits all weights."""
    if project.data.scaling is not None:
        return None
    rates = [with_rate(project.options, rate) for rate in (0.1, 0.01)]
    found = [Mend(f"Scale the data, rate {rate_text(each.optimizer.rate)}", each, scales=True) for each in rates]
    return tried(project, None, found, updates=updates)


def wider(project: Project, updates: int, *, below: float) -> Mend | None:
    """Twice as many neurons in the first hidden layer."""
    if len(project.network.layers) < 2:
        return None
    units, options = 2 * project.network.sizes[1], replace(project.options, seed=project.options.seed + 1)
    mend = Mend(f"{units:,} neurons, new weights", options, units=units)
    return tried(project, None, [mend], updates=updates, below=below)


def is_deep_and_saturating(network: Network) -> bool:
    """Whether a slope passes many layers on its way that flatten it."""
    return len(network.layers) >= DEEP and all(name in SATURATING for name in network.activations[:-1])


def is_flat(network: Network) -> bool:
    """Whether no hidden layer bends anything."""
    return all(name == "linear" for name in network.activations[:-1])


def is_symmetrical(project: Project, parameters: Vector) -> bool:
    """Whether a hidden layer began with equal weights, and its neurons still are alike."""
    w, b = project.network.views(parameters)[0]
    alike = bool((w == w[:, :1]).all() and (b == b[0]).all())
    begun = project.options.initializer in ("zeros", "constant")
    return alike and begun and len(project.network.layers) > 1 and w.shape[1] > 1


def dead_at_birth(project: Project, start: Vector | None) -> bool:
    """Whether no slope got through from the start."""
    options = project.options
    if start is None:
        start = initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)
    return is_blocked(Ground(project.network, project.data, None, project.mask), start, options.loss)


def tried(
    project: Project, start: Vector | None, mends: Iterable[Mend], *, updates: int, below: float = np.inf
) -> Mend | None:
    """The first of them that works; the first at all where trying would take long."""

    def one(mend: Mend) -> Trial | None:
        after = mend.applied(project)
        same = after.network == project.network and same_start(after.options, project.options)
        ground = Ground(after.network, after.data, start if same else None, after.mask)
        return trial(ground, after.options, updates)

    return first_that_works(mends, one, below)
