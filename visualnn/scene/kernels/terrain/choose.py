"""Which kernels draw landscapes."""

from __future__ import annotations

from visualnn.scene.kernels.switch import Switch
from visualnn.scene.kernels.terrain import plain

SWITCH = Switch(plain, "terrain", "turning landscapes")
kernels, loaded, load, prepare = SWITCH.kernels, SWITCH.loaded, SWITCH.load, SWITCH.prepare
