"""The table of the steps holds what every other view of them shows, with all digits."""

from __future__ import annotations

import csv
import errno
from pathlib import Path

import pytest

from visualnn.gui.export import exports, spreadsheet
from visualnn.gui.export.spreadsheet import COLUMNS, write_csv
from visualnn.nn.errors import VisualNNError
from visualnn.scene.steps import records


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_rows_are_the_records_of_the_steps(adder, tmp_path):
    story = exports.story(adder.page)
    write_csv(story, tmp_path / "a.csv")
    rows, expected = read(tmp_path / "a.csv"), list(records(story))
    assert list(rows[0]) == list(COLUMNS)
    assert [int(row["step"]) for row in rows] == list(range(1, 56))
    assert [float(row["value"]) for row in rows] == [record.value for record in expected]
    assert [row["name"] for row in rows] == [record.name for record in expected]
    before = [float(row["before"]) if row["before"] else None for row in rows]
    assert before == [record.before for record in expected]
    assert rows[9]["sentence"] == "ReLU clips −1.83 to 0: neuron d passes nothing on."
    assert (rows[0]["phase"], rows[0]["kind"], rows[0]["place"]) == ("Forward", "multiply", "weight 1 0 0")


def test_spreadsheets_are_told_of_the_encoding(adder, tmp_path):
    write_csv(exports.story(adder.page), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfstep,")
    assert "a→c" in (tmp_path / "a.csv").read_text(encoding="utf-8")


def test_too_many_steps_are_told(adder, tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_STEPS", 54)
    with pytest.raises(VisualNNError, match=r"This network has 55 steps; a table can have 54\."):
        write_csv(exports.story(adder.page), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_in_a_sentence(adder, tmp_path, monkeypatch):
    def full(_story):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spreadsheet, "records", full)
    with pytest.raises(VisualNNError, match=r"a\.csv could not be written: the disk is full\."):
        write_csv(exports.story(adder.page), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []
