"""All compiled kernels. Importing this compiles them, or loads them from the cache."""

from visualnn.scene.kernels.terrain.fold import doubled, halved
from visualnn.scene.kernels.terrain.glaze import glaze
from visualnn.scene.kernels.terrain.light import lit
from visualnn.scene.kernels.terrain.mesh import cover
from visualnn.scene.kernels.terrain.shade import shade
from visualnn.scene.kernels.terrain.sight import hidden

__all__ = ["cover", "doubled", "glaze", "halved", "hidden", "lit", "shade"]
