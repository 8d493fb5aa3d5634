"""All compiled kernels. Importing this loads them, or has Numba compile them or load them from its cache."""

from visualnn.precompiled import kernel

HERE = "visualnn.scene.kernels.terrain"

cover = kernel(f"{HERE}.mesh", "cover")
doubled, halved = (kernel(f"{HERE}.fold", name) for name in ("doubled", "halved"))
glaze = kernel(f"{HERE}.glaze", "glaze")
hidden = kernel(f"{HERE}.sight", "hidden")
lit = kernel(f"{HERE}.light", "lit")
shade = kernel(f"{HERE}.shade", "shade")

__all__ = ["cover", "doubled", "glaze", "halved", "hidden", "lit", "shade"]
