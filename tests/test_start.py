"""What is there before the first picture, and what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

UNTIL_PAINTED = """
import json, linecache, os, sys
from visualnn import app, cli

def watched(window):
    show(window)
    app.Classes.start = lambda classes: report(window)

def report(window):
    page = window.pages.currentWidget()
    told = {"modules": sorted(sys.modules), "read": sorted(linecache.cache), "name": page.objectName()}
    colors = {page.grab().toImage().pixelColor(x, y).name() for x in range(0, 1280, 160) for y in range(0, 800, 100)}
    print(json.dumps(told | {"colors": sorted(colors), "title": window.windowTitle()}), flush=True)
    os._exit(0)

show, app.MainWindow.show = app.MainWindow.show, watched
cli.main(sys.argv[1:])
"""
LATER = {"numpy", "numba", "llvmlite", "pyqtgraph", "av", "PIL", "onnx", "pyfive", "safetensors", "h5py", "concurrent"}
LATER |= {"cuda", "numba_cuda"}  # which only a GPU needs
OURS = {"app", "assets", "catalog", "cli", "display", "gui", "nn", "settings"}  # packages and modules of ours
OF_GUI = {
    "classes",
    "clock",
    "errors",
    "features",
    "finder",
    "loader",
    "main_window",
    "termination",
    "theme",
    "views",
    "widgets",
}
WIDGETS = {"button", "card", "focus", "glide", "key_caps", "logo"}
OF_START = {"arrangement", "hero", "page", "recent"}


def first_paint(folder: Path, *arguments: str) -> dict[str, Any]:
    """What a process of its own has come to when its window is painted for the first time."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    environment |= {name: str(folder) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA")}
    command = [sys.executable, "-W", "error", "-c", UNTIL_PAINTED, *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=110, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return first_paint(tmp_path_factory.mktemp("start"))


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return first_paint(tmp_path_factory.mktemp("document"), "adder")


@pytest.fixture(params=["start", "document"])
def painted(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A window with its start page, and one that is about to show a document."""
    return request.getfixturevalue(request.param)


def below(modules: list[str], package: str) -> set[str]:
    """The modules and packages right below a package."""
    return {name.removeprefix(f"{package}.").split(".")[0] for name in modules if name.startswith(f"{package}.")}


def test_nothing_that_computes_plots_or_exports_is_imported_before_the_first_picture(painted):
    assert not LATER & {name.split(".")[0] for name in painted["modules"]}


def test_of_ours_only_the_window_and_its_start_page_are(painted):
    modules = painted["modules"]
    assert below(modules, "visualnn") <= OURS
    assert below(modules, "visualnn.nn") == {"errors"}
    assert below(modules, "visualnn.gui") <= OF_GUI
    assert below(modules, "visualnn.gui.widgets") <= WIDGETS
    assert below(modules, "visualnn.gui.views") == {"start"}
    assert below(modules, "visualnn.gui.views.start") <= OF_START


def test_of_the_commands_only_the_one_that_opens_the_window_is(painted):
    assert below(painted["modules"], "visualnn.cli") <= {"arguments", "console", "opening", "output"}


def test_no_module_is_read_to_be_searched(painted):
    read = {Path(name).name for name in painted["read"] if "visualnn" in name}
    assert read <= {"__init__.py", "features.py"}  # those before it is said that none need be


def test_the_first_picture_is_the_start_page(start):
    assert (start["name"], start["title"]) == ("start", "VisualNN")
    assert len(start["colors"]) > 3


def test_a_window_that_waits_for_its_document_is_empty(document):
    assert (document["name"], document["title"]) == ("blank", "VisualNN")
    assert len(document["colors"]) == 1
