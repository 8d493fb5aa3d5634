"""Nothing a learner made is lost: it is kept every few seconds, and what a window left is offered to the next one."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox

from tests.gui.conftest import Learner
from visualnn.files import examples, native, recovery
from visualnn.files.recovery import DOCUMENT, Note
from visualnn.gui.main_window import MainWindow
from visualnn.gui.views.start.arrangement import arrange
from visualnn.gui.views.start.offer import OfferCard, OfferRow, height_of
from visualnn.gui.views.start.unsaved import moment
from visualnn.scene.frame import Place
from visualnn.settings import Settings
from visualnn.work import Work

AC = Place("weight", 1, 0, 0)
SAVE, DISCARD, CANCEL = (getattr(QMessageBox.StandardButton, name) for name in ("Save", "Discard", "Cancel"))
OTHER_WINDOW = """
import hashlib, sys
from pathlib import Path
from visualnn import app, settings
from visualnn.files import recovery

state = Path(sys.argv[1])
recovery.default_folder = lambda: state
settings.default_path = lambda: state / "settings.json"
application = app.make_application()
window = app.MainWindow(settings.Settings(reduced_motion="on"))
window.show()


def keep():
    "What the timer does, and wait for it."
    window.recovery.tick()
    window.recovery._thread.wait()
    application.processEvents()


def say(*words):
    print(*words, flush=True)


def digest(parameters):
    return hashlib.sha256(parameters.tobytes()).hexdigest()

