"""Which part of a plane the map shows, while the surface of the part that is wished for is still to come."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from visualnn.gui.clock import FrameClock
from visualnn.scene.landscape.relief import Relief, Window
from visualnn.scene.landscape.windows import edges_of, is_same, panned

PAUSE_S = 0.1  # from one wish of a turning wheel to the next
KEPT = 32  # wishes that are remembered


class Scope(QObject):
    """A part that is wished for is shown at once, and until its relief comes, or that of another surface."""

    wished = Signal(object)  # `nn.landscape.window.Window`

    def __init__(self, clock: FrameClock, parent: QObject):
        super().__init__(parent)
        self._clock = clock
        self.is_home = True  # whether nothing was wished for since the whole was seen
        self._shown: Window | None = None  # None: that of the relief
        self._wishes: list[Window] = []
        self._waited: float | None = None  # seconds since the part was changed without a wish
        clock.ticked.connect(self._on_ticked)

    def window(self, relief: Relief) -> Window:
        """The part that is to be seen."""
        return self._shown or relief.window

    def arrive(self, relief: Relief | None, before: Relief | None) -> bool:
        """Another relief. Whether it is that of a wish, or a finer one of the same part; not of another surface."""
        if relief is None or before is None:
            self.go_home()
            return False
        if is_same(relief.window, self.window(before)):
            self.settle()
            return True
        known = [*self._wishes, before.window]
        if self._shown is not None and any(is_same(relief.window, each) for each in known):
            return True  # the newest wish is still to come
        self.go_home()
        return False

    def go_home(self) -> None:
        """The whole of it."""
        self.settle()
        self.is_home = True

    def settle(self) -> None:
        """Show what there is, and wish for nothing."""
        self._shown, self._waited = None, None
        self._wishes.clear()
        self._clock.release(self)

    def show(self, window: Window) -> None:
        """Show this part; it is not wished for yet."""
        self._shown = window

    def wish_soon(self) -> None:
        """Wish for what is shown, with all that is changed until then."""
        if self._waited is None:
            self._waited = 0.0
            self._clock.hold(self)

    def wish(self) -> None:
        """Wish for what is shown."""
        self._waited = None
        self._clock.release(self)
        wish = None if self._shown is None else panned(self._shown, 0.0, 0.0)
        if wish is not None:
            self.is_home = False
            self._wishes = [*self._wishes[1 - KEPT :], edges_of(wish)]
            self.wished.emit(wish)

    def rest(self) -> None:
        """Let nothing go on."""
        self._waited = None
        self._clock.release(self)

    def _on_ticked(self, seconds: float, _now: float) -> None:
        if self._waited is not None:
            self._waited += seconds
            if self._waited >= PAUSE_S:
                self.wish()
