"""The report reads like one: a line for each thing, and the verdict at its end."""

from __future__ import annotations

from dataclasses import replace

from visualnn.health.cuda import Cuda
from visualnn.health.kernels import Kernel
from visualnn.health.libraries import Library
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


def rows(health) -> list[str]:
    """What stands behind CUDA and GPU."""
    lines = text(health, "/home/ada").splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith("CUDA"))
    return lines[begin : next(i for i, line in enumerate(lines) if line.startswith("Parts"))]


def test_without_a_card_there_is_a_row_for_each_sentence(well):
    said = "No NVIDIA driver is to be found (libcuda.so.1); training uses the processor. If there is one, install it."
    assert rows(replace(well, cuda=Cuda(False, said))) == [
        "CUDA         No NVIDIA driver is to be found (libcuda.so.1); training uses the processor.",
        "             If there is one, install it.",
    ]


def test_a_card_is_told_of_with_what_trains_on_it(well):
    found = Cuda(True, "NVIDIA H200 can train: CUDA 13.0.", "NVIDIA H200", "13.0", "9.0", 150_000_000_000, 132, 232_448)
    found = found._replace(
        watchdog=True,
        packages=(Library("numba-cuda", "0.30.4"), Library("cuda-bindings", "13.5.0")),
        kernels=(Kernel("gpu-block", True), Kernel("gpu-grid", False)),
    )
    assert rows(replace(well, cuda=found)) == [
        "CUDA         NVIDIA H200 can train: CUDA 13.0.",
        "GPU          NVIDIA H200, CUDA 13.0, compute capability 9.0",
        "             150.0 GB, 132 multiprocessors, 227 KiB of shared memory a block",
        "             draws the screen, too: the system ends what computes for seconds",
        "GPU packages numba-cuda 0.30.4, cuda-bindings 13.5.0",
        "GPU kernels  gpu-block compiled, gpu-grid to be compiled",
    ]


def test_a_card_without_packages_has_none(well):
    found = Cuda(False, "The package is missing.", "NVIDIA H200", "13.0", "9.0", 150_000_000_000, 132, 232_448)
    assert rows(replace(well, cuda=found))[-1] == "GPU packages none"
