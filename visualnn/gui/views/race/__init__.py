"""A race between ways to train, side by side: who is where after the same updates from the same weights.

`sights` is what each says all over the plane, `controls` play, step, start, speed and goal, `view` the page; a runner's
row is `widgets.lane_row`.
"""

from visualnn.gui.views.race.view import RaceView

__all__ = ["RaceView"]
