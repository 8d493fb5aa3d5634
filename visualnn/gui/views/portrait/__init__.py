"""The network beside its landscape, or the formula of a surface that no network has.

`view` is the pane: a head, the drawing, what it means in words. `canvas` draws the network and hears pointer and keys,
`backdrop` keeps the picture of its many connections, `formula` sets a formula, `content` is what all of them are given.
"""

from visualnn.gui.views.portrait.content import FormulaContent, PortraitContent
from visualnn.gui.views.portrait.view import PortraitView

__all__ = ["FormulaContent", "PortraitContent", "PortraitView"]
