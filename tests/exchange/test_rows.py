from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.exchange import rows
from visualnn.files.examples import load
from visualnn.nn.data import Dataset, circles, random_rows
from visualnn.nn.dataset import Recipe
from visualnn.nn.recipes import made, scaled, split


def read(data: Dataset, folder: Path) -> dict[str, np.ndarray]:
    """What the lines of `reading` find."""
    for name, content in rows.files(data).items():
        (folder / name).write_bytes(content)
    space: dict = {"csv": csv, "np": np, "Path": Path, "__file__": str(folder / "program.py")}
    exec("\n".join(rows.reading(data)), space)
    return {name: space[name] for name in ("x", "y", "x_test", "y_test")}


@pytest.mark.parametrize("most", [rows.MOST_CELLS, 10])
@pytest.mark.parametrize("data", [split(circles(40), 0.25), load("spirals").data, random_rows(3, 2)], ids=str)
def test_rows_come_back_to_the_bit(data: Dataset, most: int, tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MOST_CELLS", most)
    found = read(data, tmp_path)
    assert (rows.TABLE in rows.files(data)) == (most > 10)
    for name, expected in zip(found, (data.inputs, data.targets, data.test_inputs, data.test_targets), strict=True):
        assert found[name].tobytes() == np.ascontiguousarray(expected).tobytes()
        assert found[name].shape == expected.shape


def test_the_same_rows_make_the_same_bytes():
    data = split(circles(40), 0.25)
    assert rows.files(data) == rows.files(data)
    assert rows.archive(data) == rows.archive(data)


@given(st.lists(st.text(), min_size=3, max_size=3), st.text())
def test_a_name_is_one_cell_and_one_line_of_words(names: list[str], title: str):
    data = replace(random_rows(2, 1), name=title, input_names=tuple(names[:2]), output_names=(names[2],))
    heading, *lines = csv.reader(io.StringIO(rows.table(data).decode(), newline=""))
    assert len(heading) == 4
    assert all(heading)
    assert len(lines) == data.rows
    for text in rows.recipe_words(scaled(data)):
        assert len(text.splitlines()) == 1
        text.encode()


def test_the_words_say_what_made_the_rows_and_how_they_were_scaled():
    data = made(Recipe("houses", test_share=0.2, scaled=True, seed=4))
    said = rows.recipe_words(data)
    assert said[0] == "“houses”: 80 rows to learn from; 20 rows held back to test on."
    assert said[1] == "Made by VisualNN's “House prices”: 100 rows, noise 0, seed 4."
    mean, spread = float(data.scaling.mean[0]), float(data.scaling.spread[0])
    assert f"Input “{rows.input_names(data)[0]}”: (raw − {mean!r}) / {spread!r}." in said
    assert any(text.startswith("Output ") for text in said)
    first = rows.scaling_table(data).decode().splitlines()[1]
    assert first == f"{rows.input_names(data)[0]},{mean!r},{spread!r}"


def test_the_words_say_what_the_answers_stand_for():
    said = rows.recipe_words(replace(circles(20), classes=("in", "out")))
    assert "The answer 0 stands for “in”, 1 for “out”." in said
    digits = load("digits").data
    assert any(text.startswith("The outputs are the classes “0”, “1”") for text in rows.recipe_words(digits))
