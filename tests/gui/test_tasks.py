"""Work beside the window: only the newest counts, and nothing that goes wrong stops what comes later."""

from __future__ import annotations

import threading

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from visualnn.gui.tasks import Growing, Newest, awaited

PATIENCE_S = 10.0


class Asker(QObject):
    """Somebody in the window's thread who asks for work."""

    def __init__(self):
        super().__init__()
        self.work = Newest(self)
        self.work.done.connect(self._on_done)
        self.got: list[object] = []
        self.threads: set[int] = set()

    @Slot(object)
    def _on_done(self, result: object) -> None:
        self.got.append(result)
        self.threads.add(threading.get_ident())

    def hear(self) -> list[object]:
        """Everything that has come when all is done."""
        self.work.wait(PATIENCE_S)
        assert not self.work.busy
        QCoreApplication.processEvents()
        return self.got


class Gate:
    """A job that has begun and waits to be let through."""

    def __init__(self, result: object):
        self.result = result
        self._begun, self._open = threading.Event(), threading.Event()

    def __call__(self) -> object:
        self._begun.set()
        assert self._open.wait(PATIENCE_S)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def begin(self, asker: Asker) -> None:
        """Be asked for, and be at work when this returns."""
        asker.work.ask(self)
        assert self._begun.wait(PATIENCE_S)

    def open(self) -> None:
        """End."""
        self._open.set()


@pytest.fixture
def asker(qapp):
    asker = Asker()
    yield asker
    asker.work.rest()


@pytest.fixture
def failures(monkeypatch):
    """The words of what went wrong in a thread."""
    heard: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda what: heard.append(str(what.exc_value)))
    return heard


def test_results_arrive_in_the_windows_thread(asker):
    asker.work.ask(threading.get_ident)
    (worker,) = asker.hear()
    assert worker != threading.get_ident()
    assert asker.threads == {threading.get_ident()}


def test_what_has_not_begun_gives_way_to_the_newest(asker):
    first = Gate("first")
    first.begin(asker)
    asker.work.ask(lambda: "second")
    asker.work.ask(lambda: "third")
    assert asker.work.busy
    first.open()
    assert asker.hear() == ["first", "third"]


def test_rest_drops_what_has_not_begun_and_waits_for_what_has(asker):
    first = Gate("first")
    first.begin(asker)
    asker.work.ask(lambda: "second")
    asker.work.rest(timeout=0)
    assert asker.work.busy
    first.open()
    asker.work.rest(PATIENCE_S)
    assert not asker.work.busy
    assert asker.hear() == ["first"]


def test_what_was_answered_otherwise_does_not_come_late(asker):
    slow = Gate("slow")
    slow.begin(asker)
    asker.work.ask(lambda: "waits")
    asker.work.forget()
    slow.open()
    assert asker.hear() == []
    asker.work.ask(lambda: "newer")
    assert asker.hear() == ["newer"]


def test_after_resting_it_works_again(asker):
    asker.work.rest()
    asker.work.ask(lambda: "again")
    assert asker.hear() == ["again"]


def test_a_job_that_fails_is_told_of_and_does_not_keep_others_from_being_done(asker, failures):
    broken = Gate(ValueError("broken"))
    broken.begin(asker)
    asker.work.ask(lambda: "waiting")
    broken.open()
    assert asker.hear() == ["waiting"]
    asker.work.ask(lambda: "later")
    assert asker.hear() == ["waiting", "later"]
    assert failures == ["broken"]


def test_a_window_that_has_gone_hears_nothing_and_nothing_breaks(asker, failures):
    late = Gate("late")
    late.begin(asker)
    shiboken6.delete(asker.work)
    late.open()
    assert asker.hear() == []
    assert failures == []


def test_what_is_awaited_is_done_beside_the_window_which_lives(qtbot):
    main, ticks = threading.current_thread(), []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(gate.set()))
    timer.start(0)
    gate = threading.Event()

    def job() -> threading.Thread:
        assert gate.wait(5.0)
        return threading.current_thread()

    assert awaited(job) is not main
    timer.stop()
    assert ticks
    assert QGuiApplication.overrideCursor() is None


def test_what_goes_wrong_there_is_raised_here(qtbot):
    with pytest.raises(ZeroDivisionError):
        awaited(lambda: 1 // 0)
    assert QGuiApplication.overrideCursor() is None


# -- what becomes known bit by bit ---------------------------------------------------------------------------------


class Steps:
    """Bits that come one by one, each when it is let through."""

    def __init__(self, *bits: object):
        self._bits, self._gates = bits, [threading.Semaphore(0), threading.Semaphore(0)]
        self.given_up = threading.Event()

    def __iter__(self):
        through, reached = self._gates
        try:
            for bit in self._bits:
                reached.release()
                assert through.acquire(timeout=PATIENCE_S)
                if isinstance(bit, Exception):
                    raise bit
                yield bit
            reached.release()
        finally:
            self.given_up.set()

    def let(self, count: int) -> None:
        """So many bits come, and the next one is being made when this returns."""
        through, reached = self._gates
        for _ in range(count):
            assert reached.acquire(timeout=PATIENCE_S)
            through.release()
        assert reached.acquire(timeout=PATIENCE_S)
        reached.release()


@pytest.fixture
def growing():
    growing = Growing()
    yield growing
    growing.rest()


def test_who_looks_sees_the_newest_bit_and_sees_it_once(growing):
    steps = Steps(1, 2, 3)
    growing.start(iter(steps))
    assert growing.poll() is None
    steps.let(2)
    assert (growing.poll(), growing.poll(), growing.busy) == (2, None, True)
    steps.let(1)
    growing.wait()
    assert (growing.poll(), growing.busy) == (3, False)


def test_other_bits_take_the_place_of_those_before(growing):
    first, second = Steps("a", "b", "c"), Steps("x")
    growing.start(iter(first))
    first.let(1)
    growing.start(iter(second))
    assert growing.poll() is None, "a bit of the first is of no interest any more"
    first._gates[0].release()
    assert first.given_up.wait(PATIENCE_S)
    second.let(1)
    growing.wait()
    assert growing.poll() == "x"


def test_what_is_stopped_is_not_seen(growing):
    steps = Steps("a", "b")
    growing.start(iter(steps))
    steps.let(1)
    growing.stop()
    steps._gates[0].release()
    growing.wait()
    assert (growing.poll(), growing.busy) == (None, False)
    growing.start(iter(["again"]))
    growing.wait()
    assert growing.poll() == "again"


def test_what_nobody_has_looked_at_is_still_to_come(growing):
    growing.start(iter(["last"]))
    growing.wait()
    assert growing.busy
    assert (growing.poll(), growing.busy) == ("last", False)


def test_there_is_nothing_to_stop_where_nothing_was_begun(growing):
    growing.stop()
    assert not growing.busy


def test_bits_that_fail_are_told_of_and_others_come_all_the_same(growing, failures):
    growing.start(iter(Steps()))
    growing.wait()
    steps = Steps(ValueError("broken"))
    growing.start(iter(steps))
    steps._gates[0].release()
    growing.wait()
    growing.start(iter(["later"]))
    growing.wait()
    assert (growing.poll(), failures) == ("later", ["broken"])
