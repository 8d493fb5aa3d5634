"""All compiled kernels. Importing this loads them, or has Numba compile them or load them from its cache."""

from visualnn.precompiled import kernel

HERE = "visualnn.scene.kernels"

draw = kernel(f"{HERE}.brush", "draw")
resolve = kernel(f"{HERE}.pixels", "resolve")
place, project, transform, turn = (kernel(f"{HERE}.radon", name) for name in ("place", "project", "transform", "turn"))
collect, tally = (kernel(f"{HERE}.ranking", name) for name in ("collect", "tally"))

__all__ = ["collect", "draw", "place", "project", "resolve", "tally", "transform", "turn"]
