"""From a table and a selection to rows to learn from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.files import tables
from visualnn.files.tables import Selection, Table, dataset, problems, samples, suggested
from visualnn.nn.errors import VisualNNError
from visualnn.nn.room import Memory

HOUSES = "size,town,garden,price\n50,Ulm,yes,100\n80,Bonn,no,160\n100,Ulm,no,200\n120,Köln,yes,240\n"
WORDY = "a,b\n" + "".join(f"1,word {row}\n" for row in range(257))
ALL = Selection(("size", "town"), ("price",), scaled=False, test_share=0.0)


def read(folder: Path, content: str) -> Table:
    path = folder / "houses.csv"
    path.write_text(content, "utf-8")
    return tables.read(path)


@pytest.fixture
def houses(tmp_path: Path) -> Table:
    return read(tmp_path, HOUSES)


def sentence(table: Table, selection: Selection) -> str:
    with pytest.raises(VisualNNError) as caught:
        dataset(table, selection)
    return str(caught.value)


def test_numbers_are_inputs_and_texts_are_one_for_each(houses: Table):
    data = dataset(houses, ALL)
    assert data.input_names == ("size", "town=Bonn", "town=Köln", "town=Ulm")
    assert data.inputs.tolist() == [[50, 0, 0, 1], [80, 1, 0, 0], [100, 0, 0, 1], [120, 0, 1, 0]]
    assert (data.targets.tolist(), data.output_names) == ([[100], [160], [200], [240]], ("price",))
    assert (data.name, data.classification, data.classes, data.scaling) == ("houses", False, (), None)


def test_columns_are_read_in_the_order_in_which_they_were_chosen(houses: Table):
    data = dataset(houses, replace(ALL, inputs=("price", "size"), targets=("garden",)))
    assert (data.input_names, data.inputs[0].tolist()) == (("price", "size"), [100, 50])


def test_two_texts_are_one_answer_between_0_and_1(houses: Table):
    data = dataset(houses, replace(ALL, inputs=("size",), targets=("garden",)))
    assert (data.targets.tolist(), data.classes) == ([[1], [0], [0], [1]], ("no", "yes"))
    assert (data.classification, data.output_names) == (True, ("garden",))


def test_more_texts_are_a_class_each(houses: Table):
    data = dataset(houses, replace(ALL, inputs=("size",), targets=("town",)))
    assert data.targets.tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert (data.classification, data.classes, data.output_names) == (
        True,
        ("Bonn", "Köln", "Ulm"),
        ("Bonn", "Köln", "Ulm"),
    )


def test_0_and_1_are_two_classes_and_are_not_scaled(tmp_path: Path):
    table = read(tmp_path, "x,survived\n1,0\n2,1\n3,1\n")
    data = dataset(table, Selection(("x",), ("survived",), test_share=0.0))
    assert (data.classification, data.classes, data.targets.tolist()) == (True, ("0", "1"), [[0], [1], [1]])


def test_several_numbers_are_predicted_together(houses: Table):
    data = dataset(houses, replace(ALL, inputs=("town",), targets=("price", "size")))
    assert (data.output_names, data.targets[1].tolist()) == (("price", "size"), [160, 80])


def test_scaling_is_that_of_the_rows_to_learn_from_and_can_be_undone(tmp_path: Path):
    rng = np.random.default_rng(5)
    x, y = rng.normal(40, 7, 200), rng.normal(-3, 0.1, 200)
    rows = "".join(
        f"{a!r},{'ab'[i % 2]},7,{b!r}\n" for i, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True))
    )
    table = read(tmp_path, "x,word,same,y\n" + rows)
    chosen = Selection(("x", "word", "same"), ("y",), seed=3)
    data, raw = dataset(table, chosen), dataset(table, replace(chosen, scaled=False))
    assert (data.rows, data.tests, raw.rows, raw.tests) == (140, 60, 140, 60)
    learned = raw.inputs[:, 0]
    assert data.scaling.mean == pytest.approx([learned.mean(), 0, 0, 7])
    assert data.scaling.spread == pytest.approx([learned.std(), 1, 1, 1])
    assert data.inputs[:, 0] == pytest.approx((learned - learned.mean()) / learned.std())
    assert data.inputs[:, 1:3] == pytest.approx(raw.inputs[:, 1:3])
    assert data.scaling.undo(data.test_inputs) == pytest.approx(raw.test_inputs)
    assert data.scaling.undo_targets(data.test_targets) == pytest.approx(raw.test_targets)
    assert (raw.targets.mean(), data.targets.mean()) == (pytest.approx(-3, abs=0.1), pytest.approx(0, abs=1e-9))


def test_rows_are_held_back_by_share_and_seed(tmp_path: Path):
    table = read(tmp_path, "x,y\n" + "".join(f"{row},{row * row}\n" for row in range(100)))
    first, second = (Selection(("x",), ("y",), scaled=False, test_share=0.25, seed=seed) for seed in (1, 2))
    data = dataset(table, first)
    learned, held = data.inputs[:, 0].tolist(), data.test_inputs[:, 0].tolist()
    assert (len(held), sorted(learned + held)) == (25, list(range(100)))
    assert (learned, held) == (sorted(learned), sorted(held))
    assert dataset(table, first).test_inputs.tolist() == data.test_inputs.tolist()
    assert dataset(table, second).test_inputs.tolist() != data.test_inputs.tolist()
    assert (data.test_targets[:, 0] == data.test_inputs[:, 0] ** 2).all()


def test_at_least_one_row_is_left_to_learn_from(houses: Table):
    data = dataset(houses, replace(ALL, test_share=0.99))
    assert (data.rows, data.tests) == (1, 3)


def test_what_is_wrong_is_told_or_skipped(tmp_path: Path):
    rows = ["90,1"] * 13 + ["n/a,2", "95,3", "dear,4", ",5"] + ["99,6"] * 20
    table = read(tmp_path, "price,size\n" + "\n".join(rows))
    chosen = Selection(("size",), ("price",), scaled=False, test_share=0.0)
    assert sentence(table, chosen) == 'Row 14, column "price": "n/a" is not a number.'
    found = problems(table, chosen)
    assert (found.count, found.bad_rows) == (3, 3)
    data = dataset(table, replace(chosen, skip=True))
    assert data.rows == 34
    assert data.inputs[13:15, 0].tolist() == [3, 6]


def test_only_chosen_columns_can_be_wrong(tmp_path: Path):
    table = read(tmp_path, "a,b,c\n" + "1,2,3\n" * 20 + "x,2,4\n")
    assert problems(table, Selection(("a",), ("c",))).count == 1
    assert problems(table, Selection(("b",), ("c",))).count == 0
    assert dataset(table, Selection(("b",), ("c",), test_share=0.0)).rows == 21


def test_a_text_that_is_only_in_skipped_rows_is_no_input(tmp_path: Path):
    table = read(tmp_path, "word,y\na,1\nb,2\nc,?\na,3\n")
    data = dataset(table, Selection(("word",), ("y",), skip=True, test_share=0.0))
    assert data.input_names == ("word=a", "word=b")


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (replace(ALL, inputs=()), "No column is chosen to read."),
        (replace(ALL, targets=()), "No column is chosen to predict."),
        (replace(ALL, targets=("size",)), 'Column "size" cannot be read and predicted at once.'),
        (replace(ALL, targets=("cost",)), '“houses” has no column "cost".'),
        (replace(ALL, targets=("price", "garden")), 'Column "garden" holds classes; it can only be predicted alone.'),
        (replace(ALL, test_share=1.0), "The share for testing must be from 0 to less than 1."),
        (replace(ALL, test_share=float("nan")), "The share for testing must be from 0 to less than 1."),
    ],
)
def test_a_selection_that_cannot_be_is_told(houses: Table, selection: Selection, words: str):
    assert sentence(houses, selection) == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,5\n2,5\n", 'Column "b" is always 5; there is nothing to predict.'),
        ("a,b\n1,x\n2,x\n", 'Column "b" is always x; there is nothing to predict.'),
        ("a,b\n1,\n2,\n", 'Column "b" is empty.'),
        ("a,b\n1,2\n", "To learn takes at least 2 rows; only one row is left."),
        ("a,b\n1,\n?,2\n", "To learn takes at least 2 rows; no row is left."),
        (WORDY, 'Column "b" holds 257 different texts; there can be 256.'),
    ],
)
def test_columns_that_teach_nothing_are_told(tmp_path: Path, content: str, words: str):
    assert sentence(read(tmp_path, content), Selection(("a",), ("b",), skip=True)) == words


def test_what_would_be_too_large_is_told(houses: Table, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(samples, "known_memory", lambda: Memory(100, "{} are free"))
    assert sentence(houses, ALL).startswith("These columns need 0.0 GB of memory; 0.0 GB are free")
    monkeypatch.setattr(samples, "MAX_NUMBERS", 19)
    assert sentence(houses, ALL) == "These columns make 20 numbers; there can be 19."


def test_the_last_column_is_suggested_and_what_only_counts_or_names_rows_is_left_out(tmp_path: Path):
    rows = "".join(f"{row},name {row},{row % 7},{'uvw'[row % 3]},,{row * 1.5}\n" for row in range(1, 60))
    table = read(tmp_path, "id,who,n,kind,notes,price\n" + rows)
    assert suggested(table) == Selection(("n", "kind"), ("price",))


def test_a_column_called_class_or_target_is_suggested_wherever_it_stands(tmp_path: Path):
    assert suggested(read(tmp_path, "Class,a,b\n1,2,3\n3,4,9\n")).targets == ("Class",)


def test_columns_that_are_mostly_empty_are_not_suggested(tmp_path: Path):
    table = read(tmp_path, "a,cabin,b\n1.5,,2\n2.5,C85,3\n3.5,,9\n")
    assert suggested(table).inputs == ("a",)


def test_a_last_column_that_nobody_can_predict_is_passed_over(tmp_path: Path):
    table = read(tmp_path, "a,price,who\n" + "".join(f"{row % 5},{row % 9},name {row}\n" for row in range(60)))
    assert suggested(table) == Selection(("a",), ("price",))


def test_what_is_suggested_makes_rows_of_every_table_with_two_columns(tmp_path: Path):
    from tests.files.tables.nasty import FILES

    made = 0
    for file in FILES:
        path = tmp_path / "mine.csv"
        path.write_bytes(file.content)
        chosen = suggested(tables.read(path))
        if chosen.inputs and chosen.targets:
            data = dataset(tables.read(path), replace(chosen, skip=True, test_share=0.0))
            assert np.isfinite(data.inputs).all()
            assert np.isfinite(data.targets).all()
            made += 1
    assert made > 25
