"""The report reads like one: a line for each thing, and the verdict at its end."""

from __future__ import annotations

from dataclasses import replace

from visualnn.health.screen import Toolkit
from visualnn.health.text import WELL, text


def test_it_ends_with_the_verdict(well):
    assert text(well, "/home/ada").splitlines()[-1] == WELL
    broken = text(replace(well, toolkit=Toolkit(problem="Qt cannot be loaded.")), "/home/ada")
    assert broken.splitlines()[-1] == "PROBLEM  Qt cannot be loaded."


def test_it_says_what_is_here(well):
    lines = text(well, "/home/ada").splitlines()
    assert "Processor    Some CPU, 2 cores, x86-64-v3" in lines
    assert "Memory       8.0 GB" in lines
    assert "Kernels      lane-float64 compiled, raster to be compiled" in lines
    assert "Libraries    OpenBLAS 0.3.99" in lines
    assert "Variables    DISPLAY=:0" in lines
    assert any("NumPy 9.8" in line for line in lines)


def test_it_says_which_kernels_an_installer_brought(well):
    assert "all of them ahead of time, for x86-64-v3" in text(replace(well, ahead="x86-64-v3"), "/home/ada")


def test_the_name_of_the_user_is_nobodys_business(well):
    told = text(well, "/home/ada")
    assert "ada" not in told
    assert "~/.config/visualnn/settings.json" in told


def test_a_home_that_is_the_root_is_no_name(well):
    assert "/opt/visualnn/resources" in text(well, "/")


def test_long_lists_are_wrapped(well):
    assert max(map(len, text(well, "/home/ada").splitlines())) <= 122
