"""Files: saved, opened, dropped, remembered; nothing is lost without a question, nothing changes when a file is bad."""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from tests.gui.conftest import LEFT, NOTHING, Learner
from visualnn import settings
from visualnn.files import examples, native
from visualnn.files.foreign import plain_json
from visualnn.gui import documents, edits
from visualnn.nn.data import Recipe
from visualnn.scene.frame import Place

AC = Place("weight", 1, 0, 0)
SAVE, DISCARD, CANCEL = (getattr(QMessageBox.StandardButton, name) for name in ("Save", "Discard", "Cancel"))
YES, OPEN = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Open


@pytest.fixture
def dialogs(monkeypatch):
    """What the file dialogs are answered."""
    answers = {"open": "", "save": ""}
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (answers["open"], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (answers["save"], ""))
    return answers


@pytest.fixture
def saved(adder, dialogs, tmp_path) -> Path:
    """The adder, saved under a name of its own."""
    path = tmp_path / "mine.vnn"
    dialogs["save"] = str(path)
    adder.press("Ctrl+S")
    adder.window.documents.settle()
    return path


def drop(window, *paths: Path) -> bool:
    """Drop files on the window; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    position = QPointF(100, 100)
    actions = Qt.DropAction.CopyAction
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Qt 6.12 has another way
        enter = QDragEnterEvent(position.toPoint(), actions, data, LEFT, NOTHING)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(position, actions, data, LEFT, NOTHING))
    return True


# -- saving ------------------------------------------------------------------------------------------------------------


def test_the_first_save_asks_where_and_names_the_document(adder, saved):
    assert native.read(saved).name == "mine"
    assert adder.project.name == "mine"
    assert adder.window.windowTitle() == "mine[*] – VisualNN"
    assert not adder.window.isWindowModified()
    assert not adder.window.workspace.dirty
    assert adder.window.toast.text() == "Saved as mine.vnn."


def test_later_saves_ask_nothing(adder, saved, dialogs):
    dialogs["save"] = ""
    adder.drag(AC, 40)
    assert adder.window.isWindowModified()
    adder.press("Ctrl+S")
    assert not adder.window.isWindowModified()
    np.testing.assert_array_equal(native.read(saved).parameters, adder.project.parameters)


def test_save_as_leaves_the_old_file_alone(adder, saved, dialogs, tmp_path):
    before = saved.read_bytes()
    adder.drag(AC, 40)
    dialogs["save"] = str(tmp_path / "other.vnn")
    adder.press("Ctrl+Shift+S")
    assert saved.read_bytes() == before
    assert adder.project.name == "other"
    assert adder.window.workspace.path == tmp_path / "other.vnn"


@pytest.mark.parametrize(("typed", "name"), [("plain", "plain.vnn"), ("rate 0.1", "rate 0.1.vnn"), ("x.VNN", "x.VNN")])
def test_the_suffix_is_added(adder, dialogs, tmp_path, typed, name):
    dialogs["save"] = str(tmp_path / typed)
    adder.press("Ctrl+S")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_cancelled_dialog_saves_nothing(adder, dialogs, tmp_path):
    adder.drag(AC, 40)
    adder.press("Ctrl+S")
    assert adder.window.workspace.dirty
    assert adder.window.workspace.path is None


def test_a_folder_that_is_gone_gives_one_sentence(adder, dialogs, tmp_path):
    dialogs["save"] = str(tmp_path / "nowhere" / "mine.vnn")
    adder.press("Ctrl+S")
    assert adder.window.toast.text()
    assert "\n" not in adder.window.toast.text()
    assert adder.window.workspace.path is None


def test_undo_after_saving_is_a_change(adder, saved):
    adder.drag(AC, 40)
    adder.press("Ctrl+S", "Ctrl+Z")
    assert adder.window.workspace.dirty
    adder.press("Ctrl+Y")
    assert not adder.window.workspace.dirty


def test_a_run_goes_on_while_the_newest_of_its_weights_are_saved(adder, saved):
    adder.press("Ctrl+2", "Space")
    adder.until(lambda: adder.trainer.snapshot.update >= 2)
    adder.press("Ctrl+S")
    assert adder.trainer.running
    np.testing.assert_array_equal(native.read(saved).parameters, adder.trainer.snapshot.parameters)
    assert adder.window.workspace.dirty
    adder.press("Space", "Ctrl+S")
    assert not adder.trainer.running
    assert not adder.window.workspace.dirty
    np.testing.assert_array_equal(native.read(saved).parameters, adder.project.parameters)


def test_a_run_that_goes_on_is_brought_home_before_its_document_is_left(adder, saved, questions):
    adder.press("Ctrl+2", "Space")
    adder.until(lambda: adder.trainer.snapshot.update >= 2)
    adder.press("Ctrl+S")
    questions.answers = [CANCEL, SAVE]
    assert not adder.window.open_document("xor")
    assert not adder.trainer.running
    home = adder.project.parameters
    assert adder.window.open_document("xor")
    assert questions.asked == ["Save the changes to “mine”?"] * 2
    np.testing.assert_array_equal(native.read(saved).parameters, home)


def test_a_run_that_could_not_be_saved_is_still_a_change(adder, saved, monkeypatch):
    adder.drag(AC, 40)
    adder.press("Ctrl+2", "Space")
    adder.until(lambda: adder.trainer.snapshot.update >= 2)
    Gate(monkeypatch, OSError(28, "No space left on device")).open()
    adder.press("Ctrl+S")
    assert "cannot be saved" in adder.window.toast.text()
    assert adder.trainer.running
    assert adder.window.workspace.dirty
    adder.trainer.pause_now()


def test_the_name_that_was_saved_under_is_no_step_of_undo(adder, dialogs, tmp_path):
    adder.drag(AC, 40)
    before = adder.window.workspace.stack.count()
    dialogs["save"] = str(tmp_path / "mine.vnn")
    adder.press("Ctrl+S")
    assert adder.window.workspace.stack.count() == before == 1
    adder.press("Ctrl+Z")
    assert adder.project.name == "mine"
    assert adder.window.workspace.dirty
    adder.press("Ctrl+Y")
    assert adder.project.name == "mine"
    assert not adder.window.workspace.dirty


def test_a_document_that_was_saved_first_has_nothing_to_undo(adder, saved):
    assert not adder.window.workspace.stack.canUndo()


def test_a_file_keeps_its_name_when_other_data_are_chosen(learner, dialogs, tmp_path):
    learner.window.open_document("circles")
    dialogs["save"] = str(tmp_path / "Circles.vnn")
    learner.press("Ctrl+S")
    learner.page.editor.apply(edits.with_other_recipe(Recipe("spirals")))
    assert learner.project.data.name == "spirals"
    assert learner.project.name == "Circles"


@pytest.mark.parametrize("beside", ["a model", "a file"])
def test_where_to_save_is_proposed_beside_what_was_opened(adder, monkeypatch, tmp_path, beside):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *given: (asked.append(given[2]), ("", ""))[1])
    path = tmp_path / ("theirs.json" if beside == "a model" else "theirs.vnn")
    if beside == "a model":
        path.write_bytes(plain_json.content(examples.load("xor")))
    else:
        native.write(path, examples.load("xor"))
    adder.window.documents.folder = str(tmp_path / "elsewhere")
    adder.window.open_document(str(path))
    adder.press("Ctrl+Shift+S")
    assert Path(asked.pop()).parent == tmp_path
    adder.window.open_document("xor")
    adder.press("Ctrl+S")
    assert Path(asked.pop()).parent == tmp_path / "elsewhere"


# -- opening -----------------------------------------------------------------------------------------------------------


def test_what_was_saved_is_opened_again(adder, saved, dialogs):
    adder.drag(AC, 40)
    adder.press("Ctrl+S")
    parameters = adder.project.parameters
    adder.window.open_document("xor")
    dialogs["open"] = str(saved)
    adder.press("Ctrl+O")
    np.testing.assert_array_equal(adder.project.parameters, parameters)
    assert adder.window.windowTitle() == "mine[*] – VisualNN"
    assert adder.player.t == 0
    assert not adder.window.workspace.stack.canUndo()


def test_a_cancelled_dialog_opens_nothing(adder, dialogs):
    before = adder.project
    adder.press("Ctrl+O")
    assert adder.project is before


def test_an_example_lies_nowhere_even_beside_a_file_of_its_name(learner, tmp_path, monkeypatch):
    (tmp_path / "adder").write_text("mine")
    monkeypatch.chdir(tmp_path)
    learner.window.open_document("adder")
    assert learner.window.workspace.path is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a network", b"{}" * 1000])
def test_a_broken_file_gives_one_sentence_and_changes_nothing(adder, tmp_path, content):
    path = tmp_path / "broken.vnn"
    path.write_bytes(content)
    adder.drag(AC, 40)
    before = adder.project
    assert not adder.window.open_document(str(path))
    assert adder.project is before
    assert adder.window.workspace.dirty
    text = adder.window.toast.text()
    assert "broken.vnn" in text
    assert "\n" not in text
    assert str(path) not in adder.window.preferences.recent


def test_a_missing_file_is_named(learner, tmp_path):
    assert not learner.window.open_document(str(tmp_path / "gone.vnn"))
    assert "gone.vnn" in learner.window.toast.text()
    assert not learner.window.showing_document


def test_a_file_that_was_copied_is_called_by_its_new_name(adder, saved, tmp_path, questions):
    work = tmp_path / "work.vnn"
    work.write_bytes(saved.read_bytes())
    adder.window.open_document(str(work))
    assert adder.window.windowTitle() == "work[*] – VisualNN"
    assert not adder.window.workspace.dirty
    assert not adder.window.workspace.stack.canUndo()
    adder.drag(AC, 40)
    assert adder.window.recovery._note(adder.window.work()).name == "work"
    questions.answers = [SAVE]
    adder.window.open_document("xor")
    assert questions.asked == ["Save the changes to “work”?"]
    assert native.read(work).name == "work"
    assert native.read(saved).name == "mine"


def test_what_was_said_about_one_document_is_not_said_about_the_next(adder, saved, tmp_path):
    window = adder.window
    window.say("Layer removed.", "Undo", window.undo)
    window.open_document("xor")
    assert window.toast.text() == ""
    assert not window.toast.isVisible()
    window.open_document(str(tmp_path / "gone.vnn"))
    assert "gone.vnn" in window.toast.text()
    model = tmp_path / "model.json"
    model.write_bytes(plain_json.content(examples.load("xor")))
    window.open_document(str(model))
    assert window.toast.text() == "Opened model.json."


# -- questions ---------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_without_changes(adder, questions):
    adder.window.open_document("xor")
    assert adder.project.name == "XOR"
    assert questions.asked == []


def test_cancel_keeps_the_document(adder, questions):
    questions.answers = [CANCEL]
    adder.drag(AC, 40)
    before = adder.project
    assert not adder.window.open_document("xor")
    assert adder.project is before
    assert questions.asked == ["Save the changes to “Add two numbers”?"]


def test_discard_opens_the_other(adder, questions):
    questions.answers = [DISCARD]
    adder.drag(AC, 40)
    assert adder.window.open_document("xor")
    assert not adder.window.workspace.dirty


def test_save_saves_first(adder, questions, dialogs, tmp_path):
    questions.answers = [SAVE]
    dialogs["save"] = str(tmp_path / "kept.vnn")
    adder.drag(AC, 40)
    parameters = adder.project.parameters
    assert adder.window.open_document("xor")
    np.testing.assert_array_equal(native.read(tmp_path / "kept.vnn").parameters, parameters)
    assert adder.project.name == "XOR"


def test_save_and_then_cancel_keeps_the_document(adder, questions, dialogs):
    questions.answers = [SAVE]
    adder.drag(AC, 40)
    assert not adder.window.open_document("xor")
    assert adder.project.name == "Add two numbers"


@pytest.mark.parametrize(("answer", "closes"), [(CANCEL, False), (DISCARD, True)])
def test_closing_asks_too(adder, questions, answer, closes):
    questions.answers = [answer]
    adder.drag(AC, 40)
    assert adder.window.close() is closes
    assert adder.window.isVisible() is not closes
    adder.window.workspace.stack.setClean()


# -- what is remembered ------------------------------------------------------------------------------------------------


def test_recent_files_are_offered(adder, saved):
    assert adder.window.preferences.recent == (str(saved),)
    adder.press("Alt+Home")
    cards = adder.window.start._page._files
    assert list(cards.values()) == [str(saved)]
    adder.window.open_document("xor")
    adder.press("Alt+Home")
    adder.push(next(iter(adder.window.start._page._files)))
    assert adder.project.name == "mine"
    assert adder.window.showing_document


def test_models_of_other_tools_are_offered_again(adder, tmp_path):
    model = tmp_path / "theirs.json"
    model.write_bytes(plain_json.content(examples.load("xor")))
    adder.window.open_document(str(model))
    assert adder.window.preferences.recent == (str(model),)
    adder.press("Alt+Home")
    (card,) = adder.window.start._page._files
    assert card.accessibleName() == "theirs.json"
    adder.window.open_document("adder")
    adder.press("Alt+Home")
    adder.push(next(iter(adder.window.start._page._files)))
    assert adder.project.network.sizes == examples.load("xor").network.sizes
    assert adder.window.workspace.path is None
    adder.window.open_document("adder")
    adder.window.sheets.choose(f"file:{model}")
    assert adder.project.network.sizes == examples.load("xor").network.sizes


def test_settings_are_written_and_read(open_window, stopped_clock, settings_path, tmp_path):
    window = open_window(remember=True)
    window.open_document("adder")
    window.resize(960, 690)
    window.page.set_speed(4.0)
    window.set_theme("light")
    window.set_decimals(4)
    window.close()
    kept = settings.load(settings_path)
    assert (kept.theme, kept.decimals, kept.speed) == ("light", 4, 4.0)
    again = open_window(kept)
    assert (again.width(), again.height()) == (960, 690)
    assert again.page.player.speed == 4.0
    assert again.page.decimals == 4
    assert again.look.theme.name == "light"


def test_full_speed_is_not_kept(open_window, stopped_clock, settings_path):
    window = open_window(remember=True)
    window.page.player.set_speed(float("inf"))
    window.close()
    assert settings.load(settings_path).speed == 1.0


def test_without_remembering_nothing_is_written(adder, saved, settings_path):
    adder.window.set_theme("light")
    adder.window.close()
    assert not settings_path.exists()


def test_a_geometry_that_makes_no_sense_is_ignored(open_window, stopped_clock):
    window = open_window(settings.Settings(theme="dark", geometry="00ff"))
    assert (window.width(), window.height()) == (1280, 800)


# -- dropping ----------------------------------------------------------------------------------------------------------


def test_a_dropped_file_is_opened(adder, saved):
    adder.window.open_document("xor")
    assert drop(adder.window, saved)
    assert adder.project.name == "mine"


def test_a_file_can_be_dropped_on_the_start_page(learner, adder, saved):
    learner.press("Alt+Home")
    assert drop(learner.window, saved)
    assert learner.window.showing_document


def test_only_one_network_at_a_time(adder, saved, tmp_path):
    other = tmp_path / "picture.png"
    other.write_text("hello")
    assert not drop(adder.window, other)
    assert not drop(adder.window, saved, saved)
    assert not drop(adder.window)


def test_a_dropped_broken_file_changes_nothing(adder, tmp_path):
    path = tmp_path / "broken.vnn"
    path.write_bytes(b"nonsense")
    before = adder.project
    drop(adder.window, path)
    assert adder.project is before
    assert "broken.vnn" in adder.window.toast.text()


def test_an_ending_that_was_added_does_not_replace_a_file_unasked(adder, questions, monkeypatch, tmp_path):
    taken = tmp_path / "mine.vnn"
    taken.write_bytes(b"precious")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    questions.answers = [QMessageBox.StandardButton.Cancel]
    assert not adder.window.documents.ask_save()
    assert taken.read_bytes() == b"precious"
    questions.answers = [QMessageBox.StandardButton.Yes]
    assert adder.window.documents.ask_save()
    assert taken.read_bytes() != b"precious"


# -- two windows on one file -------------------------------------------------------------------------------------------


@pytest.fixture
def second(open_window, saved, stopped_clock, qtbot) -> Learner:
    """Somebody at another window; in the first, which knows of it, the adder is open in a file of its own."""
    first = open_window(settings.Settings(theme="dark", reduced_motion="on"), remember=True)
    first.open_document(str(saved))
    other = open_window(settings.Settings(theme="dark", reduced_motion="on"), remember=True)
    other.first = first
    return Learner(other, qtbot)


ELSEWHERE = "“mine.vnn” is open in another window. What is saved last, there or here, wins."


def test_a_file_that_is_open_elsewhere_is_opened_anyway(second, saved, questions):
    questions.answers = [YES]
    assert second.window.open_document(str(saved))
    assert questions.asked == [ELSEWHERE]
    assert second.window.workspace.path == saved


def test_a_file_that_is_open_elsewhere_is_opened_as_a_copy(second, saved, questions, dialogs, tmp_path):
    questions.answers = [OPEN]
    before = saved.read_bytes()
    assert second.window.open_document(str(saved))
    assert second.project.name == "mine copy"
    assert second.window.workspace.path is None
    second.drag(AC, 40)
    dialogs["save"] = str(tmp_path / "mine copy.vnn")
    second.press("Ctrl+S")
    assert saved.read_bytes() == before
    assert native.read(tmp_path / "mine copy.vnn").name == "mine copy"


def test_a_file_that_is_open_elsewhere_is_not_opened(second, saved, questions):
    questions.answers = [CANCEL]
    assert not second.window.open_document(str(saved))
    assert second.project is None


def test_a_file_is_the_same_under_another_name(second, saved, questions, tmp_path):
    (tmp_path / "link.vnn").symlink_to(saved)
    questions.answers = [CANCEL]
    assert not second.window.open_document(str(tmp_path / "link.vnn"))
    assert questions.asked == ["“link.vnn” is open in another window. What is saved last, there or here, wins."]


def test_the_same_window_may_open_its_file_again(second, saved):
    assert second.window.first.open_document(str(saved))


def test_a_file_that_another_window_has_closed_is_free(second, saved):
    assert second.window.first.open_document("xor")
    assert second.window.open_document(str(saved))


def test_a_file_of_a_window_that_is_closed_is_free(second, saved):
    second.window.first.close()
    assert second.window.open_document(str(saved))


def test_a_file_that_is_saved_under_a_new_name_is_open_there(second, questions, dialogs, tmp_path):
    dialogs["save"] = str(tmp_path / "new.vnn")
    assert second.window.first.documents.ask_save()
    questions.answers = [CANCEL]
    assert not second.window.open_document(str(tmp_path / "new.vnn"))
    assert second.window.open_document(str(tmp_path / "mine.vnn"))


# -- files that others change ------------------------------------------------------------------------------------------

CHANGED = "“mine.vnn” was changed by another program since you opened it."


def test_a_file_that_another_program_changed_is_kept(adder, saved, questions):
    native.write(saved, examples.load("xor"))
    adder.drag(AC, 40)
    questions.answers = [CANCEL]
    adder.press("Ctrl+S")
    assert questions.asked == [CHANGED]
    assert adder.window.workspace.dirty
    assert native.read(saved).name == "XOR"


def test_a_file_that_another_program_changed_is_replaced_and_then_not_asked_about(adder, saved, questions):
    native.write(saved, examples.load("xor"))
    questions.answers = [YES]
    for _ in range(2):
        adder.drag(AC, 40)
        adder.press("Ctrl+S")
        np.testing.assert_array_equal(native.read(saved).parameters, adder.project.parameters)
    assert questions.asked == [CHANGED]


def test_a_file_that_another_program_changed_is_left_and_the_document_saved_elsewhere(
    adder, saved, questions, dialogs, tmp_path
):
    native.write(saved, examples.load("xor"))
    questions.answers = [SAVE]
    dialogs["save"] = str(tmp_path / "other.vnn")
    adder.press("Ctrl+S")
    assert native.read(saved).name == "XOR"
    assert adder.window.workspace.path == tmp_path / "other.vnn"


def test_a_file_that_is_gone_is_saved_there_again(adder, saved, questions):
    saved.unlink()
    adder.drag(AC, 40)
    questions.answers = [CANCEL, YES]
    adder.press("Ctrl+S")
    assert not saved.exists()
    adder.press("Ctrl+S")
    assert questions.asked == ["“mine.vnn” is no longer where it was."] * 2
    np.testing.assert_array_equal(native.read(saved).parameters, adder.project.parameters)


def test_a_file_that_was_only_touched_is_not_asked_about(adder, saved):
    for _ in range(2):
        adder.window.documents._reader.wait()
        QCoreApplication.processEvents()
        os.utime(saved, ns=(1, 1))
        adder.drag(AC, 40)
        adder.press("Ctrl+S")
        assert not adder.window.workspace.dirty
        adder.window.open_document(str(saved))


# -- saving beside the window ------------------------------------------------------------------------------------------


class Gate:
    """Holds up what is being written until it is let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None):
        self.begun, self._open = threading.Event(), threading.Event()
        self._put, self._error = native.put, error
        monkeypatch.setattr(native, "put", self._wait)

    def _wait(self, *given: object) -> None:
        self.begun.set()
        assert self._open.wait(20)
        if self._error is not None:
            raise self._error
        self._put(*given)

    def open(self) -> None:
        """Let it through."""
        self._open.set()


