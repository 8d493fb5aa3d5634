"""A typed review as the network reads it: its words, what each adds to the sum, and what comes of that.

Where one neuron reads the words, a word's share is its weight, and the bias and all shares come to the sum. In a deeper
network a word's share is the sum with it minus the sum without it; there words also act together, by what is left of
the sum without the one that an empty text has and without all shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, isfinite

import numpy as np

from visualnn.files.reviews import WORD, row_of, stored, words_of
from visualnn.nn.by_hand import activations
from visualnn.nn.data import Dataset
from visualnn.nn.kernels.reference import forward, kept, open_gates
from visualnn.nn.metrics import decision
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.scene.formula import Part, Sentence, full, number, precise, sum_decimals, value, words
from visualnn.scene.guesses import class_names, percent

DECIMALS, MOST_DECIMALS = 2, 4  # of shares: more where it takes more to add up
ROUNDING = 1e-12  # of all terms


@dataclass(frozen=True, slots=True)
class Found:
    """A word in the text: from where to where, and what it adds; None where the network does not know it."""

    start: int
    end: int
    word: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """A line of the sum."""

    label: str
    value: float
    text: str
    exact: str


@dataclass(frozen=True, eq=False)
class Reading:
    """A text, and what the network makes of it."""

    text: str
    sample: Vector  # as the network gets it
    found: tuple[Found, ...]
    base: float  # the sum without any word
    shares: tuple[tuple[str, float], ...]  # of the words it knows, the strongest first
    total: float  # the sum
    output: float
    adds_up: bool  # whether one neuron reads the words, so that the shares come to the sum

    @property
    def strongest(self) -> float:
        """The largest share either way; 0 if there are none."""
        return max((abs(v) for _, v in self.shares if isfinite(v)), default=0.0)


def can_read(project: Project) -> bool:
    """Whether the data are texts and the answer is one number."""
    return bool(project.data.texts) and project.network.outputs == 1


@np.errstate(all="ignore")  # a diverged network overflows
def reading(project: Project, text: str) -> Reading:
    """What the network makes of a text: one row for it, one without each of its words, and one without any."""
    data = project.data
    sample, empty = sample_of(data, text), sample_of(data, "")
    there = np.flatnonzero(row_of(text, data.input_names))
    rows = np.repeat(sample[None], len(there) + 2, axis=0)
    rows[np.arange(len(there)) + 2, there] = empty[there]
    rows[1] = empty
    sums = _sums(project, rows)
    by_word = {data.input_names[k]: float(sums[0] - sums[i + 2]) for i, k in enumerate(there.tolist())}
    if len(project.network.layers) == 1:
        weights = _weights(project) * (sample - empty)
        by_word = {data.input_names[k]: float(weights[k]) for k in there.tolist()}
    shares = tuple(sorted(by_word.items(), key=lambda item: -abs(item[1])))
    output = float(activations(project.network.activations[-1], sums[:1])[0])
    alone = len(project.network.layers) == 1
    return Reading(text, sample, found_in(text, by_word), float(sums[1]), shares, float(sums[0]), output, alone)


def sample_of(data: Dataset, text: str) -> Vector:
    """1 for each word that is in the text, as the network gets it."""
    row = row_of(text, data.input_names)
    return row if data.scaling is None else data.scaling.apply(row)


def text_of(data: Dataset, sample: Vector) -> str:
    """The review that has these words, else the words one after the other."""
    matches = np.flatnonzero((np.vstack([data.inputs, data.test_inputs]) == sample).all(axis=1))
    if matches.size and int(matches[0]) < len(data.texts):
        return data.texts[int(matches[0])]
    row = sample if data.scaling is None else data.scaling.undo(sample)
    return " ".join(name for name, v in zip(data.input_names, row.tolist(), strict=True) if v > 0.5)


def found_in(text: str, shares: dict[str, float]) -> tuple[Found, ...]:
    """Every word of the text, where it stands."""
    lowered = [letter.lower() for letter in text]  # which may be longer than the letter
    places = [place for place, letters in enumerate(lowered) for _ in letters]
    return tuple(
        Found(places[match.start()], places[match.end() - 1] + 1, match.group(), shares.get(match.group()))
        for match in WORD.finditer("".join(lowered))
    )


def _sums(project: Project, rows: Matrix) -> Vector:
    """The output neuron's sum for each row."""
    network, mask = project.network, project.mask
    z, _ = forward(network, kept(project.parameters, mask), rows, open_gates(network, mask))
    return np.asarray(z[-1][:, 0])


