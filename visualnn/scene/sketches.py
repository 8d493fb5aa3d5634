"""A data set as a small picture: some of its true rows, drawn as what they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.network import Matrix, Vector
from visualnn.scene.formula import Part, short
from visualnn.scene.look import sign_role

MOST_POINTS = 90
UNLIKE = 10.0  # columns whose spreads differ by this factor are no two axes of one plane
FORMULAS = {"sum": (2.0, 2.0), "difference": (2.0, 5.0)}  # the row that stands for all others
SHOWN_CLASSES = (3, 7)  # of pictures, where there are so many
KNOWN_WORDS = (("loved", "pos"), ("dull", "neg"))


@dataclass(frozen=True, eq=False)
class Points:
    """Points between −1 and 1, y upwards, with a value each; `line` is what they lie around."""

    at: Matrix  # (points, 2)
    values: Vector  # between −1 and 1; the sign is the class where they are `classes`
    classes: bool = False
    line: Matrix | None = None  # (points, 2)


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pixels between 0 and 1."""

    pixels: tuple[Matrix, ...]


@dataclass(frozen=True)
class Words:
    """A line of words and numbers."""

    parts: tuple[Part, ...]


Sketch = Points | Pictures | Words


def sketch_of(data: Dataset) -> Sketch:
    """What shows best what the rows are."""
    if data.image is not None:
        return _pictures(data, data.image)
    if data.texts:
        return Words(_words(data))
    if data.rule in FORMULAS:
        return Words(_formula(data, FORMULAS[data.rule]))
    if data.inputs.shape[1] == 2 and (data.classification or not _unlike(data.inputs)):
        return _plane(data)
    return _against_answer(data)


def _pictures(data: Dataset, shape: tuple[int, int]) -> Pictures:
    """The first row of each of two classes."""
    labels = data.targets.argmax(axis=1) if data.targets.shape[1] > 1 else (data.targets[:, 0] > 0.5).astype(int)
    shown = SHOWN_CLASSES if labels.max() >= max(SHOWN_CLASSES) else (0, 1)
    largest = float(np.abs(data.inputs).max()) or 1.0
    firsts = (int((labels == each).argmax()) for each in shown)
    return Pictures(tuple(data.inputs[row].reshape(shape) / largest for row in firsts))


def _words(data: Dataset) -> tuple[Part, ...]:
    """Two words that tell the classes apart: well-known ones, else those that do it best."""
    if all(word in data.input_names for word, _ in KNOWN_WORDS):
        (good, good_role), (bad, bad_role) = KNOWN_WORDS
    else:
        right = data.targets[:, -1] > 0.5
        lead = data.inputs[right].mean(axis=0) - data.inputs[~right].mean(axis=0)
        good, bad = data.input_names[int(lead.argmax())], data.input_names[int(lead.argmin())]
        good_role, bad_role = "pos", "neg"
    return Part(good, good_role), Part("  "), Part(bad, bad_role)


def _formula(data: Dataset, wanted: tuple[float, float]) -> tuple[Part, ...]:
    """One row as it is written: “2 + 2 = 4”."""
    matches = np.flatnonzero((data.inputs == wanted).all(axis=1))
    row = int(matches[0]) if matches.size else 0
    (a, b), answer = data.inputs[row].tolist(), float(data.targets[row, 0])
    first, second = Part(short(a), sign_role(a)), Part(short(b), sign_role(b))
    if data.rule == "sum":
        return first, Part(" + ", "text2"), second, Part(" = ", "text2"), Part(short(answer))
    return Part("|", "text2"), first, Part(" − ", "text2"), second, Part("| = ", "text2"), Part(short(answer))


def _unlike(inputs: Matrix) -> bool:
    spreads = np.ptp(inputs, axis=0)
    return bool(spreads.max() > UNLIKE * max(float(spreads.min()), 1e-12))


def _plane(data: Dataset) -> Points:
    """Both inputs as a place, the answer as a colour; one scale for both axes."""
    at = data.inputs[:MOST_POINTS]
    low, high = at.min(axis=0), at.max(axis=0)
    middle, reach = (low + high) / 2, max(float((high - low).max()) / 2, 1e-12)
    answers = data.targets[:MOST_POINTS, 0]
    values = np.where(answers > 0.5, 1.0, -1.0) if data.classification else _within_one(answers)
    return Points((at - middle) / reach, values, data.classification)


def _against_answer(data: Dataset) -> Points:
    """The first input across, the answer upwards; the test rows as a line where one input is all there is."""
    rows, tests = (data.inputs[:, 0], data.targets[:, 0]), (data.test_inputs[:, 0], data.test_targets[:, 0])
    is_curve = data.inputs.shape[1] == 1 and bool(len(tests[0]))
    everything = np.concatenate([np.column_stack(rows), np.column_stack(tests)])
    low, high = everything.min(axis=0), everything.max(axis=0)
    middle, reach = (low + high) / 2, np.maximum((high - low) / 2, 1e-12)
    at = (np.column_stack(rows)[:MOST_POINTS] - middle) / reach
    line = (np.column_stack(tests) - middle) / reach if is_curve else None
    return Points(at, _within_one(data.targets[:MOST_POINTS, 0]), line=line)


def _within_one(values: Vector) -> Vector:
    largest = float(np.abs(values).max()) if values.size else 0.0
    return values / largest if largest else values
