"""More about a run: three charts of the same moments, true numbers under the pointer, and a way to travel there."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import LEFT, move
from visualnn.engine.report import Reporter
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.views.insides import InsidesView
from visualnn.gui.views.insides.dead import NONE_MORTAL
from visualnn.gui.views.insides.ratio import pieces
from visualnn.gui.views.insides.view import EMPTY
from visualnn.nn.network import Layer, Network
from visualnn.nn.training import Training
from visualnn.scene.strips import KINDS

NO_BUTTON = Qt.MouseButton.NoButton


def reports_of(network, project, count=6, every=4):
    training = Training(network, project.data, project.options)
    reporter, reports = Reporter(training), []
    for _ in range(count):
        reporter.make()
        reports.append(reporter.newest)
        training.run(every)
    return reports


@pytest.fixture(scope="module")
def adder():
    project = load("adder")
    return reports_of(project.network, project), ("Hidden layer", "Output")


@pytest.fixture
def view(qtbot):
    theme.appearance().set_mode("dark")
    view = InsidesView()
    qtbot.addWidget(view)
    view.resize(360, 700)
    view.show()
    yield view
    theme.appearance().set_mode("dark")


def at(chart, update, share=0.5):
    plot = chart.plot()
    return QPoint(round(chart.x_of(update)), round(plot.bottom() - share * plot.height()))


def test_before_the_first_report_it_says_what_to_do(view):
    assert view.is_empty
    assert view.accessibleDescription() == EMPTY
    assert view.strip.isHidden()
    view.grab()


def test_all_charts_have_the_moments_of_the_reports(view, adder):
    view.show_reports(*adder)
    for chart in (view.strip, view.ratio, view.dead):
        assert chart.updates.tolist() == [0, 4, 8, 12, 16, 20]
        assert not chart.isHidden()
    assert not view.grab().isNull()


def test_reports_of_another_network_are_left_out(view, adder):
    reports, names = adder
    view.show_reports(reports, (*names, "Further"))
    assert view.is_empty


def test_a_layer_is_chosen_from_the_menu(view, adder, qtbot):
    view.show_reports(*adder)
    assert view.layers.label() == "Hidden layer · ReLU · 3"
    view.layers.chosen.emit("1")
    assert view.layers.label() == "Output · Linear · 1"
    assert view.strip.accessibleName() == "Weights of Output"
    histogram = adder[0][-1].statistics.layers[1].weights
    total = int(histogram.counts.sum())
    assert view.strip.told(5, None)[0].startswith(f"All {total} between")


@pytest.mark.parametrize(("index", "kind"), tuple(enumerate(KINDS)))
def test_the_numbers_are_chosen_by_segments(view, adder, index, kind):
    view.show_reports(*adder)
    view.kinds.set_index(-1)
    view.kinds.choose(index)
    assert view.strip.title == KINDS[kind]
    histogram = getattr(adder[0][2].statistics.layers[0], kind)
    assert view.strip.told(2, None)[0].startswith(f"All {int(histogram.counts.sum()):,} between")
    view.grab()


def test_pointing_marks_the_moment_in_all_charts_and_tells_its_numbers(view, adder):
    reports, names = adder
    view.show_reports(reports, names, epoch_length=2)
    move(view.ratio, at(view.ratio, 12), NO_BUTTON)
    assert [chart.asked for chart in (view.strip, view.ratio, view.dead)] == [3, 3, 3]
    said = view.ratio.accessibleDescription()
    assert said.startswith("Update 12 · epoch 6. ")
    assert any(name in said for name in names)
    view.grab()
    QApplication.sendEvent(view.ratio, QEvent(QEvent.Type.Leave))
    assert view.strip.asked is None


def test_the_bin_under_the_pointer_is_told(view, adder):
    view.show_reports(*adder)
    histogram = adder[0][2].statistics.layers[0].weights
    value = float(histogram.edges[0] + histogram.edges[1]) / 2
    move(view.strip, at(view.strip, 8, view.strip._strip.up.share(value)), NO_BUTTON)
    total = int(histogram.counts.sum())
    assert f"{int(histogram.counts[0])} of {total} between" in view.strip.accessibleDescription()


def test_a_click_asks_to_travel_there(view, adder, qtbot):
    view.show_reports(*adder)
    for chart in (view.strip, view.ratio, view.dead):
        with qtbot.waitSignal(view.update_chosen) as chosen:
            qtbot.mouseClick(chart, LEFT, pos=at(chart, 16))
        assert chosen.args == [16]


def test_beside_the_plot_nothing_is_asked(view, adder, qtbot):
    view.show_reports(*adder)
    with qtbot.assertNotEmitted(view.update_chosen):
        qtbot.mouseClick(view.strip, LEFT, pos=QPoint(10, 10))


def test_keys_walk_from_moment_to_moment(view, adder, qtbot):
    view.show_reports(*adder)
    view.strip.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.strip.has_ring()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right):
        qtbot.keyClick(view.strip, key)
    assert view.ratio.asked == 4
    with qtbot.waitSignal(view.update_chosen) as chosen:
        qtbot.keyClick(view.strip, Qt.Key.Key_Return)
    assert chosen.args == [16]
    qtbot.keyClick(view.strip, Qt.Key.Key_Escape)
    assert view.strip.asked is None


def test_a_shorter_series_forgets_a_moment_it_does_not_have(view, adder):
    view.show_reports(*adder)
    view.strip._point(5)
    view.show_reports(adder[0][:2], adder[1])
    assert view.strip.asked is None
    view.grab()


def test_dead_neurons_are_counted(view, adder):
    reports, names = adder
    layers = reports[-1].statistics.layers
    struck = replace(reports[-1].statistics, layers=(replace(layers[0], dead=(0, 2)), layers[1]))
    view.show_reports([*reports[:-1], replace(reports[-1], statistics=struck)], names)
    assert view.dead.caption == "2 of 3 give 0 for every row."
    assert view.dead.told(5, 0.5) == ["Hidden layer: 2 of 3 dead"]
    assert view.dead.told(5, None) == ["Hidden layer: 2 of 3 dead"]
    image = view.dead.grab().toImage()
    spot = at(view.dead, 20, 0.25) - QPoint(2, 0)
    assert image.pixelColor(spot).red() > image.pixelColor(spot).blue() + 40


def test_where_no_neuron_can_die_it_is_said(view):
    project = load("circles")
    view.show_reports(reports_of(project.network, project, 2), ["Hidden", "Output"][: len(project.network.layers)])
    assert view.dead.caption == NONE_MORTAL
    assert view.dead.focusPolicy() == Qt.FocusPolicy.NoFocus
    view.grab()


def test_a_hundred_layers_have_a_line_and_a_bar_each(view):
    project = load("circles")
    network = Network(2, (*(Layer(2, "relu") for _ in range(99)), Layer(1, "sigmoid")))
    view.show_reports(reports_of(network, project, 3), [*(f"Hidden {k + 1}" for k in range(99)), "Output"])
    assert view.dead.told(1, 0.999)[0].startswith("Hidden 1:")
    assert view.dead.told(1, 0.001)[0].startswith("Hidden 99:")
    assert view.sizeHint().height() < 900
    view.set_layer(57)
    assert view.layers.label().startswith("Hidden 58 ")
    view.ratio._point(1)
    view.grab()


@pytest.mark.parametrize("width", [300, 320, 420, 520])
@pytest.mark.parametrize("mode", ["dark", "light"])
def test_nothing_is_cut_at_any_width(view, adder, width, mode):
    theme.appearance().set_mode(mode)
    view.show_reports(*adder)
    view.resize(width, view.sizeHint().height())
    view.grab()
    assert view.kinds.geometry().right() < width - 20
    for chart in (view.strip, view.ratio, view.dead):
        assert 24 + theme.text_width(chart.caption, 12, 450) < width
        assert chart.plot().right() <= width - 24


def test_another_theme_repaints_the_strip(view, adder):
    view.show_reports(*adder)
    dark = view.strip.image(view.strip.plot()).copy()
    theme.appearance().set_mode("light")
    assert view.strip.image(view.strip.plot()) != dark


def test_a_line_is_drawn_in_pieces_between_its_gaps():
    y = np.array([np.nan, 1.0, 2.0, np.nan, 3.0])
    assert pieces(np.arange(5.0), y) == [[(1.0, 1.0), (2.0, 2.0)], [(4.0, 3.0)]]
