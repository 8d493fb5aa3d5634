"""What the network says for every point of the plane, and four numbers that say how well.

Classes: a decision map with its boundary and the data. Numbers: the output as a map with contour lines. Networks that
do not have two inputs and one answer: the numbers alone.

`view` is the view, `field` paints the map, `overlay` what lies over it and stays while the network learns, `metric` the
numbers.
"""

from visualnn.gui.views.output.view import OutputView

__all__ = ["OutputView"]
