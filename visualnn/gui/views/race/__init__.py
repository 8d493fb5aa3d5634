"""A race between ways to train, side by side: who is where after the same updates from the same weights.

`lane` is a runner's row, `sights` what each says all over the plane, `controls` play, step, start, speed and goal,
`view` the page.
"""

from visualnn.gui.views.race.view import RaceView

__all__ = ["RaceView"]
