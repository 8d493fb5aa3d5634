"""A file as a table: its own cells, what its columns are for, and what is wrong."""

import pytest

from visualnn.files.tables import Selection, read, suggested
from visualnn.scene.file_rows import (
    LEFT_OUT,
    PREDICT,
    READ,
    FileRows,
    choice_words,
    column_sentence,
    dialect_words,
    use_of,
    with_use,
)

HOUSES = "id;street;area;price\n1;Oak;120,5;250\n2;Elm;80,25;n/a\n3;Oak;-1,5;190\n4;;60;170\n5;Oak;61;171\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES, encoding="utf-8")
    return read(path)


def test_cells_stand_as_they_do_in_the_file(table):
    rows = FileRows(table, suggested(table))
    assert rows.rows == 5
    assert [heading.name for heading in rows.headings] == ["id", "street", "area", "price"]
    assert [rows.cell(0, column).text for column in range(4)] == ["1", "Oak", "120,5", "250"]
    assert [rows.cell(row, 2).role for row in (0, 2)] == ["pos", "neg"]


def test_a_cell_that_cannot_be_used_is_red_unless_its_column_is_left_out(table):
    rows = FileRows(table, suggested(table))
    assert (rows.cell(1, 3).text, rows.cell(1, 3).role) == ("n/a", "bad")
    assert (rows.cell(3, 1).text, rows.cell(3, 1).role) == ("empty", "bad")
    without = FileRows(table, Selection(("area",), ("id",)))
    assert without.cell(1, 3).role == "text3"
    assert without.cell(3, 1).text == ""


def test_headings_say_what_columns_are_for(table):
    rows = FileRows(table, suggested(table))
    assert [heading.note for heading in rows.headings] == [LEFT_OUT, READ, READ, PREDICT]
    assert [heading.words for heading in rows.headings] == [False, True, False, False]


def test_another_use_of_a_column(table):
    chosen = suggested(table)
    left = with_use(table, chosen, "street", LEFT_OUT)
    assert (left.inputs, left.targets) == (("area",), ("price",))
    both = with_use(table, left, "area", PREDICT)
    assert (both.inputs, both.targets) == ((), ("area", "price"))
    read_all = with_use(table, with_use(table, left, "id", READ), "street", READ)
    assert read_all.inputs == ("id", "street", "area")
    assert use_of(read_all, "price") == PREDICT


def test_classes_are_predicted_alone(table):
    chosen = with_use(table, suggested(table), "street", PREDICT)
    assert (chosen.inputs, chosen.targets) == (("area", "price"), ("street",))


def test_what_is_chosen_is_said_in_words(table):
    chosen = suggested(table)
    assert choice_words(chosen) == "Reads 2 columns, predicts price."
    assert choice_words(with_use(table, chosen, "price", LEFT_OUT)) == "Reads 2 columns, predicts nothing yet."
    assert choice_words(Selection(("a",), ("b", "c"))) == "Reads 1 column, predicts b and 1 more."


def test_how_a_file_is_written_is_said_in_words(table):
    assert dialect_words(table.dialect) == "Semicolons, decimal comma, UTF-8"


def test_what_a_column_holds_is_said_in_words(table):
    street, price = table.columns[1], table.columns[3]
    assert column_sentence(street) == "street: 2 different texts, 1 missing."
    assert column_sentence(price) == "price: numbers, 1 missing."
