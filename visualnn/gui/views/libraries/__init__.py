"""The equal lines of PyTorch and Keras: `code` is the field with the lines, `view` the page."""

from visualnn.gui.views.libraries.view import LibraryView

__all__ = ["LibraryView"]
