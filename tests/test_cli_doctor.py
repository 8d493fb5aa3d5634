"""``visualnn doctor``: what is told, and that it is told where hardly anything can be imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import visualnn
from visualnn import display
from visualnn.cli import main

# What is None here cannot be imported, as if it were not installed.
BARE = """
import sys
for name in sys.argv.pop(1).split(","):
    sys.modules[name] = None
from visualnn.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def on_screen(monkeypatch):
    """A computer on which windows can be opened."""
    monkeypatch.setattr(display, "problem", lambda platform=None: None)


def process(lacking: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own that cannot import some modules."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-W", "error", "-c", BARE, lacking, "doctor", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False, env=environment)


def test_where_all_is_well_it_ends_with_code_0(on_screen, capsys):
    assert main(["doctor"]) == 0
    told, wrong = capsys.readouterr()
    assert told.startswith(f"VisualNN     {visualnn.__version__}, a checkout\n")
    assert told.endswith("Everything that VisualNN needs is here.\n")
    assert wrong == ""


def test_as_json_it_is_one_object(on_screen, capsys):
    assert main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["problems"] == []
    assert told["version"] == visualnn.__version__
    assert told["machine"]["cores"] >= 1
    assert told["toolkit"]["problem"] == ""


def test_what_is_missing_makes_it_end_with_code_1(monkeypatch, capsys):
    monkeypatch.setattr(display, "problem", lambda platform=None: "VisualNN has no screen to open.\nmore\n")
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "PROBLEM  VisualNN has no screen to open."
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"] == ["VisualNN has no screen to open."]


def test_another_word_is_wrong_use(capsys):
    assert main(["doctor", "xor"]) == 2
    assert "visualnn doctor: unrecognized arguments: xor." in capsys.readouterr().err


def test_where_qt_cannot_be_loaded_it_says_so():
    done = process("PySide6,shiboken6")
    assert (done.returncode, done.stderr) == (1, "")
    assert "PROBLEM  Qt is not installed; type: pip install PySide6-Essentials" in done.stdout
    assert "Traceback" not in done.stdout


def test_it_speaks_where_nothing_is_installed():
    done = process("PySide6,shiboken6,numpy,numba,llvmlite,platformdirs,pyqtgraph,safetensors,tqdm,PIL", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert [each.split(" is ")[0] for each in told["problems"]] == [
        "Qt", "Shiboken", "NumPy", "pyqtgraph", "platformdirs"
    ]  # fmt: skip
    assert told["kernels"] == {}
    assert told["fonts"]


def test_looking_around_imports_neither_numba_nor_the_window():
    code = "import sys; from visualnn.cli import main; main(['doctor']); print(*sys.modules, file=sys.stderr)"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True, env=environment)
    loaded = set(done.stderr.split())
    assert "PySide6.QtWidgets" not in loaded
    assert not loaded & {"numba", "pyqtgraph", "visualnn.app", "visualnn.gui.main_window"}
