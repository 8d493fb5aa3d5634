from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from visualnn.gui import theme
from visualnn.gui.widgets import track
from visualnn.gui.widgets.transport import Scrubber

LEFT = Qt.MouseButton.LeftButton
PHASES = [("Forward", 20), ("Loss", 2), ("Backward", 20), ("Update", 13)]


@pytest.fixture
def scrubber(place):
    scrubber = place(Scrubber(), y=300, width=700)
    scrubber.set_phases(PHASES)
    return scrubber


@pytest.fixture
def history(place):
    scrubber = place(Scrubber(), y=300, width=700)
    scrubber.set_history(np.linspace(1, 0.1, 201), 200, 0)
    return scrubber


def at(scrubber, position) -> QPoint:
    """Where the knob would be."""
    before = scrubber.position()
    scrubber.setValue(position)
    point = scrubber.knob().toPoint()
    scrubber.setValue(before)
    return point


# --------------------------------------------------------------------------------------------------------------- track


def test_segments_fill_the_track_and_are_never_narrower_than_their_names():
    parts = track.segments(PHASES, [60, 44, 70, 50], 10, 600)
    assert parts[0].left == 10
    assert parts[-1].right == pytest.approx(600)
    assert all(part.width >= least for part, least in zip(parts, [60, 44, 70, 50], strict=True))
    assert all(b.left - a.right == pytest.approx(track.GAP) for a, b in pairwise(parts))


def test_segments_shrink_together_where_there_is_no_room():
    parts = track.segments(PHASES, [60, 44, 70, 50], 0, 112)
    assert parts[-1].right == pytest.approx(112)


def test_each_step_is_found_where_it_is_drawn():
    parts = track.segments(PHASES, [60, 44, 70, 50], 10, 600)
    for position in range(1, 56):
        part = next(part for part in parts if part.has(position))
        assert track.step_at(parts, part.x_of(position)) == position
    assert track.step_at(parts, -100) == 1
    assert track.step_at(parts, 9999) == 55


def test_phases_without_steps_are_no_place_to_go():
    parts = track.segments([("Forward", 3), ("Loss", 0)], [44, 44], 0, 300)
    assert track.step_at(parts, 299) == 3
    assert track.step_at(track.segments([], [], 0, 300), 10) == 0


def test_sparkline_is_logarithmic():
    points = track.sparkline([100, 10, 1], 50)
    assert points.tolist() == [[0, 1], [0.5, 0.5], [1, 0]]


@pytest.mark.parametrize(("losses", "count"), [([], 0), ([1.0], 0), ([np.nan, np.inf], 0), ([1.0, np.nan, 0.0], 2)])
def test_sparkline_leaves_out_what_is_no_number(losses, count):
    assert len(track.sparkline(losses, 50)) == count


def test_a_flat_loss_is_a_line_in_the_middle():
    assert track.sparkline([2.0, 2.0, 2.0], 50)[:, 1].tolist() == [0.5, 0.5, 0.5]


def test_a_long_history_keeps_its_spikes():
    losses = np.ones(100_000)
    losses[54_321] = 1000
    points = track.sparkline(losses, 200)
    assert len(points) <= 402
    assert points[:, 1].max() == 1
    assert points[points[:, 1].argmax(), 0] == pytest.approx(54_321 / 99_999)
    assert (np.diff(points[:, 0]) > 0).all()


# ------------------------------------------------------------------------------------------------------------- phases


def test_a_click_jumps(scrubber, qtbot):
    with qtbot.waitSignals([scrubber.scrub_started, scrubber.scrubbed, scrubber.scrub_finished]):
        qtbot.mouseClick(scrubber, LEFT, pos=at(scrubber, 30))
    assert scrubber.position() == 30


def test_a_drag_snaps_to_steps(scrubber, qtbot):
    heard = []
    scrubber.scrubbed.connect(heard.append)
    qtbot.mousePress(scrubber, LEFT, pos=at(scrubber, 1))
    for position in (2, 3, 22, 55):
        qtbot.mouseMove(scrubber, at(scrubber, position))
    qtbot.mouseRelease(scrubber, LEFT)
    assert heard == [1, 2, 3, 22, 55]


