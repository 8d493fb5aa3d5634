"""Draws pictures for the network to read, and shows what it takes them for while they are being drawn.

`view` is the view, `places` where its parts stand, `surface` what is drawn on, `strokes` the ink on it, `cells` a
picture as the network gets it, `bars` the guesses.
"""

from visualnn.gui.views.pad.view import PadView

__all__ = ["PadView"]
