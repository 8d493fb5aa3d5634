"""A data set as a table: what stands in which place, and in which colour."""

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files.handwriting import DIGITS
from visualnn.files.reviews import REVIEWS
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.recipes import SOURCES, made
from visualnn.scene.rows import DataRows, class_name, decimals_of, row_sentence, split_words


def table(name, **chosen):
    return DataRows(made(replace(Recipe(name), **chosen)))


def names(rows):
    return [heading.name for heading in rows.headings]


def texts(rows, row):
    return [rows.cell(row, column).text for column in range(len(rows.headings))]


def test_points_have_two_numbers_and_the_colour_of_their_class():
    rows = table("spirals", test_share=0.3)
    data = rows.data
    assert names(rows) == ["x", "y", "class"]
    assert rows.rows == 200
    for row in (0, 50):
        (x, y), target = data.inputs[row], data.targets[row, 0]
        assert texts(rows, row) == [
            f"{x:.3f}".replace("-", "−"),
            f"{y:.3f}".replace("-", "−"),
            ["orange", "blue"][int(target)],
        ]
        assert rows.cell(row, 2).role == ("pos" if target else "neg")
        assert rows.cell(row, 0).role == ("pos" if x > 0 else "neg")


def test_rows_for_testing_come_last_and_are_told_apart():
    rows = table("spirals", test_share=0.3)
    data = rows.data
    assert [row for row in range(rows.rows) if rows.is_test(row)] == list(range(data.rows, data.rows + data.tests))
    x = data.test_inputs[7, 0]
    assert rows.cell(data.rows + 7, 0).text == f"{x:.3f}".replace("-", "−")
    assert row_sentence(rows, data.rows).startswith(f"Row {data.rows + 1}, for testing: x ")


def test_whole_numbers_have_no_decimals():
    rows = table("pairs")
    assert names(rows) == ["a", "b", "answer"]
    a, b = rows.data.inputs[5]
    assert texts(rows, 5) == [f"{v:.0f}".replace("-", "−") for v in (a, b, a + b)]


def test_a_picture_is_one_column_of_pixels():
    rows = DataRows(made(DIGITS.recipe))
    assert names(rows) == ["picture", "class"]
    assert rows.cell(3, 0).pixels.shape == (8, 8)
    assert (rows.cell(3, 0).pixels.ravel() == rows.data.inputs[3]).all()
    assert rows.cell(3, 1).text == class_name(rows.data, int(rows.data.targets[3].argmax()))


def test_a_text_stands_before_the_numbers_made_of_it():
    rows = DataRows(made(REVIEWS.recipe))
    data = rows.data
    assert names(rows)[:3] == ["text", "class", data.input_names[0]]
    assert rows.cell(0, 0).text == data.texts[0]
    assert rows.cell(data.rows, 0).text == data.texts[data.rows]
    word = next(i for i, value in enumerate(data.inputs[0]) if value)
    assert rows.cell(0, 2 + word).text == "1"
    assert data.input_names[word] in data.texts[0].lower()


def test_scaled_columns_say_how_they_were_scaled():
    plain, scaled = table("houses"), table("houses", scaled=True)
    assert [heading.tip for heading in plain.headings] == ["", "", ""]
    mean = plain.data.inputs[:, 0].mean()
    assert f"its mean {mean:.2f}" in scaled.headings[0].tip


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, -3.0, 400.0], 0),
        ([0.5, 0.25], 3),
        ([12.5, 3.0], 2),
        ([1234.5], 1),
        ([0.00123], 5),
        ([0.0, 0.0], 0),
        ([float("nan")], 0),
        ([], 0),
    ],
)
def test_decimals_suit_the_size_of_the_numbers(values, decimals):
    assert decimals_of(np.array(values)) == decimals


def test_one_number_that_is_not_whole_among_many_is_not_written_as_if_it_were():
    column = np.arange(50_000.0)
    column[49_999] = 0.5
    data = Dataset("mixed", column[:, None], column[:, None], ("n",))
    assert DataRows(data).cell(49_999, 0).text == "0.5"


def test_several_answers_are_numbered_unless_they_have_names():
    data = Dataset("two", np.ones((2, 1)), np.ones((2, 2)), ("x",))
    assert names(DataRows(data)) == ["x", "answer 1", "answer 2"]
    assert names(DataRows(replace(data, output_names=("sum", "product")))) == ["x", "sum", "product"]


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_fills_its_table(name):
    rows = DataRows(made(SOURCES[name].recipe))
    for row in (0, rows.rows - 1):
        cells = [rows.cell(row, column) for column in range(len(rows.headings))]
        assert all(cell.text or cell.pixels is not None for cell in cells)


def test_the_split_is_said_in_words():
    assert split_words(140, 60) == "140 to train, 60 to test"
    assert split_words(81, 0) == "all to train"
