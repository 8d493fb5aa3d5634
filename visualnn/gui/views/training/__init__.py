"""How to train: optimizer, rate, batches, and behind “More settings” what is rarely changed.

`settings` is the table of all rows, `view` the widget.
"""

from visualnn.gui.views.training.view import TrainingView

__all__ = ["TrainingView"]