"""


class Other:
    """A window in a process of its own."""

    def __init__(self, state: Path, script: str):
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, "-W", "error", "-c", OTHER_WINDOW + script, str(state)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment)

    def hear(self) -> str:
        """The next line it says."""
        line = self._process.stdout.readline()
        assert line, self._process.stderr.read()
        return line.strip()

    def kill(self) -> None:
        """At once, wherever it is."""
        self._process.kill()
        self._end()

    def end(self, with_signal: int = 0) -> int:
        """Ask it to end; the code it ends with."""
        if with_signal:
            self._process.send_signal(with_signal)
        return self._end()

    def _end(self) -> int:
        code = self._process.wait(60)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            pipe.close()
        return code


@pytest.fixture
def other(state) -> Iterator[Callable[[str], Other]]:
    """Opens windows in processes of their own."""
    opened: list[Other] = []

    def make(script: str) -> Other:
        opened.append(Other(state, script))
        return opened[-1]

    yield make
    for each in opened:
        each.kill()


@pytest.fixture
def enter(open_window, stopped_clock, qtbot) -> Callable[[], Learner]:
    """Somebody at a new window that keeps what is not saved."""
    return lambda: Learner(open_window(Settings(theme="dark", reduced_motion="on"), remember=True), qtbot)


def keep(window: MainWindow) -> None:
    """What the timer does after a few seconds, and wait for it."""
    window.recovery.tick()
    window.recovery._thread.wait()
    QCoreApplication.processEvents()


def kept(state: Path) -> list[recovery.Entry]:
    """All that is kept."""
    return recovery.found(state / "recovery")


def offers(window: MainWindow) -> list[OfferRow]:
    """The rows of what is offered back."""
    card = window.start.findChild(OfferCard)
    return list(card.rows) if card is not None and card.isVisible() else []


def leave(state: Path, name: str = "adder", **noted) -> Path:
    """What a window left that is gone."""
    folder = recovery.new_folder(state / "recovery")
    changed = examples.load(name).with_parameter(0, 0.125)
    recovery.keep(folder, Work(changed), Note(changed.name, noted.pop("when", 1000.0), **noted))
    return folder


# -- keeping -----------------------------------------------------------------------------------------------------------


def test_a_change_is_kept(enter, state):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    (entry,) = kept(state)
    assert (entry.note.name, entry.note.path) == ("Add two numbers", "")
    np.testing.assert_array_equal(recovery.read(entry).project.parameters, learner.project.parameters)


def test_a_change_starts_the_timer_and_nothing_else_does(enter):
    learner = enter()
    learner.window.open_document("adder")
    keep(learner.window)
    timer = learner.window.recovery._timer
    assert not timer.isActive()
    learner.drag(AC, 40)
    assert timer.isActive()
    assert timer.interval() == 5000
    keep(learner.window)
    assert not timer.isActive()


def test_without_changes_nothing_is_kept(enter, state):
    learner = enter()
    learner.window.open_document("adder")
    keep(learner.window)
    assert kept(state) == []


def test_what_has_not_changed_is_not_written_again(enter, state):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    before = kept(state)[0].note.when
    keep(learner.window)
    assert kept(state)[0].note.when == before


def test_without_remembering_nothing_is_kept(adder, state):
    adder.drag(AC, 40)
    keep(adder.window)
    assert not adder.window.recovery._timer.isActive()
    assert not state.exists()


def test_a_run_that_goes_on_is_kept_with_the_newest_of_its_weights(enter, state):
    learner = enter()
    learner.window.open_document("xor")
    learner.press("Ctrl+2", "Space")
    learner.until(lambda: learner.trainer.snapshot.update >= 3)
    assert learner.trainer.running
    work = learner.window.unsaved.work()
    learner.window.recovery.unsaved = lambda: work
    keep(learner.window)
    (entry,) = kept(state)
    found = recovery.read(entry)
    np.testing.assert_array_equal(found.project.parameters, work.project.parameters)
    assert not np.array_equal(found.project.parameters, examples.load("xor").parameters)
    assert learner.window.recovery._timer.isActive()  # for as long as it goes on
    learner.press("Space")
    learner.learn()


def test_a_run_that_nobody_watches_is_kept_as_far_as_it_has_come(enter, state):
    learner = enter()
    learner.window.open_document("xor")
    learner.press("Ctrl+2", "Space")
    learner.until(lambda: learner.trainer.snapshot.update >= 1)
    seen = learner.trainer.snapshot.update
    learner.qtbot.waitUntil(lambda: learner.trainer._runner.training.updates > seen + 5, timeout=20_000)
    assert learner.trainer.snapshot.update == seen
    keep(learner.window)
    assert learner.trainer.snapshot.update > seen + 5
    assert len(kept(state)) == 1
    learner.trainer.pause_now()


def test_what_is_saved_is_kept_no_more(enter, state, tmp_path, monkeypatch):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    assert len(kept(state)) == 1
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "a.vnn"), ""))
    learner.press("Ctrl+S")
    assert kept(state) == []
    learner.drag(AC, 40)
    keep(learner.window)
    (entry,) = kept(state)
    assert entry.note.path == str(tmp_path / "a.vnn")
    assert entry.note.stamp is not None


def test_what_is_taken_back_is_kept_no_more(enter, state):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    learner.press("Ctrl+Z")
    keep(learner.window)
    assert kept(state) == []


@pytest.mark.parametrize("end", ["close", "open"])
def test_what_is_discarded_by_choice_is_kept_no_more(enter, state, questions, end):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    questions.answers = [DISCARD]
    if end == "close":
        learner.window.close()
    else:
        learner.window.open_document("xor")
    assert kept(state) == []
    assert list((state / "recovery").iterdir()) == []


def test_what_is_not_discarded_stays_kept(enter, state, questions):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    questions.answers = [CANCEL]
    assert not learner.window.close()
    assert len(kept(state)) == 1


def test_a_disk_that_is_full_is_told_of_once(enter, state, monkeypatch):
    learner = enter()
    window = learner.window
    said: list[str] = []
    monkeypatch.setattr(window.toast, "say", lambda text, *_: said.append(text))
    full = OSError(28, "No space left on device")

    def fail(*_):
        raise full

    window.open_document("adder")
    learner.drag(AC, 40)
    with monkeypatch.context() as patched:
        patched.setattr(native, "put", fail)
        for _ in range(3):
            learner.drag(AC, 40)
            keep(window)
        assert window.recovery.interval_ms > 5000
    sentence = "Changes cannot be kept safe: no space left on device. Save the network to be safe."
    assert [each for each in said if "kept safe" in each] == [sentence]
    learner.drag(AC, 40)
    keep(window)
    assert len(kept(state)) == 1
    assert window.recovery.interval_ms == 5000


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(enter, state):
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("no folder")
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    keep(learner.window)
    assert "kept safe" in learner.window.toast.text()
    assert learner.window.showing_document


def test_what_takes_long_is_kept_less_often(enter, state, monkeypatch):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    monkeypatch.setattr(recovery, "keep", lambda *_: None)
    spent = iter([0.0, 2.0])
    monkeypatch.setattr("visualnn.gui.recovery.thread_time", lambda: next(spent))
    keep(learner.window)
    assert learner.window.recovery.interval_ms == 40_000  # 2 s are 5 % of it


def test_keeping_holds_the_window_up_for_no_longer_than_it_takes_to_ask(enter, state, monkeypatch):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    threads = []
    known = recovery.keep
    monkeypatch.setattr(recovery, "keep", lambda *given: (threads.append(threading.current_thread()), known(*given)))
    keep(learner.window)
    assert threads
    assert threading.main_thread() not in threads


# -- offering ----------------------------------------------------------------------------------------------------------


def test_what_was_left_is_offered(enter, state):
    leave(state, when=1000.0)
    window = enter().window
    (row,) = offers(window)
    card = window.start.findChild(OfferCard)
    assert card.text() == f"VisualNN closed unexpectedly. Add two numbers, unsaved changes from {moment(1000.0)}."
    assert card.accessibleName() == card.text()
    assert row.recover.toolTip() == "Open “Add two numbers” with its unsaved changes"


def test_what_was_kept_as_the_session_ended_is_no_crash(enter, state):
    leave(state, orderly=True)
    assert enter().window.start.findChild(OfferCard).text().startswith("Unsaved changes are kept. Add two")


def test_nothing_is_offered_where_nothing_was_left(enter):
    window = enter().window
    assert offers(window) == []
    assert window.start.findChild(OfferCard) is None


def test_what_is_recovered_is_unsaved_and_lies_where_it_lay(enter, state, tmp_path, monkeypatch):
    path = tmp_path / "mine.vnn"
    native.write(path, examples.load("adder"))
    folder = leave(state, path=str(path))
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    window = learner.window
    assert window.showing_document
    assert window.workspace.path == path
    assert window.workspace.dirty
    assert window.isWindowModified()
    np.testing.assert_array_equal(
        learner.project.parameters, examples.load("adder").with_parameter(0, 0.125).parameters
    )
    assert [entry.folder for entry in kept(state)] == [folder]  # until it is saved
    window.go_home()
    assert offers(window) == []
    window.go_to_document()
    learner.press("Ctrl+S")
    assert not window.workspace.dirty
    assert kept(state) == []
    assert native.read(path).parameters[0] == 0.125


def test_what_is_recovered_is_called_as_the_file_that_it_lay_in(enter, state, tmp_path):
    native.write(tmp_path / "work.vnn", examples.load("adder"))
    leave(state, path=str(tmp_path / "work.vnn"))
    learner = enter()
    assert learner.window.recovery.recover(learner.window.recovery.found[0])
    assert learner.project.name == "work"
    assert learner.window.workspace.dirty


def test_what_is_recovered_stays_in_its_place_while_it_is_edited(enter, state):
    folder = leave(state)
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    learner.drag(AC, 40)
    keep(learner.window)
    (entry,) = kept(state)
    assert entry.folder == folder
    np.testing.assert_array_equal(recovery.read(entry).project.parameters, learner.project.parameters)


def test_a_file_that_changed_since_asks_when_the_recovered_is_saved(enter, state, tmp_path, questions):
    from visualnn.files.stamp import stamp

    path = tmp_path / "mine.vnn"
    native.write(path, examples.load("adder"))
    known = stamp(path)
    native.write(path, examples.load("xor"))
    leave(state, path=str(path), stamp=known)
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    questions.answers = [CANCEL]
    learner.press("Ctrl+S")
    assert questions.asked == ["“mine.vnn” was changed by another program since you opened it."]
    assert native.read(path).name == "XOR"


def test_several_are_offered_the_newest_first(enter, state):
    for name, when in (("adder", 1000.0), ("xor", 3000.0), ("spirals", 2000.0)):
        leave(state, name, when=when)
    learner = enter()
    assert [row.entry.note.name for row in offers(learner.window)] == ["XOR", "Two spirals", "Add two numbers"]
    learner.push(offers(learner.window)[1].recover)
    assert learner.project.name == "Two spirals"
    learner.window.go_home()
    assert [row.entry.note.name for row in offers(learner.window)] == ["XOR", "Add two numbers"]


def test_what_is_damaged_is_one_sentence_and_the_others_are_still_offered(enter, state):
    leave(state, "xor", when=2000.0)
    broken = leave(state, when=3000.0)
    (broken / DOCUMENT).write_bytes(b"nonsense")
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    assert learner.window.toast.text().startswith("The changes to “Add two numbers” cannot be recovered: ")
    assert not learner.window.showing_document
    learner.push(offers(learner.window)[1].recover)
    assert learner.project.name == "XOR"
    assert learner.window.toast.text() == "“XOR” is recovered, and not saved yet."


def test_discarding_can_be_taken_back(enter, state):
    leave(state)
    learner = enter()
    learner.push(offers(learner.window)[0].discard)
    assert offers(learner.window) == []
    assert learner.window.toast.text() == "The changes to “Add two numbers” are gone."
    learner.window.toast.trigger()
    assert len(offers(learner.window)) == 1
    learner.push(offers(learner.window)[0].discard)
    learner.window.go_home()
    assert offers(learner.window) == []
    assert len(kept(state)) == 1
    learner.window.close()
    assert kept(state) == []


def test_recovering_asks_before_the_open_document_is_lost(enter, state, questions):
    leave(state)
    learner = enter()
    learner.window.open_document("xor")
    learner.trainer.prepare()
    learner.window.workspace.edit(learner.project.with_parameter(0, 1.0), "Change")
    learner.window.go_home()
    questions.answers = [CANCEL]
    learner.push(offers(learner.window)[0].recover)
    assert learner.project.name == "XOR"
    assert len(offers(learner.window)) == 1
    questions.answers = [DISCARD]
    learner.push(offers(learner.window)[0].recover)
    assert learner.project.name == "Add two numbers"
    assert len(kept(state)) == 1


def test_by_keys_alone(enter, state):
    leave(state, "xor", when=2000.0)
    leave(state, when=1000.0)
    learner = enter()
    row = offers(learner.window)[0]
    row.recover.setFocus(Qt.FocusReason.TabFocusReason)
    learner.press(Qt.Key.Key_Tab)
    assert row.discard.hasFocus()
    learner.press(Qt.Key.Key_Return)
    (left,) = offers(learner.window)
    assert left.entry.note.name == "Add two numbers"
    left.recover.setFocus(Qt.FocusReason.TabFocusReason)
    learner.press(Qt.Key.Key_Space)
    assert learner.project.name == "Add two numbers"


def test_who_starts_with_a_document_is_told_what_is_kept(enter, state):
    leave(state)
    learner = enter()
    learner.window.open_document("xor")
    learner.window.unsaved.tell()
    assert learner.window.toast.text() == "Unsaved changes are kept from before."
    learner.window.toast.trigger()
    assert len(offers(learner.window)) == 1


@pytest.mark.parametrize(
    ("ago_s", "said"), [(0, "14:03"), (86400, "yesterday, 14:03"), (3 * 86400, "3 days ago, 14:03")]
)
def test_when_it_was(ago_s, said):
    from datetime import datetime, timedelta

    now = datetime(2026, 5, 20, 14, 3)
    assert moment((now - timedelta(seconds=ago_s)).timestamp(), now) == said


def test_a_time_that_is_none_is_said_to_be_unknown():
    assert moment(1e300) == "an unknown time"


@pytest.mark.parametrize("size", [(960, 640), (1280, 800), (2560, 1600)])
@pytest.mark.parametrize("files", [0, 4])
@pytest.mark.parametrize("entries", [1, 5])
def test_the_offer_has_a_place_of_its_own(size, files, entries):
    made = arrange(*size, 8, files, offer=height_of(entries))
    assert made.offer is not None
    assert made.offer.height() == height_of(entries)
    parts = [made.header, made.offer, made.hero, *made.files, *made.examples, made.footer]
    assert [part.top() for part in parts] == sorted(part.top() for part in parts)
    assert not any(one.intersects(other) for one, other in combinations(parts, 2))
    assert made.footer.bottom() < made.height
    assert arrange(*size, 8, files).offer is None


# -- processes ---------------------------------------------------------------------------------------------------------

EDITING = """
window.open_document("adder")
for k in range(1, 100_000):
    window.workspace.edit(window.workspace.project.with_parameter(0, k / 8), "Change")
    keep()
    say(k)
