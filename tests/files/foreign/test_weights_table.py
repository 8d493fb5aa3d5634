from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.files.foreign import weights_table
from visualnn.files.fresh import from_shape
from visualnn.files.tables import read
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project


def rows(project: Project) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(weights_table.content(project).decode())))


def test_every_weight_and_bias_has_a_row_with_all_its_digits() -> None:
    project = load("spirals")
    found = np.array([float(row["weight"]) for row in rows(project)])
    expected = [np.vstack([w, b]).T.ravel() for w, b in project.network.views(project.parameters)]
    assert found.tobytes() == np.concatenate(expected).tobytes()


def test_a_row_says_from_where_to_where() -> None:
    places = [(row["layer"], row["from"], row["to"]) for row in rows(load("adder"))]
    assert places[:4] == [("1", "a", "c"), ("1", "b", "c"), ("1", "bias", "c"), ("1", "a", "d")]
    assert places[-1] == ("2", "bias", "f")


def test_what_is_switched_off_is_zero() -> None:
    project = load("adder").with_cut(0, 1, 0, True).with_silent(1, 2, True)
    found = {(row["from"], row["to"]): row["weight"] for row in rows(project)}
    assert found["b", "c"] == found["a", "e"] == found["bias", "e"] == found["e", "f"] == "0.0"
    assert found["a", "c"] == repr(float(project.parameters[0]))


def test_the_table_opens_as_one(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_bytes(weights_table.content(load("xor")))
    table = read(path)
    assert [column.name for column in table.columns] == ["layer", "from", "to", "weight"]
    assert table.rows == load("xor").network.parameter_count


def test_a_table_that_nobody_could_open_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_table, "MAX_ROWS", 12)
    with pytest.raises(VisualNNError, match=r"^A table of 13 rows is too long to be opened; the limit is 12\.$"):
        weights_table.content(from_shape("2-3-1"))
