"""Lines of a record: what was measured of this run, and of those that were kept."""

import numpy as np

from visualnn.files.examples import load
from visualnn.nn.readings import NO_READINGS, Readings
from visualnn.nn.training import Training
from visualnn.runs import Run
from visualnn.scene.measured import kept_line, offered, own_lines, rate_marks


def run():
    project = load("circles")
    training = Training(project.network, project.data, project.options)
    training.run(30)
    return training


def readings(held=True):
    table = np.arange(18.0).reshape(6, 3)
    if not held:
        table[1::2] = np.nan
    return Readings.of(np.array([0, 10, 30]), table)


def test_the_train_loss_is_that_of_every_update_up_to_the_latest():
    snapshot = run().snapshot()
    train, test = own_lines(snapshot, readings(), "loss")
    assert train.updates.tolist() == list(range(31))
    assert train.values[-1] == snapshot.loss
    assert (test.role, test.values.tolist()) == ("test", [3, 4, 5])


def test_other_metrics_are_those_of_the_readings():
    snapshot = run().snapshot()
    for metric, first in (("right", 6), ("miss", 12)):
        train, test = own_lines(snapshot, readings(), metric)
        assert train.updates.tolist() == [0, 10, 30]
        assert (train.values[0], test.values[0]) == (first, first + 3)


def test_without_rows_held_back_there_is_no_test_line():
    snapshot = run().snapshot()
    for shown in (readings(held=False), NO_READINGS):
        assert [line.role for line in own_lines(snapshot, shown, "loss")] == ["train"]


def test_looking_back_leaves_the_whole_curve():
    training = run()
    training.seek(12)
    snapshot = training.snapshot()
    assert snapshot.looks_back
    train = own_lines(snapshot, NO_READINGS, "loss")[0]
    assert train.updates.tolist() == list(range(30))
    assert train.values[12] == snapshot.loss


def test_a_kept_run_is_one_line_with_its_own_ink():
    snapshot = run().snapshot()
    project = load("circles")
    kept = Run(
        number=2,
        name="rate 0.01",
        options=project.options,
        network=project.network,
        update=30,
        epoch_length=1,
        loss=snapshot.loss,
        curve=snapshot.curve,
        parameters=snapshot.parameters,
        start=snapshot.parameters,
        readings=readings(),
    )
    line = kept_line(kept, "loss")
    assert line is kept_line(kept, "loss")
    assert (line.name, line.role, line.tint) == ("run 2", "other", 1)
    assert (line.last, line.values[-1]) == (30, snapshot.loss)
    assert kept_line(kept, "right").values.tolist() == [6, 7, 8]


def test_the_first_rate_is_no_change():
    marks = rate_marks(((0, 0.1), (40, 0.01)))
    assert [(mark.update, mark.text) for mark in marks] == [(40, "rate 0.01")]


def test_what_is_offered():
    assert offered(True) == ("loss", "right")
    assert offered(False) == ("loss", "miss")
