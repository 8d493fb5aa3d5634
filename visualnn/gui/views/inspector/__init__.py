"""One neuron's sum, one weight's slope or update, or the loss, written out with its real numbers.

`view` is the widget, `sections` says what stands below what and how close, `fit` decides how a table is written in the
room there is, `rows` paints it, `cards` the links of the chain rule, `bars` the terms of a long sum, `curve` the
activation over sums; `speech` says all of it to those who hear it.
"""

from visualnn.gui.views.inspector.speech import EMPTY
from visualnn.gui.views.inspector.view import InspectorView

__all__ = ["EMPTY", "InspectorView"]
