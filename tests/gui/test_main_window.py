"""The window: its start page, titles, themes, Find, the sheet of keys, toasts and panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.gui.conftest import LEFT
from visualnn import __version__
from visualnn.gui import theme
from visualnn.gui.main_window import first_size
from visualnn.gui.widgets.sheet import MOST_ROWS
from visualnn.scene.frame import Place

AC = Place("weight", 1, 0, 0)


def pixel(widget, x: int, y: int) -> str:
    """The colour of one pixel."""
    return widget.grab(QRect(x, y, 1, 1)).toImage().pixelColor(0, 0).name()


def found(learner) -> list[str]:
    return [hit.entry.text for hit in learner.window.sheets.find.hits()]


# -- the start page ----------------------------------------------------------------------------------------------------


def test_it_begins_on_the_start_page(learner):
    assert learner.window.pages.currentWidget() is learner.window.start
    assert not learner.window.showing_document
    assert learner.window.windowTitle() == "VisualNN"


def test_just_look_around_opens_the_adder_standing_still(learner):
    learner.push(learner.window.start._page.hero.look_button)
    assert learner.window.showing_document
    assert learner.project.name == "Add two numbers"
    assert learner.player.t == 0
    assert not learner.player.playing
    assert learner.stage.hasFocus()
    assert learner.window.windowTitle() == "Add two numbers[*] – VisualNN"


@pytest.mark.parametrize(
    ("example", "name"),
    [("adder", "Add two numbers"), ("xor", "XOR"), ("circles", "Circles"), ("backprop", "Backprop by hand")],
)
def test_a_card_opens_its_example(learner, example, name):
    cards = {name: card for card, name in learner.window.start._page._examples.items()}
    learner.push(cards[example])
    assert learner.window.showing_document
    assert learner.project.name == name
    assert learner.subtitle


def test_alt_home_goes_back(adder):
    adder.press("Space", "Alt+Home")
    assert adder.window.pages.currentWidget() is adder.window.start
    assert not adder.player.playing
    assert adder.window.windowTitle() == "VisualNN"


def test_the_logo_goes_back_too(adder):
    adder.push(adder.page.top_bar.home)
    assert not adder.window.showing_document


def test_the_way_back_to_the_document(adder):
    adder.press("Alt+Home")
    before = adder.project
    adder.window.go_to_document()
    assert adder.window.showing_document
    assert adder.project is before


def test_without_a_document_there_is_no_way_to_it(learner):
    learner.window.go_to_document()
    assert not learner.window.showing_document


@pytest.mark.parametrize("key", ["Right", "Left", "Home", "End", "1", "Ctrl+1", "Ctrl+2", "R", "F2", "Ctrl+S"])
def test_on_the_start_page_the_documents_keys_do_nothing(adder, key):
    adder.press("Alt+Home")
    before = adder.project
    adder.press(key)
    assert adder.project is before
    assert adder.player.t == 0
    assert adder.page.mode == 0
    assert not adder.window.showing_document


def test_the_start_page_can_be_walked_by_tab(learner):
    seen = set()
    for _ in range(13):
        learner.press(Qt.Key.Key_Tab)
        seen.add(learner.window.focusWidget())
    page = learner.window.start._page
    assert {page.hero.start_button, page.hero.look_button, *page._examples, page.theme_button} <= seen


# -- the title ---------------------------------------------------------------------------------------------------------


def test_a_change_is_marked_in_the_title(adder):
    adder.drag(AC, 40)
    assert adder.window.isWindowModified()
    adder.press("Ctrl+Z")
    assert not adder.window.isWindowModified()


def test_on_the_start_page_nothing_is_marked(adder):
    adder.drag(AC, 40)
    adder.press("Alt+Home")
    assert not adder.window.isWindowModified()
    adder.window.go_to_document()
    assert adder.window.isWindowModified()


# -- undo and toasts ---------------------------------------------------------------------------------------------------


def test_undo_says_what_it_took_back_and_offers_redo(adder):
    adder.drag(AC, 40)
    after = adder.project
    adder.press("Ctrl+Z")
    assert adder.window.toast.text() == "Undone: Weight a→c."
    adder.window.toast.trigger()
    assert adder.project is after


def test_undo_without_anything_to_undo(adder):
    adder.press("Ctrl+Z", "Ctrl+Y")
    assert adder.window.toast.text() == ""


# -- themes ------------------------------------------------------------------------------------------------------------


def test_the_themes_repaint_everything(adder):
    corners = {"stage": (adder.stage, 3, 3), "bar": (adder.page.transport, 3, 30), "top": (adder.page.top_bar, 400, 4)}
    roles = {"stage": "canvas", "bar": "panel", "top": "panel"}
    for mode in ("light", "dark", "light"):
        adder.window.set_theme(mode)
        tokens = theme.load(mode)
        for name, (widget, x, y) in corners.items():
            assert pixel(widget, x, y) == tokens.color(roles[name]).name()
        assert adder.window.preferences.theme == mode


def test_the_frame_takes_the_colours_of_the_theme(adder):
    dark = {box.fill for box in adder.stage.frame().items if hasattr(box, "fill")}
    adder.window.set_theme("light")
    light = {box.fill for box in adder.stage.frame().items if hasattr(box, "fill")}
    assert not dark & light - {None}


def test_the_start_page_has_a_switch(learner):
    start = learner.window.start._page
    dark = pixel(learner.window, 3, 400)
    learner.push(start.theme_button)
    assert learner.window.preferences.theme == "light"
    assert pixel(learner.window, 3, 400) != dark


def test_the_theme_can_follow_the_system(adder):
    adder.window.set_theme("light")
    adder.window.actions_table.run("theme_system")
    assert adder.window.preferences.theme == "system"
    assert adder.window.look.mode == "system"
    expected = "light" if QApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else "dark"
    assert adder.window.look.theme.name == expected


def test_a_change_of_theme_keeps_the_place(adder):
    adder.player.seek(10)
    adder.window.toggle_theme()
    assert adder.player.t == 10
    assert adder.subtitle.startswith("ReLU clips −1.83 to 0")
    adder.press("Ctrl+2")
    adder.window.toggle_theme()
    assert adder.page.mode == 1


# -- Find --------------------------------------------------------------------------------------------------------------


def search(learner, text: str) -> None:
    learner.press("Ctrl+K")
    assert learner.window.sheets.find.isVisible()
    learner.type(text)


def test_find_train(adder):
    search(adder, "train")
    assert found(adder)[0] == "Train mode"
    adder.press("Return")
    assert not adder.window.sheets.find.isVisible()
    assert adder.page.mode == 1
    assert adder.subtitle.startswith("Random weights")


def test_find_a_neuron(adder):
    search(adder, "neuron d")
    adder.press("Return")
    assert adder.stage.selected == Place("neuron", 1, 1)
    assert adder.page.inspector.accessibleName().startswith("Neuron d")
    assert adder.stage.hasFocus()


def test_a_letter_finds_its_neuron(adder):
    search(adder, "d")
    row = found(adder).index("Neuron d")
    assert row < MOST_ROWS
    adder.press(*[Qt.Key.Key_Down] * row, "Return")
    assert adder.stage.selected == Place("neuron", 1, 1)


def test_find_a_weight(adder):
    search(adder, "b→c")
    adder.press("Return")
    assert adder.stage.selected == Place("weight", 1, 0, 1)


def test_find_a_rate(adder):
    adder.press("Ctrl+2")
    search(adder, "rate 0.03")
    assert found(adder)[0] == "Set learning rate to 0.03"
    adder.press("Return")
    assert adder.project.options.optimizer.rate == 0.03
    assert adder.page.training.field("Learning rate").value() == 0.03
    assert adder.window.workspace.stack.undoText() == "Learning rate"


@pytest.mark.parametrize("text", ["rate 0", "rate -1", "rate 1e9", "rate x", "rate 1.2.3"])
def test_a_rate_that_cannot_be_is_not_offered(adder, text):
    search(adder, text)
    assert not any(entry.startswith("Set learning rate") for entry in found(adder))


def test_find_an_example(learner):
    search(learner, "circles")
    learner.press("Return")
    assert learner.project.name == "Circles"


def test_on_the_start_page_there_are_no_neurons_to_find(adder):
    adder.press("Alt+Home")
    search(adder, "neuron")
    assert "Neuron d" not in found(adder)


def test_a_disabled_entry_says_why_and_does_nothing(learner):
    search(learner, "step mode")
    entry = learner.window.sheets.find.current()
    assert not entry.enabled
    assert entry.detail == "Open a network first."
    learner.press("Return")
    assert not learner.window.showing_document


def test_escape_leaves_find_and_gives_the_focus_back(adder):
    search(adder, "xyzzy")
    assert found(adder) == []
    adder.press("Escape")
    assert not adder.window.sheets.find.isVisible()
    assert adder.stage.hasFocus()
    adder.press("Right")
    adder.rest()
    assert adder.player.t == 1


def test_slash_opens_find_and_keys_do_not_leak_through(adder):
    adder.press("/")
    assert adder.window.sheets.find.isVisible()
    adder.press("Space", "Ctrl+2", "F2")
    assert not adder.player.playing
    assert adder.page.mode == 0
    assert adder.page.panel.isVisible()


def test_the_button_opens_find(adder):
    adder.push(adder.page.top_bar.find)
    assert adder.window.sheets.find.isVisible()


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_sheet_of_keys(adder):
    adder.press("?")
    assert adder.window.sheets.keys.isVisible()
    assert not adder.window.sheets.keys.grab().isNull()
    adder.press("Escape")
    assert not adder.window.sheets.keys.isVisible()
    assert adder.stage.hasFocus()


# -- the panel ---------------------------------------------------------------------------------------------------------


def test_f2_folds_the_panel(adder):
    wide = adder.stage.width()
    adder.press("F2")
    assert not adder.page.panel.isVisible()
    adder.qtbot.waitUntil(lambda: adder.stage.width() > wide + 300)
    adder.press("F2")
    assert adder.page.panel.isVisible()
    adder.qtbot.waitUntil(lambda: adder.stage.width() == wide)


def test_the_panel_shows_what_belongs_to_the_mode(adder):
    assert adder.page.inspector.isVisible()
    assert not adder.page.loss.isVisible()
    adder.press("Ctrl+2")
    assert not adder.page.inspector.isVisible()
    assert adder.page.loss.isVisible()
    assert adder.page.training.isVisible()
    adder.press("Ctrl+1")
    assert adder.page.python.isVisible()


def test_the_mode_switch_can_be_clicked(adder):
    modes = adder.page.top_bar.modes
    adder.qtbot.mouseClick(modes, LEFT, pos=modes.segment_rect(1).center().toPoint())
    assert adder.page.mode == 1
    adder.qtbot.mouseClick(modes, LEFT, pos=modes.segment_rect(0).center().toPoint())
    assert adder.page.mode == 0


def test_a_neuron_clicked_in_train_mode_is_explained_in_step_mode(adder):
    adder.press("Ctrl+2")
    adder.click(Place("neuron", 1, 1))
    assert adder.page.mode == 0
    assert adder.stage.selected == Place("neuron", 1, 1)
    assert adder.page.inspector.accessibleName().startswith("Neuron d")


# -- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(960, 640), (1024, 700), (1280, 800), (1920, 1080)])
def test_it_can_be_painted_at_any_size(adder, size):
    adder.window.resize(*size)
    for mode in ("Ctrl+1", "Ctrl+2"):
        adder.press(mode)
        QApplication.processEvents()
        assert not adder.window.grab().isNull()
        assert adder.stage.width() >= 500
    adder.press("Alt+Home")
    assert not adder.window.grab().isNull()


def test_a_picture_of_the_stage(adder, tmp_path, monkeypatch):
    exporter, run = adder.window.exports.exporter, adder.window.actions_table.run
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "stage"), ""))
    run("export_png")
    adder.until(lambda: not exporter.busy)
    assert (tmp_path / "stage.png").read_bytes().startswith(b"\x89PNG")
    assert adder.window.toast.text() == "Saved as stage.png."
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    run("export_png")
    assert not exporter.busy


def test_without_a_document_there_is_no_picture(learner):
    assert not learner.window.actions_table.run("export_png")


def test_about_names_the_version(adder):
    adder.window.actions_table.run("about")
    sheet = adder.window.sheets.about
    assert sheet.isVisible()
    assert __version__ in sheet.title


def test_esc_on_the_start_page_leads_back_to_the_document(adder):
    adder.press("End", "Alt+Home")
    assert not adder.window.showing_document
    adder.press("Esc")
    assert adder.window.showing_document
    assert adder.page.player.t == adder.page.player.length


def test_the_keyboard_alone_suffices(learner):
    learner.press(Qt.Key.Key_Tab)
    for _ in range(12):
        if learner.window.focusWidget() is learner.window.start._page.hero.look_button:
            break
        learner.press(Qt.Key.Key_Tab)
    learner.press("Return")
    assert learner.window.showing_document
    learner.press("Up", "Return")
    learner.type("5")
    learner.press("Return", "End", "Ctrl+Z", "Ctrl+2", "Right")
    learner.learn()
    assert learner.trainer.snapshot.update == 1


def test_the_panel_keeps_the_width_it_was_given(adder):
    edge = adder.page.panel._edge
    start = QPoint(3, 200)
    before = adder.page.panel.width()
    adder.qtbot.mousePress(edge, LEFT, pos=start)
    adder.pull(start - QPoint(60, 0), widget=edge)
    adder.qtbot.mouseRelease(edge, LEFT)
    assert adder.page.panel.width() == pytest.approx(before + 60, abs=4)
    assert adder.window.preferences.panel_width == adder.page.panel.width()
    adder.qtbot.mouseDClick(edge, LEFT, pos=start)
    assert adder.page.panel.width() == before
    assert adder.window.preferences.panel_width == 0


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        ((1920, 1040), (1280, 800)),
        ((1280, 680), (1280, 640)),  # 1920 × 1080 at 150 %, with a task bar
        ((1066, 700), (1066, 660)),
        ((800, 600), (960, 640)),
    ],
)
def test_at_first_the_window_is_no_larger_than_the_screen(screen, size):
    assert first_size(QSize(*screen)) == QSize(*size)