@pytest.fixture
def slow(monkeypatch) -> None:
    """Every document takes a while."""
    monkeypatch.setattr(documents, "SMALL", 0)


@pytest.mark.usefixtures("slow")
def test_what_takes_a_while_is_saved_while_the_window_goes_on(adder, saved, monkeypatch, qtbot):
    gate = Gate(monkeypatch)
    adder.drag(AC, 40)
    written = adder.project.parameters
    adder.press("Ctrl+S")
    assert adder.window.toast.text() == "Saving mine.vnn…"
    assert adder.window.workspace.dirty
    adder.drag(AC, 40)
    gate.open()
    qtbot.waitUntil(lambda: adder.window.toast.text() == "Saved as mine.vnn.")
    np.testing.assert_array_equal(native.read(saved).parameters, written)
    assert adder.window.workspace.dirty  # what came after it is not saved
    adder.press("Ctrl+Z")
    assert not adder.window.workspace.dirty  # and this is what was


@pytest.mark.usefixtures("slow")
def test_a_new_name_belongs_to_what_was_saved_under_it(adder, dialogs, tmp_path, monkeypatch, qtbot):
    gate = Gate(monkeypatch)
    dialogs["save"] = str(tmp_path / "mine.vnn")
    adder.press("Ctrl+S")
    adder.drag(AC, 40)
    gate.open()
    qtbot.waitUntil(lambda: adder.window.workspace.path == tmp_path / "mine.vnn")
    assert adder.project.name == "mine"
    assert adder.window.workspace.dirty
    assert native.read(tmp_path / "mine.vnn").name == "mine"


