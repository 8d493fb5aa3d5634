"""A computer on which all is well, to be changed by each test."""

from __future__ import annotations

import pytest

from visualnn.health.cuda import Cuda
from visualnn.health.kernels import Kernel
from visualnn.health.libraries import Library
from visualnn.health.machine import Machine
from visualnn.health.parts import PARTS, Found
from visualnn.health.places import Place
from visualnn.health.report import Health
from visualnn.health.screen import Screen, Toolkit


@pytest.fixture
def well() -> Health:
    """What is found where nothing is missing."""
    return Health(
        version="1.2.3",
        origin="an installed package",
        python="3.12.1, CPython",
        executable="/home/ada/venv/bin/python",
        parts=tuple(Found(part, True, "9.8") for part in PARTS if part.distributions),
        libraries=(Library("OpenBLAS", "0.3.99"),),
        unmet=(),
        toolkit=Toolkit("6.11.3", "", "xcb", ("800×600 at 1×",)),
        screen=Screen("", (), "", "", (("DISPLAY", ":0"),)),
        resources="/opt/visualnn/resources",
        missing=(),
        fonts=("Inter-Regular",),
        places=(Place("Settings", "/home/ada/.config/visualnn/settings.json", True, "they are forgotten"),),
        kernels=(Kernel("lane-float64", True), Kernel("raster", False)),
        ahead=None,
        machine=Machine("Linux", "Some CPU", "x86-64-v3", ("AVX2", "FMA3"), 2, 8_000_000_000, None),
        cuda=Cuda(False, "This system has no CUDA; training uses the processor."),
    )
