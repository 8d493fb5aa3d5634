"""A run as CSV: what is read back is what was recorded, to the last digit."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.files.errors import FileError
from visualnn.files.run_table import HEADINGS, write_run
from visualnn.nn.data import Dataset, circles
from visualnn.nn.metrics import score
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.readings import COLUMNS, Readings
from visualnn.nn.training import Training
from visualnn.runs import Run

OPTIONS = Options(Optimizer("adam", 0.05), loss="binary_cross_entropy", batch_size=50)


@pytest.fixture
def run() -> Run:
    rows = circles(200)
    data = replace(rows, inputs=rows.inputs[:150], targets=rows.targets[:150])
    data = replace(data, test_inputs=rows.inputs[150:], test_targets=rows.targets[150:])
    training = Training(Network.of(2, 4, 1, output="sigmoid"), data, OPTIONS)
    columns = []
    for _ in range(4):
        columns.append(measured(training, data))
        training.run(3)
    shot = training.snapshot()
    parts = shot.update, training.epoch_length, shot.loss, shot.curve, shot.parameters, training.start
    readings = Readings.of(np.arange(0, 12, 3), np.column_stack(columns))
    return Run(1, "Adam", OPTIONS, training.network, *parts, readings=readings)


def measured(training: Training, data: Dataset) -> list[float]:
    """Losses, shares of right rows and mean misses, in the order of `COLUMNS`."""
    held = data.held
    assert held is not None
    scores = [score(training.network, training.parameters, rows, OPTIONS.loss) for rows in (data, held)]
    shares = [(each.right or 0) / each.rows for each in scores]
    return [*(each.loss for each in scores), *shares, *(each.mean_miss for each in scores)]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_loss_and_every_reading_comes_back_exactly(run: Run, tmp_path: Path):
    write_run(tmp_path / "run.csv", run)
    rows = read(tmp_path / "run.csv")
    assert tuple(rows[0]) == HEADINGS
    assert [int(row["update"]) for row in rows] == list(range(13))
    assert [int(row["epoch"]) for row in rows] == [update // 3 for update in range(13)]
    assert [float(row["loss"]) for row in rows] == [*run.curve.losses.tolist(), run.loss]
    for column in COLUMNS:
        found = {int(row["update"]): float(row[column]) for row in rows if row[column]}
        assert found == dict(zip([0, 3, 6, 9], getattr(run.readings, column).tolist(), strict=True))


def test_what_was_not_measured_is_empty(run: Run, tmp_path: Path):
    blind = replace(run.readings, test_loss=np.full(4, np.nan), test_right=np.full(4, np.nan))
    write_run(tmp_path / "run.csv", replace(run, readings=blind))
    assert {row["test_loss"] for row in read(tmp_path / "run.csv")} == {""}
    assert {row["train_loss"] == "" for row in read(tmp_path / "run.csv")} == {True, False}


def test_a_loss_that_is_no_number_stays_one(run: Run, tmp_path: Path):
    write_run(tmp_path / "run.csv", replace(run, loss=float("nan")))
    assert read(tmp_path / "run.csv")[-1]["loss"] == "nan"


def test_a_folder_that_is_not_there_is_said_in_a_sentence(run: Run, tmp_path: Path):
    with pytest.raises(FileError, match=r"“run\.csv” cannot be written: no such file or directory\."):
        write_run(tmp_path / "nowhere" / "run.csv", run)
