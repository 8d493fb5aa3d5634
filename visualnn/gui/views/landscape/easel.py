"""What is drawn beside the window's thread: coarsely while it moves, finely once it rests."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from visualnn.gui.tasks import Newest
from visualnn.gui.views.landscape.aspect import Aspect, Drawing, Ground, drawing, ground
from visualnn.gui.views.landscape.pace import Pace
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.picture import Quality

CALM_MS = 120  # after the last movement


class Easel(QObject):
    """Holds the newest drawing. Its pixels, lines and letters are always of one moment and one camera.

    While only marks move, as in a race, the pixels stay. The fine ones are made in a thread of their own, so that a
    race does not wait for them.
    """

    drawn = Signal()  # there is another drawing
    home_found = Signal(object)  # the camera from which a relief is looked at first

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self.drawing: Drawing | None = None
        self.pace = Pace()
        self._wanted: tuple[Aspect, Marks, float] | None = None  # and pixels to the point
        self._asks_home = False
        self._goal: Quality | None = None  # of what is wanted, once it rests; decided once
        self._known: Ground | None = None  # the newest pixels
        self._maker, self._polisher = Newest(self), Newest(self)
        self._maker.done.connect(self._on_made)
        self._polisher.done.connect(self._on_polished)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM_MS)
        self._calm.timeout.connect(self._on_calm)

    @property
    def busy(self) -> bool:
        """Whether what was asked for is not to be seen yet, as fine as it will be."""
        if self._wanted is None:
            return False
        if self.drawing is None or self.drawing.marks is not self._wanted[1] or self._known is None:
            return True
        return self.drawing.ground is not self._known or not self._known.serves(self._wanted[0], self._fine())

    def ask(self, aspect: Aspect, marks: Marks, ratio: float, *, asks_home: bool = False) -> None:
        """Draw this next; `asks_home`: seen from where most is seen."""
        before, self._wanted = self._wanted, (aspect, marks, ratio)
        self._asks_home = asks_home
        if before is None or (before[0], before[2]) != (aspect, ratio):
            self._goal = None
            self._calm.start()
        known = self._known
        if known is not None and known.aspect == aspect:
            quality = known.quality  # these pixels do
        else:
            quality = self.pace.moving(ratio)
        self._maker.ask(partial(drawing, aspect, quality, marks, known=known, asks_home=asks_home))

    def clear(self) -> None:
        """There is nothing to be drawn."""
        self._calm.stop()
        self._maker.forget()
        self._polisher.forget()
        self._wanted, self.drawing, self._known, self._asks_home = None, None, None, False
        self.drawn.emit()

    def renew(self) -> None:
        """No pixels are known any more."""
        self._polisher.forget()
        self._known = self._goal = None
        self._calm.start()

    def finish(self) -> None:
        """Draw everything here and now, as finely as it will be."""
        if self._wanted is None:
            return
        aspect, marks, _ratio = self._wanted
        self._calm.stop()
        self._maker.forget()
        self._polisher.forget()
        self._on_made(drawing(aspect, self._fine(), marks, known=self._known, asks_home=self._asks_home))

    def rest(self) -> None:
        """Let nothing go on."""
        self._calm.stop()
        self._maker.rest()
        self._polisher.rest()

    def _fine(self) -> Quality:
        if self._goal is None:
            assert self._wanted is not None
            aspect, _marks, ratio = self._wanted
            self._goal = self.pace.resting(aspect.size, ratio)
        return self._goal

    def _on_made(self, made: Drawing) -> None:
        if made.ground is not self._known:
            self.pace.note_pixels(made.ground)
        if self._known is not None and self._known.serves(made.aspect, made.ground.quality):
            made = replace(made, ground=self._known)  # they became finer meanwhile
        self._known = made.ground
        self.pace.note(made)
        self.drawing = made
        if made.home is not None and self._wanted is not None:
            self._asks_home = False
            self._wanted = replace(self._wanted[0], camera=made.home), *self._wanted[1:]
            self.home_found.emit(made.home)
        self.drawn.emit()
        self._refine_later()

    def _refine_later(self) -> None:
        if self.busy and not self._calm.isActive() and not self._polisher.busy:
            self._calm.start()

    def _on_calm(self) -> None:
        """What moves has come to rest; unless it is still being drawn, when this comes again."""
        if self._wanted is not None and self.drawing is not None and self.drawing.aspect == self._wanted[0]:
            fine = self._fine()
            if self._known is None or not self._known.serves(self._wanted[0], fine):
                self._polisher.ask(partial(ground, self._wanted[0], fine))

    def _on_polished(self, made: Ground) -> None:
        self.pace.note_pixels(made)
        shown = self.drawing
        if shown is not None and made.aspect == shown.aspect:
            self._known, self.drawing = made, replace(shown, ground=made)
            self.drawn.emit()
        self._refine_later()
