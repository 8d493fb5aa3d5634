"""Which kernels draw networks."""

from __future__ import annotations

from visualnn.scene.kernels import plain
from visualnn.scene.kernels.switch import Switch

SWITCH = Switch(plain, "raster", "drawing")
kernels, loaded, load, prepare = SWITCH.kernels, SWITCH.loaded, SWITCH.load, SWITCH.prepare
