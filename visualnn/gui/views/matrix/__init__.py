"""The weights between two columns as a heat map, over the stage.

`view` is the widget, `map` the cells with their names, `content` what they show, `grid` where they lie, `heat` their
colours, `names` what stands beside them, `marks` what lies over them, `legend` what the colours mean, `keys` what keys
mean.
"""

from visualnn.gui.views.matrix.content import MatrixContent
from visualnn.gui.views.matrix.view import MatrixView

__all__ = ["MatrixContent", "MatrixView"]
