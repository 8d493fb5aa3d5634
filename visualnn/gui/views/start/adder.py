"""The living adder: the article's network with its answer lit.  It plays one pass and then rests for good."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from visualnn.files import examples
from visualnn.gui import theme
from visualnn.gui.canvas import paint
from visualnn.gui.clock import FrameClock
from visualnn.gui.widgets.glide import Glide
from visualnn.nn.trace import Trace, trace
from visualnn.project import Project
from visualnn.scene import look, network, playback
from visualnn.scene.arrangement import layout
from visualnn.scene.formula import number, short
from visualnn.scene.frame import Frame, Place, Text, moved
from visualnn.scene.layout import Layout
from visualnn.scene.timeline import Timeline

APPEAR_MS = 240
WAIT_MS = 1200  # the finished picture is seen before it plays
PASS_S = 5.0
STYLE = network.Style(editable=False, heads=False, biases=False)
SCALE, SMALLEST_SCALE = 0.86, 0.7  # as designed; where there is little room
DESIGNED_WIDTH = 684.0
SIDES = 30.0  # how much closer to the edges than on the stage a narrow network comes, at scale 1


@lru_cache(maxsize=2)
def panel_look(name: str) -> look.Look:
    """The colours for a scene that stands on a panel instead of the canvas."""
    base = look.load(name)
    return look.Look(base.dark, {**base.tokens, "canvas": base["panel"]}, base.faded)


@dataclass(frozen=True, eq=False)
class Subject:
    """The example and its pass."""

    project: Project
    trace: Trace
    timeline: Timeline


@cache
def subject() -> Subject:
    """Read and computed once: the loader does so beside the window."""
    project = examples.load("adder")
    made = trace(project.network, project.parameters, project.sample)
    return Subject(project, made, Timeline(project.network))


class LivingAdder(QWidget):
    """Paints the network on its parent's panel; holds the clock only while the pass plays."""

    def __init__(self, clock: FrameClock, parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._subject = subject()
        self._clock = clock
        self._t: float | None = None  # None: at rest, everything known
        self._began = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.play)
        self._appearing = Glide(self, APPEAR_MS, value=1.0)
        self._appearing.finished.connect(self._on_appeared)
        self._still = QPixmap()  # what appears
        clock.ticked.connect(self._on_ticked)
        theme.appearance().motion_changed.connect(self._on_motion_changed)
        self.setAccessibleName("A network of 13 numbers")
        self.setAccessibleDescription(f"It says {self.answer()}.")

    def answer(self) -> str:
        """The line under the output."""
        a, b = (short(float(v)) for v in self._subject.trace.x)
        if self._t is not None:
            return f"{a} + {b} = ?"
        return f"{a} + {b} ≈ {number(float(self._subject.trace.output[0]))}"

    @property
    def is_playing(self) -> bool:
        """Whether the pass runs now."""
        return self._t is not None

    def appear(self) -> None:
        """Comes to a page that is seen already: not all at once, but where motion is reduced."""
        self._appearing.value = 0.0
        self._appearing.go(1.0)

    def play(self) -> None:
        """Plays one pass, unless motion is reduced or nobody looks."""
        if theme.appearance().reduced_motion or not self.isVisible():
            return
        self._t = 0.0
        self._clock.hold(self)
        self.update()

    def rest(self) -> None:
        """Shows the finished picture."""
        self._wait.stop()
        self._clock.release(self)
        self._t = None
        self.update()

    def frame(self) -> Frame:
        """What it shows now."""
        subject = self._subject
        if self._t is None:
            picture = replace(playback.whole(subject.trace), focus=Place("neuron", 2, 0))
        else:
            picture = playback.picture(subject.trace, subject.timeline, self._t)
        colors = panel_look(theme.current().name)
        place, dx = self._layout()
        made = network.frame(place, picture, subject.project.names, colors, STYLE)
        output, k = place.columns[-1], place.scale
        size = 14 if k >= 0.8 else 12
        below = Text(output.x, output.ys[0] + output.radius + 29 * k, self.answer(), size, 600, colors["text"])
        made = replace(made, items=(*made.items, below))
        return moved(made, dx, (self.height() - place.height) / 2)

    def _layout(self) -> tuple[Layout, float]:
        """The stage's layout and how far to move it: closer to the edges, with neither heads nor controls here."""
        width, height = float(self.width()), float(self.height())
        share = min(width / 600, height / 300, 1.0)
        k = round(max(SCALE * share, SMALLEST_SCALE), 2)
        pitch = min((height / 2 - 24 * k - 6) / 1.27, 130 * k)  # beneath the last neuron: half a block and its number
        aside = SIDES * k * min(max((DESIGNED_WIDTH - width) / 100, 0.0), 1.0)
        network = self._subject.project.network
        return layout(network, width + 2 * aside, 2 * pitch + 140 * k, k, heads=False), -aside

    def _picture(self) -> QPixmap:
        """The picture at rest, painted once: it appears while much else is being imported."""
        size = self.size() * self.devicePixelRatioF()
        if self._still.size() != size:
            self._still = QPixmap(size)
            self._still.setDevicePixelRatio(self.devicePixelRatioF())
            self._still.fill(Qt.GlobalColor.transparent)
            with QPainter(self._still) as painter:
                paint(painter, self.frame())
        return self._still

    def _on_appeared(self) -> None:
        self._still = QPixmap()

    def _on_ticked(self, seconds: float, _now: float) -> None:
        if self._t is None:
            return
        length = len(self._subject.timeline)
        self._t += seconds * length / PASS_S
        if self._t >= length:
            self.rest()
        self.update()

    def _on_motion_changed(self, reduced: bool) -> None:
        if reduced:
            self.rest()

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            if self._appearing.value < 1.0:
                painter.setOpacity(self._appearing.value)
                painter.drawPixmap(0, 0, self._picture())
            else:
                paint(painter, self.frame())
        if not self._began:
            self._began = True
            self._wait.start()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self.rest()