@pytest.mark.usefixtures("slow")
def test_what_could_not_be_saved_is_still_a_change(adder, saved, monkeypatch, qtbot):
    gate = Gate(monkeypatch, OSError(28, "No space left on device"))
    before = saved.read_bytes()
    adder.drag(AC, 40)
    adder.press("Ctrl+S")
    gate.open()
    qtbot.waitUntil(lambda: "cannot be saved" in adder.window.toast.text())
    assert adder.window.toast.text() == "“mine.vnn” cannot be saved: no space left on device."
    assert adder.window.workspace.dirty
    assert saved.read_bytes() == before


def test_a_document_that_was_clean_is_clean_when_saving_it_failed(adder, saved, monkeypatch):
    gate = Gate(monkeypatch, OSError(28, "No space left on device"))
    gate.open()
    adder.press("Ctrl+S")
    assert "cannot be saved" in adder.window.toast.text()
    assert not adder.window.workspace.dirty
    assert not adder.window.isWindowModified()


@pytest.mark.usefixtures("slow")
def test_leaving_waits_for_what_is_being_saved(adder, saved, monkeypatch, questions):
    gate = Gate(monkeypatch)
    adder.drag(AC, 40)
    written = adder.project.parameters
    adder.press("Ctrl+S")
    assert gate.begun.wait(20)
    threading.Timer(0.05, gate.open).start()
    assert adder.window.close()
    assert questions.asked == []
    np.testing.assert_array_equal(native.read(saved).parameters, written)