def test_left_of_the_track_is_before_the_first_step(scrubber, qtbot):
    scrubber.set_position(5)
    qtbot.mouseClick(scrubber, LEFT, pos=QPoint(2, 24))
    assert scrubber.position() == 0


def test_the_label_is_no_place_to_click(scrubber, qtbot):
    with qtbot.assertNotEmitted(scrubber.scrubbed):
        qtbot.mouseClick(scrubber, LEFT, pos=QPoint(690, 24))
        qtbot.mouseMove(scrubber, QPoint(300, 24))


@pytest.mark.parametrize(
    ("key", "position"),
    [
        (Qt.Key.Key_Right, 11),
        (Qt.Key.Key_Left, 9),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 55),
        (Qt.Key.Key_Q, 10),
    ],
)
def test_keys_move(scrubber, qtbot, key, position):
    scrubber.set_position(10)
    heard = []
    scrubber.scrubbed.connect(heard.append)
    qtbot.keyClick(scrubber, key)
    assert scrubber.position() == position
    assert heard == ([] if position == 10 else [position])


def test_set_position_is_silent_and_waits_for_the_hand(scrubber, qtbot):
    with qtbot.assertNotEmitted(scrubber.scrubbed):
        scrubber.set_position(10)
    assert scrubber.label() == "Step 10 of 55"
    assert scrubber.accessibleDescription() == "Step 10 of 55"
    qtbot.mousePress(scrubber, LEFT, pos=at(scrubber, 20))
    scrubber.set_position(3)
    assert scrubber.position() == 20
    qtbot.mouseRelease(scrubber, LEFT)


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_done_is_violet_and_the_rest_is_not(scrubber, appearance, mode):
    appearance.set_mode(mode)
    scrubber.set_position(22)
    image = scrubber.grab().toImage()
    forward, _, backward, _ = scrubber.segments()
    assert color_at(image, forward.left + forward.width / 20 * 5.5, 32) == theme.color("accent").name()
    assert color_at(image, backward.left + backward.width / 20 * 5.5, 32) == theme.color("line2").name()
    assert color_at(image, scrubber.knob().x(), 32) == theme.color("accent").name()


def color_at(image: QImage, x: float, y: float) -> str:
    return image.pixelColor(round(x), round(y)).name()


def test_only_few_steps_have_ticks(place):
    def shades(count):
        scrubber = place(Scrubber(), width=700)
        scrubber.set_phases([("Forward", count)])
        image = scrubber.grab().toImage()
        return len({color_at(image, x, 32) for x in range(60, 400)})

    assert shades(40) > shades(41) == 1


@pytest.mark.parametrize("width", [220, 320, 480, 900])
def test_it_can_be_painted_at_any_width(scrubber, width):
    scrubber.resize(width, scrubber.height())
    for position in (0, 1, 21, 55):
        scrubber.set_position(position)
        assert not scrubber.grab().isNull()


def test_it_can_be_empty(place):
    scrubber = place(Scrubber())
    assert scrubber.label() == "Step 0 of 0"
    assert not scrubber.grab().isNull()
    scrubber.set_history([], 0, 0)
    assert not scrubber.grab().isNull()


def test_disabled_is_grey(scrubber):
    scrubber.set_position(30)
    scrubber.setEnabled(False)
    assert color_at(scrubber.grab().toImage(), scrubber.knob().x(), 32) == theme.color("text3").name()


# ------------------------------------------------------------------------------------------------------------ history


def test_the_history_is_as_long_as_its_losses(history, qtbot):
    assert history.maximum() == 200
    with qtbot.waitSignal(history.scrubbed) as heard:
        qtbot.mouseClick(history, LEFT, pos=at(history, 120))
    assert heard.args[0] == pytest.approx(120, abs=1)
    assert history.label().startswith("Epoch 1")


