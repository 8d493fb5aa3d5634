"""Versions are compared with what the installed program asks for, as pip would."""

from __future__ import annotations

from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from visualnn.health.needs import fits, unmet

VERSIONS = st.lists(st.integers(0, 12), min_size=1, max_size=3).map(lambda numbers: ".".join(map(str, numbers)))
BOUNDS = st.lists(st.tuples(st.sampled_from([">=", "<=", "==", "!=", "<", ">"]), VERSIONS), max_size=3)


@given(VERSIONS, BOUNDS)
def test_bounds_mean_what_they_mean_to_pip(version, bounds):
    written = ",".join(f"{sign}{bound}" for sign, bound in bounds)
    assert fits(version, written) == SpecifierSet(written).contains(version)


def test_what_is_installed_here_suits():
    assert unmet() == ()


def test_a_version_that_does_not_suit_is_named(monkeypatch):
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.26.4" if name == "numpy" else real(name))
    assert unmet() == ("numpy 1.26.4 does not suit: >=2.2 is needed. Type: pip install “numpy>=2.2”",)


@pytest.mark.parametrize(("python", "suits"), [((3, 11), False), ((3, 12), True)])
def test_the_qt_that_crashes_before_python_3_12_is_found(monkeypatch, python, suits):
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "6.12.0" if "pyside6" in name.lower() else real(name))
    assert (unmet(python) == ()) is suits


def test_python_itself_may_not_suit():
    assert unmet((3, 9))[0].startswith("Python 3.9 does not suit: ")


def test_what_is_not_installed_as_a_distribution_asks_for_nothing(monkeypatch):
    def nothing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", nothing)
    assert unmet() == ()