@pytest.mark.usefixtures("slow")
def test_a_file_that_is_being_saved_is_opened_as_it_will_be(adder, saved, monkeypatch):
    gate = Gate(monkeypatch)
    adder.drag(AC, 40)
    written = adder.project.parameters
    adder.press("Ctrl+S")
    assert gate.begun.wait(20)
    threading.Timer(0.05, gate.open).start()
    assert adder.window.open_document(str(saved))
    np.testing.assert_array_equal(adder.project.parameters, written)


@pytest.mark.usefixtures("slow")
def test_leaving_with_an_answer_waits_too(adder, saved, monkeypatch, questions):
    gate = Gate(monkeypatch)
    questions.answers = [SAVE]
    adder.drag(AC, 40)
    written = adder.project.parameters
    threading.Timer(0.05, gate.open).start()
    assert adder.window.open_document("xor")
    np.testing.assert_array_equal(native.read(saved).parameters, written)


@pytest.mark.usefixtures("slow")
def test_who_wanted_to_save_before_leaving_and_could_not_stays(adder, saved, monkeypatch, questions):
    Gate(monkeypatch, OSError(28, "No space left on device")).open()
    questions.answers = [SAVE]
    adder.drag(AC, 40)
    assert not adder.window.open_document("xor")
    assert adder.project.name == "mine"
    assert adder.window.workspace.dirty