"""


@pytest.mark.parametrize("lines", [1, 23])
def test_a_window_that_is_killed_loses_at_most_what_was_not_kept_yet(other, enter, lines):
    window = other(EDITING)
    heard = [window.hear() for _ in range(lines)][-1]
    window.kill()
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    assert learner.project.parameters[0] * 8 >= int(heard)
    expected = examples.load("adder").with_parameter(0, learner.project.parameters[0])
    assert learner.project.parameters.tobytes() == expected.parameters.tobytes()
    assert learner.window.workspace.dirty


def test_what_is_recovered_is_offered_again_if_that_window_is_killed(other, enter, state):
    leave(state)
    window = other("say(window.recovery.recover(window.recovery.found[0]), window.workspace.dirty)\nsys.stdin.read()")
    assert window.hear() == "True True"
    learner = enter()
    assert offers(learner.window) == []  # it lives, and has them
    window.kill()
    learner.window.go_home()
    learner.push(offers(learner.window)[0].recover)
    assert learner.project.parameters[0] == 0.125


TRAINING = """
window.open_document("spirals")
window.page.set_mode(1)
window.page.trainer.play()
while window.page.trainer.snapshot.update < 20:
    window.clock.advance(0.016)
work = window.unsaved.work()
window.recovery.unsaved = lambda: work
keep()
say(window.page.trainer.running, digest(work.project.parameters))
sys.stdin.read()
"""


def test_a_training_that_is_killed_is_there_to_the_bit(other, enter):
    window = other(TRAINING)
    running, digest = window.hear().split()
    window.kill()
    assert running == "True"
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    assert hashlib.sha256(learner.project.parameters.tobytes()).hexdigest() == digest
    assert learner.project.trained


def test_a_file_that_is_open_in_another_window_asks(other, enter, tmp_path, questions):
    path = tmp_path / "mine.vnn"
    native.write(path, examples.load("adder"))
    window = other(f"say(window.open_document({str(path)!r}))\nsys.stdin.read()")
    assert window.hear() == "True"
    learner = enter()
    questions.answers = [CANCEL]
    assert not learner.window.open_document(str(path))
    window.kill()
    assert learner.window.open_document(str(path))
    assert questions.asked == ["“mine.vnn” is open in another window. What is saved last, there or here, wins."]


ENDING = """
from PySide6.QtCore import QTimer
application.setQuitOnLastWindowClosed(False)
app.MainWindow = lambda preferences, **how: window


