"""The loss, update by update.

`view` paints title, axes and grid, `curve` is the line as pyqtgraph draws it, `marker` lies over it and answers the
pointer and the keys. As pyqtgraph takes long to import, it is imported by nobody here: somebody loads it in the
background and then calls `LossView.attach`.
"""

from visualnn.gui.views.loss.view import LossView

__all__ = ["LossView"]
