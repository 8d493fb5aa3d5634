"""How a network fares: ratios and dead neurons of every layer, and lines as thin as a pixel."""

import numpy as np
import pytest

from visualnn.engine.report import Reporter
from visualnn.files.examples import load
from visualnn.nn.training import Training
from visualnn.scene.vitals import HEALTHY, Vitals, vitals


@pytest.fixture(scope="module")
def run():
    """Reports of the adder, whose hidden layer is ReLU, and its layers' names."""
    project = load("adder")
    training = Training(project.network, project.data, project.options)
    reporter, reports = Reporter(training), []
    for _ in range(4):
        reporter.make()
        reports.append(reporter.newest)
        training.run(5)
    return reports, ("Hidden", "Output")


def made(ratios, dead=None):
    ratios = np.array(ratios, dtype=float)
    moments, layers = ratios.shape
    dead = np.zeros((moments, layers), dtype=int) if dead is None else np.array(dead)
    names = tuple(f"Hidden {k + 1}" for k in range(layers))
    return Vitals(names, np.arange(moments) * 10, ratios, dead, np.full((moments, layers), 8), tuple(range(layers)))


def test_they_are_what_the_reports_say(run):
    reports, names = run
    shown = vitals(reports, names)
    assert shown.updates.tolist() == [0, 5, 10, 15]
    assert shown.ratios[2, 1] == reports[2].statistics.layers[1].update_ratio
    assert shown.dead[3, 0] == len(reports[3].statistics.layers[0].dead)
    assert shown.units[0].tolist() == [3, 1]
    assert shown.mortal == (0,)


def test_nothing_is_known_before_the_first_report():
    shown = vitals([], ("Hidden", "Output"))
    assert shown.heights.shape == (0, 2)
    assert not shown.woven(20, 10, 4).any()
    assert shown.up.holds(HEALTHY[0])


def test_the_healthy_band_is_always_on_the_axis():
    for ratio in (1e-20, 1e-3, 1e9):
        up = made([[ratio], [ratio]]).up
        assert up.low < HEALTHY[0] < HEALTHY[1] < up.high


def test_a_ratio_of_0_is_at_the_lower_edge_and_an_infinite_one_a_gap():
    shown = made([[0.0], [np.inf], [0.01]])
    assert shown.heights[0, 0] == 0
    assert np.isnan(shown.heights[1, 0])
    assert shown.ratio_words(1, 0) == "Hidden 1: its weights all were 0"
    assert shown.ratio_words(2, 0) == "Hidden 1: 0.0100, 1 in 100"


def test_the_layer_nearest_to_the_pointer():
    shown = made([[1e-4, 1e-2], [1e-4, np.nan]])
    assert shown.nearest_layer(0, 0.9) == 1
    assert shown.nearest_layer(0, 0.1) == 0
    assert shown.nearest_layer(1, 0.9) == 0
    assert made([[np.nan], [np.nan]]).nearest_layer(0, 0.5) is None


def test_a_flat_line_covers_one_pixel_of_every_column_up_to_its_end():
    shown = made([[1e-3]] * 2)
    ink = shown.woven(60, 40, 4)
    share = float(shown.heights[0, 0])
    end = round(60 * shown.across.share(10.0))
    assert ink[:, : end - 1].sum(axis=0) == pytest.approx(1)
    assert not ink[:, end + 1 :].any()
    rows = np.flatnonzero(ink[:, 5])
    assert np.abs(rows + 0.5 - (1 - share) * 40).max() <= 1


def test_two_lines_in_one_place_are_no_thicker():
    one, two = made([[1e-3]] * 2), made([[1e-3, 1e-3]] * 2)
    assert (one.woven(60, 40, 4) == two.woven(60, 40, 4)).all()


def test_a_steep_line_has_no_holes():
    ink = made([[1e-4], [1e-2], [1e-4]]).woven(12, 90, 4)
    for column in range(10):
        rows = np.flatnonzero(ink[:, column])
        assert (np.diff(rows) == 1).all()
        assert rows.size > 10


def test_dead_neurons_in_words_and_as_tints():
    shown = made([[1e-3, 1e-3]] * 2, [[0, 2], [0, 8]])
    assert shown.dead_words(1, 1) == "Hidden 2: 8 of 8 dead"
    tints = shown.dead_tints(40)
    assert tints.shape == (2, 40)
    assert (tints[0, :30] == 0).all()
    assert tints[1, 0] == 0.25
    assert tints[1, 30] == 1
