"""All compiled kernels. Importing this compiles them, or loads them from the cache."""

from visualnn.scene.kernels.brush import draw
from visualnn.scene.kernels.pixels import resolve
from visualnn.scene.kernels.radon import place, project, transform, turn
from visualnn.scene.kernels.ranking import collect, tally

__all__ = ["collect", "draw", "place", "project", "resolve", "tally", "transform", "turn"]
