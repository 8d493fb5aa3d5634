"""The pictures of an output, clicked, dragged and walked over by key."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from tests.gui.conftest import move
from visualnn.files.examples import load
from visualnn.files.fresh import fresh_project
from visualnn.gui import theme
from visualnn.gui.views.output import OutputView
from visualnn.gui.views.output.field import labels
from visualnn.gui.views.output.metric import Metric, size_for
from visualnn.gui.views.output.numbers import Numbers
from visualnn.gui.views.output.overlay import are_two
from visualnn.gui.views.output.sight import Sight
from visualnn.nn import metrics
from visualnn.nn.data import Recipe
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.nn.training import Training
from visualnn.project import new_project
from visualnn.scene.confusion import confusion_of
from visualnn.scene.formula import full
from visualnn.scene.outputs import Kind
from visualnn.scene.surface import Orbit

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@pytest.fixture(autouse=True)
def _dark(qapp):
    theme.appearance().set_mode("dark")
    yield
    theme.appearance().set_mode("dark")


@pytest.fixture
def view(qtbot):
    view = OutputView()
    qtbot.addWidget(view)
    view.resize(360, 300)
    view.show()
    yield view
    theme.appearance().set_mode("dark")  # which has everything made anew
    view.rest()


def show(view, project, kind=None):
    view.show_content(project, project.parameters, None)
    if kind is not None:
        view.set_kind(kind)
    return project


def spirals():
    data = made(Recipe("spirals", 100, test_share=0.3))
    return fresh_project("Spirals", Network.of(2, 3, 1, output="sigmoid"), data, Options(loss="binary_cross_entropy"))


def sine():
    data = made(Recipe("sine", test_share=0.3))
    return fresh_project("Sine", Network.of(1, 4, 1, hidden="tanh"), data, Options())


def cell(picture, row, column):
    return picture.cell_rect(row, column).center().toPoint()


# -- choosing a picture -----------------------------------------------------------------------------------------------


def test_another_picture_is_a_click_away(view, qtbot):
    show(view, load("adder"))
    assert (view.kind, view.plane.isVisible()) == (Kind.MAP, True)
    choice = view._choice
    qtbot.mouseClick(choice, LEFT, pos=choice.segment_rect(2).center().toPoint())
    assert view.kind is Kind.ANSWERS
    assert view.answers.isVisible()
    assert not view.plane.isVisible()


def test_a_choice_of_one_is_not_shown(view):
    show(view, sine())
    assert (view.kind, view._choice.isVisible()) == (Kind.CURVE, False)
    show(view, spirals())
    assert view._choice.isVisible()


def test_a_chosen_picture_stays_where_other_data_have_it(view):
    show(view, load("adder"), Kind.SURFACE)
    show(view, fresh_project("D", Network.of(2, 2, 1), made(Recipe("difference")), Options()))
    assert view.kind is Kind.SURFACE
    show(view, load("xor"))
    assert view.kind is Kind.MAP


def test_every_picture_follows_the_parameters(view):
    for project, kinds in ((load("adder"), (Kind.MAP, Kind.SURFACE, Kind.ANSWERS)), (sine(), (Kind.CURVE,))):
        for kind in kinds:
            show(view, project, kind)
            before = view.picture.grab().toImage()
            view.show_content(project, project.parameters * 0.5, None)
            assert view.picture.grab().toImage() != before


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize("width", [300, 320, 360, 420, 520])
def test_every_picture_stays_in_the_panel(view, width, mode):
    theme.appearance().set_mode(mode)
    view.resize(width, 300)
    for project in (load("adder"), spirals(), sine(), load("digits")):
        show(view, project)
        view.finish()
        for kind in view._kinds:
            view.set_kind(kind)
            view.finish()
            assert not view.grab().isNull()
            box = view.picture.geometry()
            assert 24 <= box.left() + 8 < box.right() - 8 < width - 23
            assert box.bottom() - 8 <= view.height()
            assert view._numbers.geometry().bottom() < view.height()
            assert view._numbers.geometry().right() < width


def test_a_diverged_network_breaks_no_picture(view):
    for project in (load("adder"), spirals(), sine()):
        show(view, project)
        for kind in view._kinds:
            view.set_kind(kind)
            for value in (np.nan, np.inf, 1e200):
                view.show_content(project, np.full(project.parameters.size, value), None)
                assert not view.grab().isNull()


# -- the data ---------------------------------------------------------------------------------------------------------


def test_the_data_button_asks_and_says_whether_they_are_open(view, qtbot):
    show(view, spirals())
    with qtbot.waitSignal(view.data_requested):
        qtbot.mouseClick(view.head.button, LEFT)
    assert not view.head.button.isChecked()
    view.set_data_open(True)
    assert view.head.button.isChecked()


def test_all_rows_are_counted(view):
    project = show(view, spirals())
    assert view.counted() == "100 points"
    assert project.data.rows + project.data.tests == 100
    show(view, load("adder"))
    assert view.counted() == "81 rows"


def test_test_rows_are_hollow_on_the_map(view):
    project = show(view, spirals())
    image, box, plane = view.plane.grab().toImage(), view.plane.box(), view.plane.plane

    def middle(row):
        x, y = plane.shares(row)
        return image.pixelColor(QPointF(box.left() + x * box.width(), box.top() + y * box.height()).toPoint())

    blue = theme.color("pos")
    solid = sum(middle(row) == blue for row, y in zip(project.data.inputs, project.data.targets, strict=True) if y > 0)
    tests = zip(project.data.test_inputs, project.data.test_targets, strict=True)
    hollow = sum(middle(row) == blue for row, y in tests if y > 0)
    assert solid > 15
    assert hollow < 4  # but for those under which another lies


def test_two_numbers_that_stand_for_classes_are_marked_like_these(view):
    classes = spirals()
    signs = replace(
        classes.data,
        classification=False,
        targets=2 * classes.data.targets - 1,
        test_targets=2 * classes.data.test_targets - 1,
        recipe=None,
    )
    network = Network(2, (*classes.network.layers[:-1], Layer(1, "tanh")))
    project = new_project("signs", network, signs, Options(), classes.parameters)
    show(view, project)
    image, box, plane = view.plane.grab().toImage(), view.plane.box(), view.plane.plane
    for y, role in ((1.0, "pos"), (-1.0, "neg")):
        rows = signs.inputs[signs.targets[:, 0] == y]
        spots = [
            QPointF(box.left() + u * box.width(), box.top() + v * box.height()).toPoint()
            for u, v in map(plane.shares, rows)
        ]
        assert sum(image.pixelColor(spot) == theme.color(role) for spot in spots) > len(rows) / 2


def test_many_numbers_are_not_marked(view):
    project = load("adder")
    assert not are_two(project.data.targets)
    assert not are_two(np.ones((5, 1)))
    assert are_two(np.array([[0.0], [3.0], [3.0]]))


# -- answers ----------------------------------------------------------------------------------------------------------


def test_a_click_on_a_pair_asks_for_it(view, qtbot):
    show(view, load("adder"), Kind.ANSWERS)
    with qtbot.waitSignal(view.sample_requested) as asked:
        qtbot.mouseClick(view.answers, LEFT, pos=cell(view.answers, 6, 1))
    assert asked.args[0].tolist() == [2, -3]


def test_pointing_at_a_pair_tells_its_miss(view):
    show(view, load("adder"), Kind.ANSWERS)
    move(view.answers, cell(view.answers, 6, 6), NONE)
    assert QToolTip.text() == "2 + 2: it says 3.9896, right is 4, misses by −0.0104."


def test_other_numbers_are_a_click_away(view, qtbot):
    show(view, load("adder"), Kind.ANSWERS)
    qtbot.mouseClick(view.answers.control, LEFT)
    assert view.answers.answers.numbers.tolist() == list(range(11))
    with qtbot.waitSignal(view.sample_requested) as asked:
        qtbot.mouseClick(view.answers, LEFT, pos=cell(view.answers, 10, 0))
    assert asked.args[0].tolist() == [10, 0]


def test_keys_walk_over_the_pairs(view, qtbot):
    show(view, load("adder"), Kind.ANSWERS)
    view.answers.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(view.answers, key)
    assert view.answers.accessibleName() == view.answers.answers.sentence(2, 1)
    with qtbot.waitSignal(view.sample_requested) as asked:
        QTest.keyClick(view.answers, Qt.Key.Key_Return)
    assert asked.args[0].tolist() == [-2, -3]


# -- confusions -------------------------------------------------------------------------------------------------------


def asked_rows(view, qtbot, point, clicks):
    rows = []
    view.row_requested.connect(rows.append)
    for _ in range(clicks):
        qtbot.mouseClick(view.confusion, LEFT, pos=point)
    view.row_requested.disconnect()
    return rows


def test_clicks_on_a_count_ask_for_one_row_after_the_other(view, qtbot):
    project = show(view, spirals(), Kind.CONFUSION)
    expected = confusion_of(project, project.parameters)
    truth, said = np.unravel_index(expected.counts.argmax(), (2, 2))
    rows = expected.rows(truth, said).tolist()
    count = len(rows)
    assert asked_rows(view, qtbot, cell(view.confusion, truth, said), count + 1) == [*rows, rows[0]]
    assert view.confusion.captions()[0].startswith(f"Row 1 of {count}: orange" if truth == 0 else f"Row 1 of {count}")


def test_test_rows_come_after_those_to_learn_from(view, qtbot):
    project = show(view, spirals(), Kind.CONFUSION)
    sets = view.confusion.control
    qtbot.mouseClick(sets, LEFT, pos=sets.segment_rect(1).center().toPoint())
    expected = confusion_of(project, project.parameters, held=True)
    truth, said = np.unravel_index(expected.counts.argmax(), (2, 2))
    (row,) = asked_rows(view, qtbot, cell(view.confusion, truth, said), 1)
    assert row >= project.data.rows
    inputs = np.concatenate([project.data.inputs, project.data.test_inputs])
    targets = np.concatenate([project.data.targets, project.data.test_targets])
    out = metrics.predict(project.network, project.parameters, inputs[[row]])
    assert (targets[row, 0], out[0, 0] > 0.5) == (truth, bool(said))


def test_a_count_of_none_asks_for_nothing(view, qtbot):
    show(view, load("digits"))
    view.finish()
    qtbot.waitUntil(lambda: view.confusion.confusion is not None)
    counts = view.confusion.confusion.counts
    truth, said = np.argwhere(counts == 0)[0]
    assert asked_rows(view, qtbot, cell(view.confusion, truth, said), 2) == []


def test_pointing_at_a_count_tells_it_in_words(view):
    project = show(view, spirals(), Kind.CONFUSION)
    expected = confusion_of(project, project.parameters)
    for truth, said in ((0, 0), (0, 1), (1, 0)):
        move(view.confusion, cell(view.confusion, truth, said), NONE)
        assert QToolTip.text() == expected.sentence(truth, said)
    grid = view.confusion.grid_rect()
    move(view.confusion, QPointF(grid.right() + 12, grid.top() + 4).toPoint(), NONE)
    share = metrics.confusion(
        metrics.predict(project.network, project.parameters, project.data.inputs), project.data.targets
    )
    assert QToolTip.text().startswith(f"{100 * share[0, 0] / share[0].sum():.2f} % of what is orange is right")


def test_a_row_that_has_changed_sides_is_left_behind(view, qtbot):
    project = show(view, spirals(), Kind.CONFUSION)
    training = Training(project.network, project.data, project.options)
    point = cell(view.confusion, 0, 0)
    for _ in range(5):
        asked = asked_rows(view, qtbot, point, 3)
        expected = view.confusion.confusion.rows(0, 0).tolist()
        assert set(asked) <= set(expected)
        training.run(20)
        view.show_content(project, training.snapshot().parameters, training.snapshot())


# -- the curve --------------------------------------------------------------------------------------------------------


def test_the_curve_is_read_off_at_the_pointer(view):
    project = show(view, sine())
    point = view.curve.box().center().toPoint() + QPoint(13, 5)
    move(view.curve, point, NONE)
    x, said = view.curve.function.at(view.curve.x_at(QPointF(point)))
    assert full(said) in QToolTip.text()
    assert said == pytest.approx(metrics.predict(project.network, project.parameters, np.array([[x]]))[0, 0])
    move(view.curve, QPoint(1, 1), NONE)
    assert view.curve._x is None


def test_keys_read_the_curve_off_beyond_the_rows(view):
    show(view, sine())
    view.curve.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(70):
        QTest.keyClick(view.curve, Qt.Key.Key_Right)
    assert view.curve._x == view.curve.function.ground.xs[-1]
    assert "Beyond the training rows." in view.curve.accessibleName()


# -- the surface ------------------------------------------------------------------------------------------------------


def test_dragging_turns_the_surface_and_a_double_click_turns_it_back(view, qtbot):
    show(view, load("adder"), Kind.SURFACE)
    surface = view.surface
    qtbot.mousePress(surface, LEFT, pos=QPoint(100, 100))
    move(surface, QPoint(140, 110), LEFT)
    qtbot.mouseRelease(surface, LEFT, pos=QPoint(140, 110))
    assert surface.orbit == Orbit().dragged(40, 10)
    qtbot.mouseDClick(surface, LEFT, pos=QPoint(100, 100))
    assert surface.orbit == Orbit()


def test_keys_turn_the_surface(view):
    show(view, load("adder"), Kind.SURFACE)
    QTest.keyClick(view.surface, Qt.Key.Key_Right)
    QTest.keyClick(view.surface, Qt.Key.Key_Up)
    assert view.surface.orbit != Orbit()
    QTest.keyClick(view.surface, Qt.Key.Key_0)
    assert view.surface.orbit == Orbit()


def test_pointing_at_the_surface_tells_the_nearest_point(view):
    show(view, load("adder"), Kind.SURFACE)
    place = view.surface.view()
    heights = view.surface.surface.ground.heights(view.surface.surface.said)
    point = place.point(0.25, 0.25, heights[20, 20]).toPoint()
    assert view.surface.point_at(QPointF(point)) == (20, 20)
    move(view.surface, point, NONE)
    assert QToolTip.text().startswith(f"a = 2, b = 2\nThe network says: {full(view.surface.surface.said[20, 20])}")
    assert "Right is: 4.0" in QToolTip.text()


@pytest.mark.parametrize("turn", [-3.0, -2.0, -0.7, 0.2, 0.9, 1.6, 2.6])
def test_the_surface_is_painted_from_every_side(view, turn):
    show(view, load("adder"), Kind.SURFACE)
    image = view.surface.grab().toImage()
    view.surface.turn(Orbit(turn, 0.6))
    turned = view.surface.grab().toImage()
    assert turned != image
    box = view.surface.box()
    for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        for h in (-1, 1):
            assert box.contains(view.surface.view().point(u, v, h))


# -- numbers measured elsewhere ---------------------------------------------------------------------------------------


class Known:
    """Scores that come from the run."""

    def __init__(self, update, train, test):
        self.update, self.train, self.test = update, train, test


def test_scores_of_the_same_update_are_taken_as_they_are(view, monkeypatch):
    project = spirals()
    snapshot = Training(project.network, project.data, project.options).snapshot()
    train, test = (
        metrics.score(project.network, snapshot.parameters, rows, project.options.loss)
        for rows in (project.data, project.data.held)
    )
    monkeypatch.setattr(metrics, "score", lambda *_: pytest.fail("measured again"))
    view.show_content(project, snapshot.parameters, snapshot, reading=Known(0, train, test))
    assert view.metrics()[1].value == f"{test.loss:.3f}"


def test_scores_of_another_update_or_of_some_rows_are_not(view):
    project = spirals()
    snapshot = Training(project.network, project.data, project.options).snapshot()
    other = metrics.score(project.network, snapshot.parameters * 3, project.data, project.options.loss)
    view.show_content(project, snapshot.parameters, snapshot, reading=Known(5, other, other))
    expected = metrics.score(project.network, snapshot.parameters, project.data, project.options.loss)
    assert view.metrics()[0].value == f"{expected.loss:.3f}"
    assert isinstance(view.sight(), Sight)


def test_a_long_title_is_written_whole_before_the_rows_are_counted(view):
    show(view, load("adder"))
    assert view.head.texts() == ("Add two numbers", "81 rows")
    show(view, load("adder").renamed("Twenty-four letters long"))
    assert view.head.texts() == ("Twenty-four letters long", "")


@pytest.mark.parametrize("updates", [5, 60, 337])
def test_the_levels_of_a_map_are_written_beside_each_other(view, updates):
    project = fresh_project("Plane", Network.of(2, 8, 6, 1, hidden="tanh"), made(Recipe("plane")), Options())
    training = Training(project.network, project.data, project.options)
    training.run(updates)
    view.show_content(project, training.parameters, None)
    box = view.plane.box()
    written = [where for where, _ in labels(box, view.plane.content, QPointF(0, 0))]
    assert written
    assert all(box.contains(where) for where in written)
    assert not any(a.intersects(b) for i, a in enumerate(written) for b in written[:i])


def test_a_picture_that_nobody_chose_goes_with_the_data_that_have_no_other(view):
    points, digits = spirals(), spirals().with_data(made(Recipe("digits")))
    show(view, points)
    show(view, digits)
    assert view.kind is Kind.CONFUSION
    show(view, points)
    assert view.kind is Kind.MAP
    view.set_kind(Kind.CONFUSION)
    show(view, digits)
    show(view, points)
    assert view.kind is Kind.CONFUSION


def test_the_numbers_are_all_of_the_size_that_the_longest_has_room_for(view):
    known = [Metric("Loss", "0.00986"), Metric("Mean miss", "0.07"), Metric("RMSE", "0.1"), Metric("Update", "217")]
    numbers = Numbers(lambda: tuple(known), view)
    numbers.resize(360, 48)
    assert numbers.value_size() == size_for(known[3], 1000) == 17
    numbers.resize(260, 48)
    room = 260 / 4 - 6
    assert numbers.value_size() == size_for(known[0], room) < size_for(known[3], room)
    assert theme.text_width("0.00986", numbers.value_size(), 600) <= room
