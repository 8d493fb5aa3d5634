"""What Landscape mode shows: the network small, the surface large, and the race in the right panel."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.panel import Panel
from visualnn.gui.views.contest import ContestView
from visualnn.gui.views.landscape import LandscapeView
from visualnn.gui.views.portrait import PortraitView

WIDTHS = ((380, 1000), (300, 560), (220, 400))  # px of the network, where the surface has so many beside it


class LandscapeParts:
    """The widgets: left of the stage, before it, and in a page of the panel of their own."""

    def __init__(self, clock: FrameClock, row: QHBoxLayout, front: QStackedWidget, panel: Panel):
        self._front, self._panel = front, panel
        self.portrait = PortraitView(panel.parentWidget())
        self.view = LandscapeView(clock, front)
        self.contest = ContestView(panel)
        row.insertWidget(1, self.portrait)
        self.portrait.hide()
        self._shown, self._width = False, 300
        front.addWidget(self.view)
        self._page = panel.add_page(self.contest)

    def show(self) -> None:
        """Bring them to the front."""
        self._shown = True
        self._show_portrait()
        self._front.setCurrentWidget(self.view)
        self._panel.show_page(self._page)

    def hide(self) -> None:
        """Another mode is in front."""
        self._shown = False
        self._show_portrait()

    def fit(self, room: int) -> None:
        """Divide so many px between the panels; the network goes first."""
        self._width = next((width for width, beside in WIDTHS if room - width >= beside), 0)
        self._show_portrait()

    def _show_portrait(self) -> None:
        if self._width:
            self.portrait.setFixedWidth(self._width)
        self.portrait.setVisible(self._shown and self._width > 0)

    def set_compact(self, compact: bool) -> None:
        """Fewer words where the window is narrow."""
        self.view.set_compact(compact)

    def set_presenting(self, presenting: bool) -> None:
        """Larger letters, and nothing that only who sits at the machine needs."""
        self.view.set_presenting(presenting)

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self.view.rest()
        self.portrait.rest()
