"""Work beside the window: only the newest counts, and nothing that goes wrong stops what comes later."""

from __future__ import annotations

import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Slot

from visualnn.gui.tasks import Newest

PATIENCE_S = 10.0


class Asker(QObject):
    """Somebody in the window's thread who asks for work."""

    def __init__(self):
        super().__init__()
        self.work = Newest("work", self)
        self.work.done.connect(self._on_done)
        self.got: list[object] = []
        self.threads: set[threading.Thread] = set()

    @Slot(object)
    def _on_done(self, result: object) -> None:
        self.got.append(result)
        self.threads.add(threading.current_thread())

    def hear(self) -> list[object]:
        """Everything that has come when all is done."""
        self.work.wait(PATIENCE_S)
        QCoreApplication.processEvents()
        return self.got


class Gate:
    """A job that has begun and waits to be let through."""

    def __init__(self, result: object):
        self.result, self.thread = result, threading.Thread()
        self._begun, self._open = threading.Event(), threading.Event()

    def __call__(self) -> object:
        self.thread = threading.current_thread()
        self._begun.set()
        assert self._open.wait(PATIENCE_S)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def wait_inside(self) -> None:
        """Until it has begun."""
        assert self._begun.wait(PATIENCE_S)

    def open(self) -> None:
        """Let it end."""
        self._open.set()


@pytest.fixture
def asker(qapp):
    asker = Asker()
    yield asker
    if shiboken6.isValid(asker.work):
        asker.work.rest()


@pytest.fixture
def failures(monkeypatch):
    """What escaped from a thread, each once it is really over."""
    heard = Failures()
    monkeypatch.setattr(threading, "excepthook", heard)
    return heard


class Failures(list):
    """Stands in for `threading.excepthook`."""

    def __call__(self, what: threading.ExceptHookArgs) -> None:
        self.append(str(what.exc_value))


def test_results_arrive_in_the_windows_thread(asker):
    asker.work.ask(threading.current_thread)
    (worker,) = asker.hear()
    assert worker is not threading.current_thread()
    assert asker.threads == {threading.current_thread()}
    assert not asker.work.busy


def test_what_has_not_begun_gives_way_to_the_newest(asker):
    first = Gate("first")
    asker.work.ask(first)
    first.wait_inside()
    asker.work.ask(lambda: "second")
    asker.work.ask(lambda: "third")
    assert asker.work.busy
    first.open()
    assert asker.hear() == ["first", "third"]


def test_rest_drops_what_has_not_begun_and_leaves_no_thread(asker):
    first = Gate("first")
    asker.work.ask(first)
    first.wait_inside()
    asker.work.ask(lambda: "second")
    asker.work.rest(timeout=0)
    first.open()
    asker.work.rest(PATIENCE_S)
    assert not first.thread.is_alive()
    assert asker.hear() == ["first"]


def test_after_resting_it_works_again(asker):
    asker.work.rest()
    asker.work.ask(lambda: "again")
    assert asker.hear() == ["again"]


def test_a_job_that_fails_does_not_keep_later_ones_from_being_done(asker, failures):
    broken = Gate(ValueError("broken"))
    asker.work.ask(broken)
    broken.wait_inside()
    broken.open()
    broken.thread.join(PATIENCE_S)
    asker.work.ask(lambda: "later")
    assert asker.hear() == ["later"]
    assert failures == ["broken"]


def test_a_job_that_waits_is_done_although_the_one_before_it_failed(asker, failures):
    broken = Gate(ValueError("broken"))
    asker.work.ask(broken)
    broken.wait_inside()
    asker.work.ask(lambda: "waiting")
    broken.open()
    broken.thread.join(PATIENCE_S)
    assert asker.hear() == ["waiting"]
    assert failures == ["broken"]


def test_a_window_that_has_gone_hears_nothing_and_nothing_breaks(asker):
    late = Gate("late")
    asker.work.ask(late)
    late.wait_inside()
    shiboken6.delete(asker.work)
    late.open()
    late.thread.join(PATIENCE_S)
    assert not late.thread.is_alive()
    assert asker.got == []