@pytest.mark.usefixtures("slow")
def test_what_is_never_done_does_not_let_the_window_go(adder, saved, monkeypatch):
    monkeypatch.setattr(documents, "PATIENCE_S", 0.01)
    gate = Gate(monkeypatch)
    adder.drag(AC, 40)
    adder.press("Ctrl+S")
    assert not adder.window.close()
    assert adder.window.toast.text() == "The network is still being saved."
    gate.open()
    assert adder.window.documents._writer.wait(20) is None
    assert adder.window.close()


def test_what_goes_wrong_inside_is_one_sentence_too(adder, saved, monkeypatch):
    heard = []
    monkeypatch.setattr(threading, "excepthook", heard.append)
    monkeypatch.setattr(native, "put", lambda *_: 1 / 0)
    adder.drag(AC, 40)
    adder.press("Ctrl+S")
    assert adder.window.toast.text() == "“mine.vnn” cannot be saved: something went wrong inside VisualNN."
    assert adder.window.workspace.dirty
    assert heard[0].exc_type is ZeroDivisionError


def test_the_next_file_is_looked_for_where_the_last_one_was_opened(adder, saved, dialogs, tmp_path):
    elsewhere = tmp_path / "models"
    elsewhere.mkdir()
    dialogs["open"] = str(elsewhere / saved.name)
    saved.rename(elsewhere / saved.name)
    adder.window.documents.ask_open()
    assert adder.window.documents.folder == str(elsewhere)
