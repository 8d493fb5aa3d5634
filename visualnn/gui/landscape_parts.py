"""What Landscape mode shows: the network small, the surface large, and the race in the right panel."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.panel import Panel
from visualnn.gui.views.contest import ContestView
from visualnn.gui.views.landscape import LandscapeView
from visualnn.gui.views.portrait import PortraitView

WIDE, NARROW = 300, 220  # px of the network, and where the window is narrow


class LandscapeParts:
    """The widgets: left of the stage, before it, and in a page of the panel of their own."""

    def __init__(self, clock: FrameClock, row: QHBoxLayout, front: QStackedWidget, panel: Panel):
        self._front, self._panel = front, panel
        self.portrait = PortraitView(panel.parentWidget())
        self.view = LandscapeView(clock, front)
        self.contest = ContestView(panel)
        row.insertWidget(1, self.portrait)
        self.portrait.setFixedWidth(WIDE)
        self.portrait.hide()
        front.addWidget(self.view)
        self._page = panel.add_page(self.contest)

    def show(self) -> None:
        """Bring them to the front."""
        self.portrait.show()
        self._front.setCurrentWidget(self.view)
        self._panel.show_page(self._page)

    def hide(self) -> None:
        """Another mode is in front."""
        self.portrait.hide()

    def set_compact(self, compact: bool) -> None:
        """Less room for the network where the window is narrow."""
        self.portrait.setFixedWidth(NARROW if compact else WIDE)
        self.view.set_compact(compact)

    def set_presenting(self, presenting: bool) -> None:
        """Larger letters, and nothing that only who sits at the machine needs."""
        self.view.set_presenting(presenting)

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self.view.rest()
        self.portrait.rest()
