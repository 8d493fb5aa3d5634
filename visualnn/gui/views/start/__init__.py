"""The start page: a network that has just added 2 + 2, the last files, the examples.

`arrangement` says where everything goes, `page` is the view, `hero` its large panel with the `adder` that plays one
pass. `pictures` has those on the cards made: `thumbnails`, a few milliseconds at a time after the first paint, and of
files from the `covers` that were read beside the window; `sketches` are those of networks too large to be drawn neuron
by neuron and of rows that are pictures.
"""

from visualnn.gui.views.start.page import StartView

__all__ = ["StartView"]
