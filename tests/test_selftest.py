"""``visualnn --self-test``: it goes once through everything, says what failed, ends by itself and leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QImage

import visualnn
from tests.fake_gpu import NO_CARD, FakeLoop
from visualnn import display
from visualnn.cli import main
from visualnn.gui import theme
from visualnn.nn.device import Device, DeviceError
from visualnn.selftest import course, parts
from visualnn.selftest.course import run
from visualnn.selftest.device import train_on_gpu
from visualnn.selftest.failure import Failure
from visualnn.selftest.parts import PARTS, Part
from visualnn.selftest.watchdog import Watchdog

HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA")


@pytest.fixture
def said(qapp, tmp_path, monkeypatch):
    """What is told; the folder for files lies among those of the test."""
    monkeypatch.setattr(course.tempfile, "tempdir", str(tmp_path))
    yield []
    theme.appearance().set_mode("dark")
    theme.appearance().set_reduced_motion(None)


def part(name, do) -> Part:
    return Part(name, do)


def fail(_stage) -> str:
    raise Failure("It is broken.")


def stumble(_stage) -> str:
    raise ValueError("odd")


def test_the_whole_of_it_in_a_process_of_its_own_leaves_nothing(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {name: str(tmp_path / "home") for name in HOMES} | {"TMPDIR": str(tmp_path / "tmp")}
    environment.pop("QT_QPA_PLATFORM", None)
    for folder in ("home", "tmp"):
        (tmp_path / folder).mkdir()
    command = [sys.executable, "-W", "error", "-m", "visualnn", "--self-test"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=110, check=False, env=environment)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr, lines[-1]) == (0, "", "Everything works.")
    assert [line.split()[0] for line in lines[:-1]] == [part.name for part in PARTS]
    assert [path for path in tmp_path.rglob("*") if "visualnn" in path.name.lower()] == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_one_line_for_each_part_and_the_verdict(said, tmp_path):
    assert run(said.append, parts=[part("one", lambda stage: "said")]) == 0
    assert said[0].startswith("one ")
    assert said[0].endswith(" ms  said")
    assert said[1:] == ["Everything works."]
    assert list(tmp_path.iterdir()) == []


def test_after_a_failure_the_others_have_their_turn(said):
    broken = [part("one", fail), part("two", stumble), part("three", lambda stage: "")]
    assert run(said.append, parts=broken) == 1
    assert said[0].endswith("FAILED: It is broken.")
    assert said[1].endswith("FAILED: ValueError: odd")
    assert said[2].endswith(" ms")
    assert said[3] == "Failed: one, two."


def test_what_a_slot_or_a_thread_raises_counts(said):
    def in_a_slot(stage) -> str:
        QTimer.singleShot(0, lambda: stumble(stage))
        stage.application.processEvents()
        return ""

    def in_a_thread(stage) -> str:
        thread = threading.Thread(target=stumble, args=(stage,))
        thread.start()
        thread.join()
        return ""

    assert run(said.append, parts=[part("slot", in_a_slot), part("thread", in_a_thread)]) == 1
    assert [line.rpartition("FAILED: ")[2] for line in said[:2]] == ["ValueError: odd", "ValueError: odd"]


def test_the_window_remembers_nothing(said, settings_path, state, tmp_path):
    parts_with_files = [each for each in PARTS if each.name in ("window", "stepping", "file")]
    assert run(said.append, parts=parts_with_files) == 0, said
    assert not settings_path.exists()
    assert not state.exists()
    assert list(tmp_path.iterdir()) == []


def test_another_answer_is_found(said, monkeypatch):
    monkeypatch.setattr(parts, "TWO_PLUS_TWO", 4.0)
    assert run(said.append, parts=[each for each in PARTS if each.name in ("window", "stepping")]) == 1
    assert said[1].endswith("FAILED: 2 + 2 gives 3.9895875277625037 instead of 4.0.")


def test_a_picture_of_one_colour_is_not_drawn():
    empty = QImage(100, 100, QImage.Format.Format_RGB32)
    empty.fill(QColor("black"))
    with pytest.raises(Failure, match=r"^There is nothing in the picture: 1 colours\.$"):
        parts.expect_drawn(empty, "the picture")


def test_what_hangs_is_ended_after_it_was_named(said, tmp_path):
    left: list[int] = []
    ended = threading.Event()

    def leave(code: int) -> None:
        left.append(code)
        ended.set()

    with Watchdog(0.0, lambda: said.append("hangs"), leave):
        assert ended.wait(10)
    assert (said, left) == (["hangs"], [1])


def test_what_is_over_in_time_is_not_ended():
    left: list[int] = []
    with Watchdog(1000.0, lambda: left.append(2), left.append):
        pass
    assert left == []


def test_a_hanging_process_ends_with_code_1(tmp_path):
    script = (
        "import threading; from visualnn.selftest import course\n"
        "course.run(print, parts=[course.Part('still', lambda stage: threading.Event().wait())], patience_s=0.5)"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False, env=environment)
    assert done.returncode == 1
    assert "FAILED: nothing has happened for 0 s." in done.stdout
    assert list(tmp_path.iterdir()) == []


# -- on a GPU ----------------------------------------------------------------------------------------------------------


def test_without_a_gpu_it_is_said_why(fake_gpu):
    fake_gpu.card = NO_CARD
    assert train_on_gpu() == NO_CARD.sentence
    assert fake_gpu.made == []


def test_the_adder_is_trained_on_a_gpu_and_compared(fake_gpu):
    assert train_on_gpu() == "Test card, 20 updates, apart by 0e+00 of their way"
    assert fake_gpu.made == [Device("cuda")]
    assert sum(updates for _first, updates in fake_gpu.calls) == 20


def test_a_gpu_whose_kernels_cannot_be_loaded_is_a_failure(fake_gpu):
    fake_gpu.fails_to_load, fake_gpu.error = True, DeviceError("There is no compiler.")
    with pytest.raises(Failure, match=r"^There is no compiler\.$"):
        train_on_gpu()


def test_a_gpu_that_fails_meanwhile_is_a_failure(fake_gpu):
    fake_gpu.fail(DeviceError("The GPU is full."), 7)
    with pytest.raises(Failure, match=r"^The GPU is full\. Training goes on on the processor\.$"):
        train_on_gpu()


def test_a_gpu_that_computes_something_else_is_a_failure(fake_gpu, monkeypatch):
    run = FakeLoop.run

    def spoiled(self, order, state, *rest) -> int:
        done = run(self, order, state, *rest)
        state.parameters[3] += 0.01
        return done

    monkeypatch.setattr(FakeLoop, "run", spoiled)
    with pytest.raises(Failure, match=r"^The GPU leads to weights that are 0\.007 of their way apart from"):
        train_on_gpu()


# -- the command line --------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch):
    """How the course was asked for; it is not run."""
    calls: list[bool] = []
    monkeypatch.setattr(display, "problem", lambda platform=None: None)
    monkeypatch.setattr(course, "run", lambda tell, on_screen: calls.append(on_screen) or 0)
    return calls


def test_it_is_asked_for_without_a_screen_or_on_this_one(asked):
    assert main(["--self-test"]) == 0
    assert main(["--self-test", "window"]) == 0
    assert asked == [False, True]


@pytest.mark.parametrize("arguments", [["--self-test", "xor"], ["xor", "--self-test"], ["--self-test", "window", "x"]])
def test_it_stands_alone(asked, capsys, arguments):
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("visualnn: ")
    assert asked == []


def test_where_qt_lacks_something_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr(display, "problem", lambda platform=None: f"Nothing on {platform}.\n")
    assert main(["--self-test"]) == 1
    assert capsys.readouterr().err == "Nothing on offscreen.\n"


def test_a_plain_start_does_not_import_it():
    code = "import sys; from visualnn import app; import visualnn.cli.screen; print(*sys.modules)"
    root = str(Path(visualnn.__file__).parents[1])
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True, cwd=root)
    assert not [name for name in done.stdout.split() if name.startswith("visualnn.selftest")]