def test_the_history_can_stand_for_more_steps(history):
    history.set_history([3, 2, 1], 3000, history.value(), "Update")
    history.set_position(1500)
    assert history.label() == "Update 1,500 of 3,000"
    assert not history.grab().isNull()


def test_a_growing_history_is_redrawn(history):
    before = history.grab().toImage()
    history.set_history([5.0, 1.0, 5.0], 2, history.value())
    assert history.grab().toImage() != before


def test_the_whole_history_stays_while_somebody_is_in_its_past(history, qtbot):
    history.set_history(np.linspace(1, 0.1, 237), 236, 120, "Epoch")
    assert (history.position(), history.maximum()) == (120, 236)
    assert history.label() == history.accessibleDescription() == "Epoch 120 of 236"
    with qtbot.waitSignal(history.scrubbed) as heard:
        qtbot.keyClick(history, Qt.Key.Key_End)
    assert heard.args == [236]
    with qtbot.waitSignal(history.scrubbed) as heard:
        qtbot.mouseClick(history, LEFT, pos=at(history, 60))
    assert heard.args[0] == pytest.approx(60, abs=1)


def test_showing_a_history_is_silent_and_waits_for_the_hand(history, qtbot):
    qtbot.mousePress(history, LEFT, pos=at(history, 50))
    held = history.position()
    with qtbot.assertNotEmitted(history.scrubbed):
        history.set_history(np.linspace(1, 0.1, 401), 400, 10, "Epoch")
    assert history.position() == held
    assert history.maximum() == 400
    qtbot.mouseRelease(history, LEFT)


def test_a_pixel_that_stands_for_many_updates_gives_the_one_under_it(history, qtbot):
    history.set_history(np.ones(1000), 1_000_000, 1_000_000, "Update")
    left, right = at(history, 0).x(), at(history, 1_000_000).x()
    for share in (0.1, 0.5, 0.9):
        x = round(left + share * (right - left))
        qtbot.mouseClick(history, LEFT, pos=QPoint(x, 24))
        assert abs(history.position() / 1_000_000 - share) <= 1 / (right - left)


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_what_comes_after_the_knob_is_fainter(history, appearance, mode):
    def contrast(x):
        panel = theme.color("panel").lightnessF()
        column = (image.pixelColor(round(x), y).lightnessF() for y in range(10, 34))
        return max(abs(lightness - panel) for lightness in column)

    appearance.set_mode(mode)
    history.parentWidget().setStyleSheet(f"background: {theme.color('panel').name()}")
    history.set_history(np.linspace(1, 0.1, 201), 200, 100, "Epoch")
    image = history.parentWidget().grab(history.geometry()).toImage()
    past, later = contrast(at(history, 50).x()), contrast(at(history, 150).x())
    assert later < 0.8 * past


def test_a_sparkline_is_cut_where_the_knob_is():
    points = track.sparkline([100, 10, 1], 50)
    before, after = track.parted(points, 0.25)
    assert before.tolist() == [[0, 1], [0.25, 0.75]]
    assert after.tolist() == [[0.25, 0.75], [0.5, 0.5], [1, 0]]
    assert [len(part) for part in track.parted(points, 1.0)] == [3, 0]
    assert [len(part) for part in track.parted(points, 0.0)] == [0, 3]
    assert [len(part) for part in track.parted(track.sparkline([], 50), 0.5)] == [0, 0]


def test_the_label_does_not_move_the_track(history):
    ends = set()
    for position in (0, 7, 99, 200):
        history.set_position(position)
        ends.add(at(history, 200).x())
    assert len(ends) == 1


def test_tab_and_hover(scrubber, window, qtbot):
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert scrubber.has_ring()
    rest = scrubber.grab().toImage()
    qtbot.mouseMove(scrubber, QPoint(20, 20))
    qtbot.waitUntil(lambda: scrubber.grab().toImage() != rest)
    qtbot.mouseMove(window, QPoint(20, 20))
    qtbot.waitUntil(lambda: scrubber.grab().toImage() == rest)
