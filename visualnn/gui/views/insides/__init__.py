"""More about a run: what happens inside of every layer while it learns.

`view` holds three charts with the same axis of time: `strip` shows where the weights, activations or slopes of one
layer lie, `ratio` how far an update moves the weights of each, `dead` how many neurons say nothing any more. `chart`
is what they share: the axis, the pointer, the keys; `note` the words beside the pointer.
"""

from visualnn.gui.views.insides.view import InsidesView

__all__ = ["InsidesView"]
