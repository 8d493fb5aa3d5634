"""One neuron's sum, or one weight, written out with its real numbers.

`view` is the widget, `fit` decides how a table is written in the room there is, `rows` paints it, `curve` paints the
activation over sums.
"""

from visualnn.gui.views.inspector.view import EMPTY, InspectorView

__all__ = ["EMPTY", "InspectorView"]
