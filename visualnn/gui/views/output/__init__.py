"""What the network says, as a picture that fits the data, and four numbers that say how well.

Two inputs: a map of the plane, with the boundary and the data of two classes, or with contour lines; numbers also as a
surface. One input: a curve. Sums and differences: a grid of pairs. Classes: which is taken for which. Where there is
more than one picture, a row of choices stands above. Everything else: the numbers alone.

`view` is the section, `head` its first line, `sight` what is made for one set of parameters, `picture` what all of its
pictures share. `plane` shows the map that `field` paints, with the `overlay` that stays while the network learns;
`surface` what `strips` and `frame` paint; `answers` and `confusion` are `cells`; `metric` and `numbers` the numbers.
"""

from visualnn.gui.views.output.view import OutputView

__all__ = ["OutputView"]
