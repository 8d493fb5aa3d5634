"""What keeps the program from running is a problem, what it does without a note; each is one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from visualnn.health.findings import extras, notes, problems
from visualnn.health.places import Place
from visualnn.health.report import Health
from visualnn.health.screen import Library, Screen, Toolkit


def without(health: Health, *modules: str) -> Health:
    """The same where some parts are not installed."""
    return replace(health, parts=tuple(each._replace(here=each.part.module not in modules) for each in health.parts))


def test_where_all_is_well_nothing_is_said(well):
    assert problems(well) == notes(well) == ()


@pytest.mark.parametrize("module", ["PySide6", "shiboken6", "numpy", "pyqtgraph", "platformdirs"])
def test_without_these_it_cannot_run(well, module):
    (said,) = problems(without(well, module))
    assert "is not installed; type: pip install " in said


def test_without_numba_it_runs_and_says_what_is_lost(well):
    slow = without(well, "numba", "llvmlite")
    assert problems(slow) == ()
    assert notes(slow) == (
        "Numba is not installed, and training and drawing take many times as long; type: pip install numba",
    )


def test_where_an_installer_brought_kernels_nobody_needs_numba(well):
    assert notes(replace(without(well, "numba", "llvmlite"), ahead="x86-64-v3")) == ()
    (said,) = notes(replace(without(well, "numba", "llvmlite"), ahead=""))
    assert said.startswith("No kernels came along for a processor like this one, and training and drawing take")


def test_a_packaged_app_is_installed_again(well):
    (said,) = problems(without(replace(well, origin="a packaged app"), "numpy"))
    assert said == "NumPy is not installed; please install VisualNN again"


def test_a_missing_library_comes_with_the_command_that_brings_it(well):
    library = Library("libxcb-cursor.so.0", "libxcb-cursor0")
    lacking = Screen("", (library,), "sudo apt install libxcb-cursor0", "VisualNN cannot start Qt.", ())
    (said,) = problems(replace(well, screen=lacking))
    assert said == "VisualNN cannot start Qt. Type: sudo apt install libxcb-cursor0"


def test_that_qt_cannot_be_loaded_is_said_once(well):
    broken = replace(well, toolkit=Toolkit(problem="Qt cannot be loaded: no libEGL."))
    assert problems(broken) == ("Qt cannot be loaded: no libEGL.",)
    assert len(problems(without(broken, "PySide6"))) == 1


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ({"resources": ""}, "The resources of VisualNN are nowhere to be found; please install VisualNN again."),
        ({"missing": ("icons",)}, "icons cannot be found in /opt/visualnn/resources; please install VisualNN again."),
        ({"fonts": ()}, "There are no fonts in /opt/visualnn/resources; please install VisualNN again."),
        ({"unmet": ("numpy 1.0 does not suit.",)}, "numpy 1.0 does not suit."),
    ],
)
def test_a_damaged_installation(well, lost, said):
    assert problems(replace(well, **lost)) == (said,)


def test_a_place_that_cannot_be_written_is_a_note(well):
    shut = Place("Log", "/var/log", False, "errors are not written down")
    assert notes(replace(well, places=(shut,))) == ("Log: /var/log cannot be written; errors are not written down.",)
    (said,) = notes(replace(well, places=(shut._replace(path=""), shut._replace(path=""))))
    assert said.startswith("There is no folder of the user's own")


def test_extras_are_here_or_not(well):
    assert extras(without(well, "av")) == (
        ("film (MP4 films)", False),
        ("keras (models of Keras)", True),
        ("gpu (training on an NVIDIA card)", True),
    )
