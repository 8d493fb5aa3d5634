"""The Data panel: what it shows of the present data, and what it asks for."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.conftest import LEFT, NOTHING, move
from visualnn.files.tables import Dialect, Selection
from visualnn.gui.views.data import BUILT_IN, DRAW, MY_FILE, DataView
from visualnn.gui.views.data.cards import FIRST, ordered
from visualnn.gui.views.data.draw import NAME, dataset_of, drawing_of
from visualnn.gui.views.data.view import row_of
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.recipes import SOURCES, made
from visualnn.scene.file_rows import LEFT_OUT, PREDICT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")
SPIRALS = Recipe("spirals", test_share=0.3)


@pytest.fixture
def view(qtbot):
    view = DataView()
    qtbot.addWidget(view)
    view.resize(352, 688)
    show(view, made(SPIRALS))
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    yield view
    view.rest()


@pytest.fixture
def heard(view):
    """What the view asked for, in order."""
    made = []
    for name in ("recipe_requested", "recipe_scrubbed", "dataset_requested", "dataset_scrubbed", "row_requested"):
        getattr(view, name).connect(lambda value, name=name: made.append((name, value)))
    for name in ("scrub_finished", "closed"):
        getattr(view, name).connect(lambda name=name: made.append((name,)))
    return made


def show(view, data, row=0):
    view.show_project(SimpleNamespace(data=data, sample=data.inputs[row]))


# -- built-in --------------------------------------------------------------------------------------------------------


def test_the_present_data_are_lit_and_told(view):
    page = view.built_in
    assert page.cards.card("spirals").is_chosen()
    assert page.headline.text() == "200 rows, 140 to train, 60 to test"
    assert page.table.current() == 0
    show(view, made(SPIRALS), 17)
    assert page.table.current() == 17
    assert page.knobs.slider("Noise").value() == pytest.approx(0.02)
    assert page.knobs.slider("Rows").text() == "200"
    assert page.knobs.slider("For testing").text() == "30 %"


def test_every_source_has_a_card_with_a_picture(view):
    view.built_in.finish()
    QApplication.processEvents()
    assert set(ordered()) == set(SOURCES)
    assert all(view.built_in.cards.card(name).has_sketch() for name in SOURCES)


def test_six_cards_are_seen_and_all_when_asked_for(view, qtbot):
    cards = view.built_in.cards
    assert [card.name for card in cards.shown()] == list(FIRST)
    qtbot.mouseClick(cards._more, LEFT)
    assert [card.name for card in cards.shown()] == list(ordered())
    assert all(card.isVisible() for card in cards.shown())
    cards.set_open(False)
    show(view, made(SOURCES["moons"].recipe))
    assert [card.name for card in cards.shown()] == [*FIRST[:-1], "moons"]


def test_a_card_asks_for_its_data(view, heard, qtbot):
    qtbot.mouseClick(view.built_in.cards.card("circles"), LEFT)
    assert heard == [("recipe_requested", SOURCES["circles"].recipe)]


def test_arrows_walk_over_the_cards(view, heard, qtbot):
    cards = view.built_in.cards
    cards.card("spirals").setFocus(Qt.FocusReason.TabFocusReason)
    for key, name in ((Qt.Key.Key_Left, "circles"), (Qt.Key.Key_Up, "pairs"), (Qt.Key.Key_Right, "xor")):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert QApplication.focusWidget() is cards.card(name)
    qtbot.keyClick(cards.card("xor"), Qt.Key.Key_Return)
    assert heard == [("recipe_requested", SOURCES["xor"].recipe)]


def test_dragging_the_noise_tells_at_once_and_ends_once(view, heard, qtbot):
    slider = view.built_in.knobs.slider("Noise")
    qtbot.mousePress(slider, LEFT, pos=slider.knob().toPoint())
    for x in (60, 80, 100):
        move(slider, QPoint(x, 16), LEFT)
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(100, 16))
    assert {name for name, *_ in heard[:-1]} == {"recipe_scrubbed"}
    assert heard[-2][1] == replace(SPIRALS, noise=slider.value())
    assert heard[-1] == ("scrub_finished",)
    assert slider.value() > 0.1


def test_a_drag_that_is_broken_off_goes_back(view, heard, qtbot):
    slider = view.built_in.knobs.slider("Rows")
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyPress(slider, Qt.Key.Key_Right)
    qtbot.keyPress(slider, Qt.Key.Key_Escape)
    qtbot.keyRelease(slider, Qt.Key.Key_Right)
    scrubbed = [value for name, *rest in heard if name == "recipe_scrubbed" for value in rest]
    assert scrubbed == [replace(SPIRALS, rows=210), replace(SPIRALS, rows=200)]
    assert heard[-1] == ("scrub_finished",)


@pytest.mark.parametrize(
    ("label", "typed", "changes"),
    [("Noise", "0.05", {"noise": 0.05}), ("Rows", "400", {"rows": 400}), ("For testing", "20", {"test_share": 0.2})],
)
def test_what_is_typed_is_asked_for(view, heard, qtbot, label, typed, changes):
    slider = view.built_in.knobs.slider(label)
    slider.start_typing()
    slider.editor().selectAll()
    qtbot.keyClicks(slider.editor(), typed)
    qtbot.keyClick(slider.editor(), Qt.Key.Key_Return)
    assert heard[-2:] == [("recipe_scrubbed", replace(SPIRALS, **changes)), ("scrub_finished",)]


def test_a_typed_seed_is_asked_for(view, heard, qtbot):
    field = view.built_in.knobs.seed
    field.start_typing()
    field.editor().selectAll()
    qtbot.keyClicks(field.editor(), "7")
    qtbot.keyClick(field.editor(), Qt.Key.Key_Return)
    assert heard[-2:] == [("recipe_scrubbed", replace(SPIRALS, seed=7)), ("scrub_finished",)]


def test_dice_and_scaling_ask_at_once(view, heard, qtbot):
    qtbot.mouseClick(view.built_in.knobs.dice, LEFT)
    qtbot.mouseClick(view.built_in.knobs.scale, LEFT)
    (first, dice), (second, scaled) = heard
    assert first == second == "recipe_requested"
    assert dice == replace(SPIRALS, seed=dice.seed)
    assert dice.seed != SPIRALS.seed
    assert scaled == replace(SPIRALS, scaled=True)
    show(view, made(replace(SPIRALS, scaled=True)))
    assert view.built_in.knobs.scale.isChecked()
    assert len(heard) == 2


@pytest.mark.parametrize("name", SOURCES)
def test_only_what_can_be_chosen_is_offered(view, name):
    source, knobs = SOURCES[name], view.built_in.knobs
    show(view, made(source.recipe))
    assert knobs.slider("Noise").isVisible() == (source.noise is not None and source.most_noise > 0)
    assert knobs.slider("Rows").isVisible() == (source.fewest < source.most)
    assert knobs.slider("For testing").isVisible() == (not source.own_tests)


def test_a_row_is_asked_for_by_click(view, heard, qtbot):
    table = view.built_in.table
    table.show_cell(150)
    qtbot.mouseClick(table, LEFT, pos=table.row_rect(150).center())
    assert heard == [("row_requested", 150)]


def test_data_that_no_recipe_made_have_no_card(view):
    show(view, replace(made(SPIRALS), recipe=None))
    page = view.built_in
    assert not any(page.cards.card(name).is_chosen() for name in SOURCES)
    assert not page.knobs.slider("Noise").isVisible()
    assert page.table.current() == 0


def test_the_row_on_the_stage_is_found_among_all():
    data = made(SPIRALS)
    assert row_of(data, data.inputs[33], -1) == 33
    assert row_of(data, data.test_inputs[5], -1) == data.rows + 5
    assert row_of(data, data.inputs[33] + 1.0, 33) == -1
    twice = Dataset("twice", data.inputs[[0, 1, 0]], data.targets[:3], ("x", "y"))
    assert row_of(twice, twice.inputs[2], 2) == 2


# -- a file ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "houses.csv"
    lines = [f"{i};{50 + i},5;{['Oak', 'Elm'][i % 2]};{i * 3}" for i in range(1, 61)]
    for row in (13, 40, 57):
        lines[row] = lines[row].rsplit(";", 1)[0] + ";n/a"
    path.write_text("id;area;street;price\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def settle(page, qtbot):
    """Everything that is read, judged or made has arrived."""
    qtbot.waitUntil(lambda: not page.is_busy())
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not page.is_busy())
    QApplication.processEvents()


@pytest.fixture
def page(view, houses, qtbot):
    """The page of a file that has been read."""
    view.open_file(houses)
    settle(view.file, qtbot)
    return view.file


def pick(page, column, label):
    """What a column is for, chosen from its menu."""
    menu = page.open_menu(column)
    next(action for action in menu.actions() if action.text() == label).trigger()
    menu.close()


def test_without_a_file_there_is_a_place_to_drop_one(view):
    view.show_tab(MY_FILE)
    assert view.file.zone.isVisible()
    assert view.file.zone.button.label() == "Choose a file…"
    assert not view.file.use.isVisible()
    assert not view.grab().isNull()


def test_a_file_is_shown_with_a_guess_at_its_columns(page):
    assert page.head.accessibleName().startswith("houses.csv, 60 rows, 4 columns, ")
    assert page.dialect.more.label() == "Semicolons, decimal comma, UTF-8 · change"
    assert page.words.text() == "Reads 2 columns, predicts price."
    assert (page.selection().inputs, page.selection().targets) == (("area", "street"), ("price",))
    assert page.scale.isChecked()
    assert page.share.text() == "30 %"


def test_bad_cells_are_named_shown_and_skipped(page, heard, qtbot):
    assert page.card.isVisible()
    assert page.card.sentence() == 'Row 14, column "price": "n/a" is not a number.'
    assert not page.use.isEnabled()
    assert page.card.skip.label() == "Skip 3 rows"
    for row in (13, 40, 57, 13):
        qtbot.mouseClick(page.card.show_them, LEFT)
        assert page.table.current() == row
        assert row in page.table.visible_rows()
    qtbot.mouseClick(page.card.skip, LEFT)
    assert page.card.sentence() == "3 rows are skipped."
    qtbot.mouseClick(page.use, LEFT)
    settle(page, qtbot)
    name, data = heard[-1]
    assert name == "dataset_requested"
    assert (data.name, data.rows + data.tests, data.tests) == ("houses", 57, 17)
    assert data.scaling is not None


def test_a_column_that_is_left_out_can_do_no_harm(page, qtbot):
    pick(page, 3, "Leave out")
    settle(page, qtbot)
    assert page.use.toolTip() == "Choose a column to predict."
    pick(page, 2, PREDICT)
    settle(page, qtbot)
    assert not page.card.isVisible()
    assert page.use.isEnabled()
    assert page.selection().targets == ("street",)


def test_the_menu_of_a_column_opens_by_key(page, qtbot):
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.table, Qt.Key.Key_Right)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Read", "Predict", "Leave out"]
    menu.close()


def test_data_in_use_are_not_offered_again_until_something_changes(view, page, heard, qtbot):
    qtbot.mouseClick(page.card.skip, LEFT)
    qtbot.mouseClick(page.use, LEFT)
    settle(page, qtbot)
    show(view, heard[-1][1])
    assert page.use.label() == "In use"
    assert not page.use.isEnabled()
    qtbot.mouseClick(page.scale, LEFT)
    assert page.use.label() == "Use these data"
    assert page.use.isEnabled()
    assert not page.selection().scaled


def test_a_long_dialect_is_shortened_before_the_way_to_change_it(page):
    page.dialect.show_dialect(Dialect(";", ",", encoding="utf-8-sig"))
    more = page.dialect.more
    assert more.label().endswith("… · change")
    assert more.geometry().right() - 12 <= page.dialect.width()  # without what a fill would take
    assert more.accessibleName() == "Semicolons, decimal comma, UTF-8 with a mark · change"
    assert more.toolTip().startswith("Semicolons, decimal comma, UTF-8 with a mark\n")


def test_another_dialect_reads_the_file_again(page, qtbot):
    qtbot.mouseClick(page.dialect.more, LEFT)
    assert page.dialect.field("Decimals").isVisible()
    pick_field(page.dialect.field("First row"), "Values")
    settle(page, qtbot)
    assert page.head.accessibleName().startswith("houses.csv, 61 rows")
    pick_field(page.dialect.field("Between cells"), "Commas")
    settle(page, qtbot)
    assert page.dialect.more.label().startswith("Commas")


def pick_field(field, label):
    """An entry of a menu field."""
    menu = field.open_menu()
    next(action for action in menu.actions() if action.text() == label).trigger()
    menu.close()


def test_what_cannot_be_read_is_said_and_another_file_can_be_chosen(view, tmp_path, qtbot):
    view.open_file(str(tmp_path / "nothing.csv"))
    settle(view.file, qtbot)
    assert view.file.trouble.text() == "“nothing.csv” cannot be opened: there is no such file."
    assert view.file.zone.isVisible()


def test_what_went_wrong_with_a_file_is_not_said_of_another_document(view, tmp_path, qtbot):
    view.open_file(str(tmp_path / "nothing.csv"))
    settle(view.file, qtbot)
    assert view.file.trouble.text()
    show(view, made(Recipe("circles")))
    assert view.file.trouble.text() == ""
    assert view.file.zone.isVisible()
    assert view.file.kinds.isVisible()


def test_a_file_that_is_read_shows_how_far_it_is_and_can_be_given_up(view, qtbot):
    view.show_tab(MY_FILE)
    page = view.file
    page.reading.begin("houses.csv")
    page._show_state()
    page.reading.set_share(0.4)
    assert page.reading.isVisible()
    assert page.reading.bar.accessibleDescription() == "40 %"
    qtbot.mouseClick(page.reading.cancel, LEFT)
    assert not page.reading.isVisible()
    assert page.zone.isVisible()


def test_a_column_of_a_file_without_a_target_cannot_be_used(page, qtbot):
    page._choose(Selection(("area",), ()))
    assert page.use.toolTip() == "Choose a column to predict."
    page._choose(Selection((), ("price",)))
    assert page.use.toolTip() == "Choose a column to read."
    assert LEFT_OUT in [heading.note for heading in page.table._rows.headings]
    settle(page, qtbot)


def held_over(view, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path)])
    event = QDragEnterEvent(QPoint(50, 300), Qt.DropAction.CopyAction, data, LEFT, NOTHING)
    view.dragEnterEvent(event)
    return event, data


def test_a_table_is_dropped_on_the_panel(view, houses, qtbot):
    event, data = held_over(view, houses)
    assert event.isAccepted()
    assert view.tabs.index() == MY_FILE
    assert view.file.zone.is_waiting()
    drop = QDropEvent(QPointF(50, 300), Qt.DropAction.CopyAction, data, LEFT, NOTHING)
    view.dropEvent(drop)
    settle(view.file, qtbot)
    assert view.file.words.text() == "Reads 2 columns, predicts price."


def test_other_files_are_not_taken(view):
    event, _data = held_over(view, "/home/somebody/network.vnn")
    assert not view.tabs.index()
    assert not event.isAccepted()


# -- drawing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def drawing(view, qtbot):
    """The page to draw on."""
    view.show_tab(DRAW)
    return view.draw


def spot(field, x, y):
    return field.spot(x, y).toPoint()


def test_a_click_places_a_point_and_asks_for_the_data(drawing, heard, qtbot):
    field = drawing.field
    qtbot.mouseClick(field, LEFT, pos=spot(field, 0.5, -0.25))
    (name, data), end = heard
    assert (name, end) == ("dataset_scrubbed", ("scrub_finished",))
    assert (data.name, data.recipe, data.tests) == (NAME, None, 0)
    assert data.inputs[0] == pytest.approx([0.5, -0.25], abs=0.01)
    assert data.targets.tolist() == [[1.0]]
    assert drawing.headline.text() == "1 point, 0 orange, 1 blue"


def test_keys_choose_the_class_and_place_points(drawing, heard, qtbot):
    field = drawing.field
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(field, Qt.Key.Key_1)
    assert drawing.classes.index() == 0
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Space):
        qtbot.keyClick(field, key)
    qtbot.keyClick(field, Qt.Key.Key_2)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.points() == ((0.05, 0.1, 0), (0.05, 0.1, 1))
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert field.points() == ()
    assert [name for name, *_ in heard].count("dataset_scrubbed") == 2


def test_a_drag_sprays_points_as_one_stroke(drawing, heard, qtbot):
    field = drawing.field
    qtbot.mousePress(field, LEFT, pos=spot(field, -0.5, 0))
    for x in (-0.3, -0.1, 0.1):
        move(field, spot(field, x, 0), LEFT)
    qtbot.mouseRelease(field, LEFT, pos=spot(field, 0.1, 0))
    assert len(field.points()) == 4
    names = [name for name, *_ in heard]
    assert names == ["dataset_scrubbed"] * 4 + ["scrub_finished"]
    qtbot.mouseClick(drawing.undo, LEFT)
    assert field.points() == ()
    assert not drawing.undo.isEnabled()


def test_the_right_button_and_shift_erase(drawing, qtbot):
    field = drawing.field
    for x in (-0.5, 0.0, 0.5):
        qtbot.mouseClick(field, LEFT, pos=spot(field, x, 0.5))
    qtbot.mouseClick(field, Qt.MouseButton.RightButton, pos=spot(field, 0.0, 0.5))
    assert [x for x, _, _ in field.points()] == pytest.approx([-0.5, 0.5], abs=0.01)
    qtbot.mouseClick(field, LEFT, Qt.KeyboardModifier.ShiftModifier, spot(field, 0.5, 0.5))
    assert len(field.points()) == 1
    qtbot.mouseClick(drawing.undo, LEFT)
    assert len(field.points()) == 2
    qtbot.mouseClick(drawing.clear, LEFT)
    assert field.points() == ()


def test_an_empty_field_asks_for_nothing(drawing, heard, qtbot):
    qtbot.mouseClick(drawing.field, LEFT, pos=spot(drawing.field, 0, 0))
    heard.clear()
    qtbot.mouseClick(drawing.clear, LEFT)
    assert heard == []
    assert "1 and 2 choose the class" in drawing.field.accessibleDescription()


def test_the_present_points_can_be_taken_over(view, drawing, heard, qtbot):
    moons = made(SOURCES["moons"].recipe)
    show(view, moons)
    assert drawing.take.label() == "Start from these 200 points"
    qtbot.mouseClick(drawing.take, LEFT)
    name, data = heard[-1]
    assert name == "dataset_requested"
    assert (data.inputs == moons.inputs).all()
    assert (data.targets == moons.targets).all()
    show(view, data)
    assert not drawing.take.isVisible()
    box = drawing.field.rect()
    assert all(box.contains(spot(drawing.field, x, y)) for x, y, _ in drawing.field.points())


def test_what_is_no_plane_cannot_be_taken_over(view, drawing):
    show(view, made(SOURCES["pairs"].recipe))
    assert not drawing.take.isVisible()
    assert drawing_of(made(SOURCES["digits"].recipe)) == ()


def test_a_stroke_that_is_undone_elsewhere_leaves_the_field_too(view, drawing, heard, qtbot):
    for x in (-0.5, 0.5):
        qtbot.mouseClick(drawing.field, LEFT, pos=spot(drawing.field, x, 0))
    first, second = (data for name, *rest in heard if name == "dataset_scrubbed" for data in rest)
    show(view, second)
    show(view, first)
    assert len(drawing.field.points()) == 1
    qtbot.mouseClick(drawing.undo, LEFT)
    assert drawing.field.points() == ()
    drawn = ((0.1, 0.2, 0), (0.3, 0.4, 1))
    show(view, dataset_of(drawn))
    assert drawing.field.points() == drawn


# -- the panel -------------------------------------------------------------------------------------------------------


def test_it_is_closed_by_button_and_by_esc(view, heard, qtbot):
    qtbot.mouseClick(view._close, LEFT)
    view.tabs.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view.tabs, Qt.Key.Key_Escape)
    assert heard == [("closed",), ("closed",)]


def test_tabs_are_reached_by_arrow_keys(view, qtbot):
    view.tabs.setFocus(Qt.FocusReason.TabFocusReason)
    for index in (MY_FILE, DRAW):
        qtbot.keyClick(view.tabs, Qt.Key.Key_Right)
        assert view._pages.currentWidget() is (view.built_in, view.file, view.draw)[index]
    qtbot.keyClick(view.tabs, Qt.Key.Key_Home)
    assert view.tabs.index() == BUILT_IN


def test_while_it_is_hidden_it_does_nothing(view, qtbot):
    view.hide()
    show(view, made(SOURCES["moons"].recipe))
    assert view.built_in.cards.card("spirals").is_chosen()
    view.show()
    assert view.built_in.cards.card("moons").is_chosen()


@pytest.mark.parametrize("width", [300, 320, 352, 380, 520])
def test_nothing_reaches_beyond_the_panel(view, page, width, qtbot):
    view.resize(width, 588)
    for index in (BUILT_IN, MY_FILE, DRAW):
        view.show_tab(index)
        QApplication.processEvents()
        current = view._pages.currentWidget()
        scroll = current._scroll if index == MY_FILE else current
        assert scroll.widget().width() <= width
        for part in (*current.findChildren(type(view.tabs)), view.tabs):
            assert part.mapTo(view, QPoint(part.width(), 0)).x() <= width - 20
    assert all(child.accessibleName() for child in view.findChildren(type(view._close)))