def change():
    window.workspace.edit(window.workspace.project.with_parameter(0, 0.125), "Change")
    say("ready")


window.documents.opened.connect(lambda path: QTimer.singleShot(0, change))
sys.exit(app.run("adder"))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_program_that_is_made_to_end_keeps_what_is_not_saved_and_asks_nothing(other, enter, state):
    window = other(ENDING)
    assert window.hear() == "ready"
    assert window.end(signal.SIGTERM) == 0
    (entry,) = kept(state)
    assert entry.note.orderly
    assert json.loads((entry.folder / recovery.NOTE).read_text())["orderly"] is True
    learner = enter()
    learner.push(offers(learner.window)[0].recover)
    assert learner.project.parameters[0] == 0.125


# -- the session ends --------------------------------------------------------------------------------------------------


def test_the_end_of_the_session_keeps_and_does_not_ask(enter, state):
    learner = enter()
    learner.window.open_document("adder")
    learner.drag(AC, 40)
    learner.window.unsaved._on_session_ending(None)
    (entry,) = kept(state)
    assert entry.note.orderly
    assert learner.window.close()
    assert len(kept(state)) == 1
    np.testing.assert_array_equal(recovery.read(entry).project.parameters, learner.project.parameters)


def test_a_session_that_goes_on_asks_again(enter, state, questions):
    learner = enter()
    learner.window.open_document("adder")
    learner.window.unsaved._on_session_ending(None)
    assert kept(state) == []
    learner.drag(AC, 40)
    questions.answers = [CANCEL]
    assert not learner.window.close()
