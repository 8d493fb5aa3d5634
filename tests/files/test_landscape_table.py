"""A landscape as NPZ and CSV: what is read back is what was computed, to the last digit."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.files.errors import FileError
from visualnn.files.landscape_table import LandscapeTable, Way, archive, text, write_landscape
from visualnn.nn.landscape import path
from visualnn.nn.landscape.grid import Grid, losses
from visualnn.nn.landscape.plane import two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Network


def way(name: str, start: float) -> Way:
    points = np.array([[start, 1 / 3], [start / 7, 2.0]])
    heights = CLASSICS["bowl"].heights(points[:, 0], points[:, 1])
    return Way(name, path.Path(points, heights + 0.1, heights), np.array([0, 5]))


@pytest.fixture
def table() -> LandscapeTable:
    grid = losses(CLASSICS["bowl"], Window(-1.0, 1.0, 0.1, 0.7), 5)
    return LandscapeTable("formula", ("x", "y"), grid, ways=(way("SGD", -0.5),))


def test_an_npz_holds_grid_and_path(table: LandscapeTable) -> None:
    with np.load(io.BytesIO(archive(table))) as arrays:
        np.testing.assert_array_equal(arrays["loss"], table.grid.heights)
        np.testing.assert_array_equal(arrays["x"], table.grid.xs)
        np.testing.assert_array_equal(arrays["y"], table.grid.ys)
        for end, kept in (("", "points"), ("_loss", "losses"), ("_height", "floors")):
            np.testing.assert_array_equal(arrays[f"path{end}"], getattr(table.ways[0].path, kept))
        assert arrays["path_update"].tolist() == [0, 5]
        assert (arrays["kind"], arrays["axes"].tolist()) == ("formula", ["x", "y"])
        assert not {"runners", "path_2", "origin"} & set(arrays)


def test_an_npz_of_a_race_holds_a_path_for_each_runner(table: LandscapeTable) -> None:
    raced = replace(table, ways=(way("SGD", -0.5), way("Adam", 0.5)))
    with np.load(io.BytesIO(archive(raced))) as arrays:
        assert arrays["runners"].tolist() == ["SGD", "Adam"]
        np.testing.assert_array_equal(arrays["path_2"], raced.ways[1].path.points)
        np.testing.assert_array_equal(arrays["path_2_loss"], raced.ways[1].path.losses)


def test_an_npz_of_a_network_s_slice_tells_which_slice(table: LandscapeTable) -> None:
    network = Network.of(2, 2, 1)
    cut = two_weights(network, np.arange(9.0), 0, 3, ("wac", "wbd"))
    with np.load(io.BytesIO(archive(replace(table, plane=cut)))) as arrays:
        np.testing.assert_array_equal(arrays["origin"] + 4 * arrays["u"] + 5 * arrays["v"], cut.point(4, 5))


def test_a_csv_has_a_line_for_each_place(table: LandscapeTable) -> None:
    header, *lines = csv.reader(io.StringIO(text(table)))
    assert header == ["x", "y", "loss"]
    found = np.array(lines, dtype=np.float64)
    assert found.shape == (25, 3)
    np.testing.assert_array_equal(found[:, 2].reshape(5, 5), table.grid.heights)
    np.testing.assert_array_equal(found[:5, 0], table.grid.xs)


def test_a_csv_of_a_race_has_the_paths_behind_the_places(table: LandscapeTable) -> None:
    raced = replace(table, ways=(way("SGD 0.1, quick", -0.5), way("Adam", 0.5)))
    header, *lines = csv.reader(io.StringIO(text(raced)))
    assert header == ["x", "y", "loss", "runner", "update"]
    assert {tuple(line[3:]) for line in lines[:25]} == {("", "")}
    assert [line[3:] for line in lines[25:]] == [
        ["SGD 0.1, quick", "0"], ["SGD 0.1, quick", "5"], ["Adam", "0"], ["Adam", "5"]
    ]  # fmt: skip
    found = np.array([line[:3] for line in lines[25:27]], dtype=np.float64)
    np.testing.assert_array_equal(found[:, :2], raced.ways[0].path.points)
    np.testing.assert_array_equal(found[:, 2], raced.ways[0].path.losses)


def test_what_is_not_finite_stays_so(table: LandscapeTable) -> None:
    heights = np.array([[np.nan, 1.0], [np.inf, 2.0]])
    odd = replace(table, grid=Grid(Window(0.0, 1.0, 0.0, 1.0), heights))
    assert [line.rpartition(",")[2] for line in text(odd).splitlines()[1:]] == ["nan", "1.0", "inf", "2.0"]
    with np.load(io.BytesIO(archive(odd))) as arrays:
        np.testing.assert_array_equal(arrays["loss"], heights)


def test_the_end_of_its_name_says_what_is_written(table: LandscapeTable, tmp_path: Path) -> None:
    write_landscape(tmp_path / "a.NPZ", table)
    write_landscape(tmp_path / "a.csv", table)
    assert (tmp_path / "a.NPZ").read_bytes() == archive(table)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == text(table)


def test_what_cannot_be_written_is_told(table: LandscapeTable, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"“a\.csv” cannot be written: "):
        write_landscape(tmp_path / "none" / "a.csv", table)
