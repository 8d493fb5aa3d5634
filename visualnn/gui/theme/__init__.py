"""Colours, letters and icons of the window: everything painted asks here, by role and never by colour.

`current()` is the theme to paint with now.  `appearance()` is the one object that changes it: it gives the whole
application a new palette and style sheet, and with them Qt repaints every widget, so that a widget that asks for its
colours while it paints has nothing to follow.

Imports nothing of ours but `assets`.
"""

from visualnn.gui.theme.application import MODES, Appearance, appearance
from visualnn.gui.theme.icons import draw_icon, icon, icon_pixmap
from visualnn.gui.theme.letters import draw_runs, draw_text, elided, font, runs_width, text_width
from visualnn.gui.theme.tokens import Ink, Theme, color, current, load, mix, pressed

__all__ = [
    "MODES",
    "Appearance",
    "Ink",
    "Theme",
    "appearance",
    "color",
    "current",
    "draw_icon",
    "draw_runs",
    "draw_text",
    "elided",
    "font",
    "icon",
    "icon_pixmap",
    "load",
    "mix",
    "pressed",
    "runs_width",
    "text_width",
]
