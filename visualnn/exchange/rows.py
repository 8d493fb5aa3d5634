"""The data of a project beside a program: a table with all digits, or an archive where there are too many for one.

Names are data: in a table they are cells, in a program and its words they are one line that can be nothing else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import numpy as np

from visualnn.nn.dataset import Dataset
from visualnn.nn.network import Matrix
from visualnn.nn.recipes import SOURCES

TABLE, ARCHIVE, SCALING = "data.csv", "data.npz", "scaling.csv"
MOST_CELLS = 2_000_000  # of a table: about 40 MB
MOST_NAMED = 12  # columns whose scaling is told in words
LONGEST = 80  # letters of a name in a sentence
PART, TRAIN, TEST = "part", "train", "test"
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
NUMPY_TABLE = """\
with Path(__file__).with_name("{file}").open(encoding="utf-8", newline="") as file:
    _, *rows = csv.reader(file)
train = np.array([row[:-1] for row in rows if row[-1] == "train"], dtype=float)
test = np.array([row[:-1] for row in rows if row[-1] == "test"], dtype=float).reshape(-1, train.shape[1])
x, y = train[:, :{inputs}], train[:, {inputs}:]
x_test, y_test = test[:, :{inputs}], test[:, {inputs}:]"""
NUMPY_ARCHIVE = """\
with np.load(Path(__file__).with_name("{file}"), allow_pickle=False) as file:
    x, y, x_test, y_test = (file[name] for name in ("x", "y", "x_test", "y_test"))"""


def files(data: Dataset) -> dict[str, bytes]:
    """The rows as a table or an archive, and beside them what scaled their columns."""
    made = {TABLE: table(data)} if is_table(data) else {ARCHIVE: archive(data)}
    return made | ({} if data.scaling is None else {SCALING: scaling_table(data)})


def is_table(data: Dataset) -> bool:
    """Whether the rows are few enough to be a text."""
    return cells(data) <= MOST_CELLS


def cells(data: Dataset) -> int:
    """How many numbers the rows hold."""
    columns = int(data.inputs.shape[1] + data.targets.shape[1])
    return (data.rows + data.tests) * columns


def reading(data: Dataset) -> list[str]:
    """Lines that read the rows of `files` as NumPy's x, y, x_test, y_test.

    They need ``np`` and ``Path``, for a table ``csv`` too, and look beside the program.
    """
    pattern, file = (NUMPY_TABLE, TABLE) if is_table(data) else (NUMPY_ARCHIVE, ARCHIVE)
    return pattern.format(file=file, inputs=data.inputs.shape[1]).split("\n")


def table(data: Dataset) -> bytes:
    """CSV, UTF-8: a heading, then a row for each sample: its inputs, its answers, and "train" or "test"."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([*map(one_line, (*input_names(data), *output_names(data))), PART])
    rows.writerows(_rows(data.inputs, data.targets, TRAIN))
    rows.writerows(_rows(data.test_inputs, data.test_targets, TEST))
    return out.getvalue().encode()


def archive(data: Dataset) -> bytes:
    """NumPy's format for several arrays: x, y, x_test, y_test."""
    out = io.BytesIO()
    np.savez(out, x=data.inputs, y=data.targets, x_test=data.test_inputs, y_test=data.test_targets)
    return out.getvalue()


def scaling_table(data: Dataset) -> bytes:
    """CSV: what was taken from each column, and by what it was divided."""
    assert data.scaling is not None
    mean, spread, target_mean, target_spread = (array.tolist() for array in data.scaling.arrays)
    names = map(one_line, (*input_names(data), *output_names(data)))
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["column", "mean", "spread"])
    rows.writerows(zip(names, map(repr, mean + target_mean), map(repr, spread + target_spread), strict=True))
    return out.getvalue().encode()


def _rows(inputs: Matrix, targets: Matrix, part: str) -> Iterator[list[str]]:
    for x, y in zip(inputs, targets, strict=True):
        yield [*map(repr, x.tolist()), *map(repr, y.tolist()), part]


# -- words -------------------------------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    """A name without anything that could end a line, turn it around, or not be written at all."""
    return " ".join(BREAKS.sub(" ", text).split())


def short(text: str) -> str:
    """A name in a sentence."""
    name = one_line(text)
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def input_names(data: Dataset) -> list[str]:
    """What each input is called; x1, x2 where nothing is."""
    return _names(data.input_names, data.inputs.shape[1], "x")


def output_names(data: Dataset) -> list[str]:
    """What each output is called: by its heading, else by its class; y1, y2 where it is neither."""
    outputs = data.targets.shape[1]
    return _names(data.output_names or (data.classes if len(data.classes) == outputs else ()), outputs, "y")


def _names(known: tuple[str, ...], count: int, letter: str) -> list[str]:
    same = known if len(known) == count else ("",) * count
    return [one_line(name) or (letter if count == 1 else f"{letter}{i}") for i, name in enumerate(same, start=1)]


def recipe_words(data: Dataset) -> list[str]:
    """What the rows are, a sentence each: how many, what made them, what the answers mean, how they were scaled."""
    return [*_origin(data), *_meaning(data), *_scaled(data)]


def _origin(data: Dataset) -> Iterator[str]:
    held = f"; {_count(data.tests)} held back to test on" if data.tests else ""
    yield f"“{short(data.name)}”: {_count(data.rows)} to learn from{held}."
    recipe = data.recipe
    source = None if recipe is None else SOURCES.get(recipe.name)
    if recipe is not None and source is not None:
        noise = f", noise {source.noise_of(recipe):g}" if source.noise is not None else ""
        yield f"Made by VisualNN's “{source.title}”: {source.rows_of(recipe):,} rows{noise}, seed {recipe.seed}."


def _count(rows: int) -> str:
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _meaning(data: Dataset) -> Iterator[str]:
    outputs = data.targets.shape[1]
    if data.image is not None:
        yield "A row of inputs is a picture of {} by {} pixels, line by line.".format(*data.image)
    if outputs == 1 and len(data.classes) == 2:
        yield "The answer 0 stands for “{}”, 1 for “{}”.".format(*map(short, data.classes))
    elif data.classes and len(data.classes) == outputs:
        shown = ", ".join(f"“{short(name)}”" for name in data.classes[:MOST_NAMED])
        yield f"The outputs are the classes {shown}{'' if outputs <= MOST_NAMED else f', … ({outputs:,} in all)'}."


def _scaled(data: Dataset) -> Iterator[str]:
    """How a raw number becomes what the network reads, and how its answer becomes one in the units of the data."""
    if data.scaling is None:
        return
    yield "The numbers are scaled: the network reads (raw − mean) / spread of each column."
    mean, spread, target_mean, target_spread = (array.tolist() for array in data.scaling.arrays)
    inputs = list(zip(input_names(data), mean, spread, strict=True))
    outputs = list(zip(output_names(data), target_mean, target_spread, strict=True))
    for name, middle, width in inputs[:MOST_NAMED]:
        yield f"Input “{short(name)}”: (raw − {middle!r}) / {width!r}."
    if len(inputs) > MOST_NAMED:
        yield f"The means and spreads of the other inputs stand in {SCALING}."
    for name, middle, width in outputs[:MOST_NAMED]:
        if (middle, width) != (0.0, 1.0):
            yield f"Output “{short(name)}”: raw = answer · {width!r} + {middle!r}."
