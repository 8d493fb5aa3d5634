"""What a map says of a point: how high the surface is drawn there, and how high a ball really is."""

from __future__ import annotations

import numpy as np

from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Trail
from visualnn.scene.landscape.picking import height
from visualnn.scene.landscape.relief import TALL, Relief
from visualnn.scene.scales import tick_text

OFF = 0.012  # of the scale: a smaller difference between a loss and the surface is none
INSIDE = 1 + 1e-9  # of the square


def _share(relief: Relief, x: float, y: float) -> float | None:
    """How high the surface is there, 0…1; None outside, no number in a hole."""
    flat = relief.world([(x, y)])
    if not np.isfinite(flat).all() or np.abs(flat).max() > INSIDE:
        return None
    return float(height(ground(relief), flat)[0]) / TALL


def has_loss(relief: Relief, x: float, y: float) -> bool:
    """Whether the loss at a point of the window is a number."""
    share = _share(relief, x, y)
    return share is not None and bool(np.isfinite(share))


def surface_loss(relief: Relief, x: float, y: float) -> float | None:
    """What the surface shows at a point of the window; None outside, in its holes, and where it is cut off."""
    share = _share(relief, x, y)
    if share is None or not np.isfinite(share) or (relief.is_clipped and share > 1 - 1e-6):
        return None
    return relief.loss(share)


def surface_words(relief: Relief, x: float, y: float) -> str:
    """The same in words; between the points that were computed it is about so high."""
    share, loss = _share(relief, x, y), surface_loss(relief, x, y)
    if share is None:
        return ""
    if loss is not None:
        return f"loss {'' if relief.is_flat else '≈ '}{short(loss)}"
    return f"loss above {short(relief.high)}" if np.isfinite(share) else "loss is no number"


def difference(relief: Relief, trail: Trail) -> str:
    """The loss of a ball and that of the surface under it, where they are not the same."""
    if trail.floors is not None:
        surface: float | None = float(trail.floors[-1])
    else:
        surface = surface_loss(relief, *trail.points[-1].tolist())
    if surface is None or not np.isfinite(surface):
        return ""
    apart = abs(float(relief.share(trail.height)) - float(relief.share(surface)))
    return f"loss {short(trail.height)} · surface {short(surface)}" if apart > OFF else ""


def ball_words(trail: Trail) -> str:
    """Whose ball it is, and how high it is."""
    return f"{trail.name or trail.letter}: loss {short(trail.height)}"


def short(loss: float) -> str:
    """A loss in three digits."""
    return tick_text(float(f"{loss:.3g}")) if np.isfinite(loss) else "not a number"