def _weights(project: Project) -> Vector:
    weights = project.network.views(kept(project.parameters, project.mask))[0].w[:, 0]
    silent = [neuron for column, neuron in project.silent if column == 0]
    weights = weights.copy()
    weights[silent] = 0.0
    return weights


# -- what is written ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """The lines of a sum and what they come to, as written; `equal` is “≈” where that is not quite so."""

    lines: tuple[Share, ...]
    equal: str
    total: str


def sum_of(read: Reading, most: int) -> Sum:
    """What there is without words, the strongest words, what the others come to, and what words do together."""
    most = most if read.adds_up else most - 1
    strong, others = read.shares[:most], read.shares[most:]
    values = [read.base, *(v for _, v in strong), *([_added([v for _, v in others])] if others else [])]
    labels = ["bias" if read.adds_up else "no words", *(word for word, _ in strong)]
    labels += [f"{len(others)} other word{'' if len(others) == 1 else 's'}"] if others else []
    if not read.adds_up and read.shares:
        labels.append("acting together")
        values.append(_together(read))
    exact = sum_decimals(values, read.total, DECIMALS)
    fits = exact is not None and exact <= MOST_DECIMALS
    digits = exact if exact is not None and fits else DECIMALS
    shown = tuple(Share(label, v, number(v, digits), full(v)) for label, v in zip(labels, values, strict=True))
    return Sum(shown, "=" if fits else "≈", number(read.total, digits))


def _together(read: Reading) -> float:
    """What the sum has beyond an empty text's and all shares; 0 where that is only rounding."""
    terms = [read.total, -read.base, *(-v for _, v in read.shares)]
    left = _added(terms)
    return 0.0 if abs(left) <= ROUNDING * _added([abs(v) for v in terms]) else left


def _added(values: list[float]) -> float:
    return fsum(values) if all(isfinite(v) for v in values) else float("nan")


def verdict(project: Project, read: Reading) -> Sentence:
    """What the network says: the class it is for, and how much."""
    names, out = class_names(project), read.output
    if not isfinite(out):
        return (Part("The network’s answer is no number."),)
    if len(names) != 2 or project.network.activations[-1] != "sigmoid":
        return words("The network says {}.", value(out, precise(out)))
    yes = out > decision(project.options.loss)
    share = percent(out if yes else 1.0 - out).replace("> ", "more than ")
    return words("The network says: {}, {}.", Part(names[int(yes)], "pos" if yes else "neg"), Part(share, "text"))


def note(read: Reading) -> str:
    """What the shares are, in a sentence."""
    if not words_of(read.text):
        return "No word to read yet."
    if not read.shares:
        return "The network knows none of these words."
    if read.adds_up:
        return "Bias and weights of the words come to the sum."
    return "The sum with a word, minus the sum without it."


def turned(project: Project, read: Reading, total: str) -> Sentence:
    """What becomes of the sum, written as `total`; () where the output is the sum."""
    names = class_names(project)
    if project.network.activations[-1] != "sigmoid" or len(names) != 2 or not isfinite(read.output):
        return ()
    output = Part(precise(read.output), "text")
    return words(f"Sigmoid turns {{}} into {{}} for “{names[1]}”.", value(read.total, total), output)


def tricky() -> tuple[str, ...]:
    """Sentences that a network which counts words is likely to get wrong."""
    return tuple(each["text"] for each in stored()["tricky"])
