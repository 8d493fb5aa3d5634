"""The section of the panel with one picture of what the network says, and the numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui.tasks import Newest
from visualnn.gui.views.output.answers import AnswersPicture
from visualnn.gui.views.output.confusion import ConfusionPicture
from visualnn.gui.views.output.curve import CurvePicture
from visualnn.gui.views.output.head import Head
from visualnn.gui.views.output.metric import Metric
from visualnn.gui.views.output.numbers import Numbers
from visualnn.gui.views.output.overlay import MOST_POINTS
from visualnn.gui.views.output.picture import MARGIN, Picture
from visualnn.gui.views.output.plane import PlanePicture
from visualnn.gui.views.output.sight import Scores, Sight, Wish
from visualnn.gui.views.output.surface import SurfacePicture
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.segmented import Segmented
from visualnn.nn.network import Vector
from visualnn.nn.training import Snapshot
from visualnn.project import Project
from visualnn.scene.maps import POINTS
from visualnn.scene.outputs import HINTS, Kind, kinds_of

PADDING = 24
TOP = 60  # of the picture where there is nothing to choose
CHOICE_Y, CHOICE_PITCH = 52, 34  # of the row of choices, and how much lower the picture is then
BELOW = 6
NUMBERS_WIDTH = 80
GAP = 20
SCROLL_BARS = range(8, 17)  # px; by so much a page becomes narrower when this view is too high for it
SLOW = 2_000_000  # rows, or points of the picture, × parameters; beyond, all of it is made beside the window
REST = 9.0  # how long the maker rests after each, in times of what that took


def _timed(wish: Wish) -> tuple[Sight, float]:
    """A sight, and how many seconds it took."""
    start = monotonic()
    return wish.sight(), monotonic() - start


class OutputView(QWidget):
    """Shows the output of the parameters it was given last."""

    data_requested = Signal()
    sample_requested = Signal(object)  # an input, as the network sees it
    row_requested = Signal(int)  # of the rows to learn from and, after them, those held back

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], float] = monotonic):
        super().__init__(parent)
        self.setObjectName("output")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._project: Project | None = None
        self._parameters: Vector | None = None
        self._snapshot: Snapshot | None = None
        self._scores: Scores | None = None
        self._sight: Sight | None = None
        self._now, self._due = now, 0.0  # when the next sight of a large network may be asked for
        self._reader = Newest(self)
        self._reader.done.connect(self._on_read)
        self._kinds: tuple[Kind, ...] = ()
        self._kind: Kind | None = None
        self._wanted: Kind | None = None  # which the learner chose last; other data may not have it
        self._fitted_width = 0
        self._is_folded = False
        self._make_parts()
        self._fit()

    def _make_parts(self) -> None:
        self.head = Head(PADDING, self)
        self.head.data_requested.connect(self.data_requested)
        self._choice = Segmented((), parent=self, pad=10)
        self._choice.setAccessibleName("Picture of the output")
        self._choice.chosen.connect(self._on_kind_chosen)
        self._choice.hide()
        self.answers, self.confusion = AnswersPicture(self.sight, self), ConfusionPicture(self.sight, self)
        self.plane = PlanePicture(self.sight, self)
        self.surface, self.curve = SurfacePicture(self.sight, self), CurvePicture(self.sight, self)
        self._pictures: dict[Kind, Picture] = {
            Kind.MAP: self.plane,
            Kind.SURFACE: self.surface,
            Kind.CURVE: self.curve,
            Kind.ANSWERS: self.answers,
            Kind.CONFUSION: self.confusion,
        }
        self._numbers = Numbers(self.metrics, self)
        self.answers.changed.connect(self._renew)
        self.answers.sample_requested.connect(self.sample_requested)
        self.confusion.row_requested.connect(self.row_requested)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(
        self, project: Project, parameters: Vector, snapshot: Snapshot | None, *, reading: Scores | None = None
    ) -> None:
        """Show these parameters of the project's network from now on; `reading` is what was measured elsewhere."""
        before = self._project
        self._project, self._parameters, self._snapshot = project, parameters, snapshot
        self._scores = reading
        if before is None or project.data is not before.data or project.network != before.network:
            self._sight = None
            self._offer(kinds_of(project))
        elif project.sample is not before.sample:
            self._show_project()
        self.plane.show_parameters(parameters)
        self.setAccessibleName(f"Output of {project.name}")
        self._renew(hurry=self._sight is None or snapshot is None or snapshot.stop is not None)

    def set_data_open(self, is_open: bool) -> None:
        """Whether the data are to be seen beside the stage."""
        self.head.set_open(is_open)

    def set_folded(self, is_folded: bool) -> None:
        """Only the head, where something else takes the place of picture and numbers; or all of it."""
        if is_folded != self._is_folded:
            self._is_folded = is_folded
            self._fit()

    def set_kind(self, kind: Kind) -> None:
        """Show another picture, if the data have it."""
        self._wanted = kind if kind in self._kinds else self._wanted
        if kind in self._kinds and kind != self._kind:
            self._kind, self._sight = kind, None
            self._choice.set_index(self._kinds.index(kind))
            self._show_project()
            self._fit()
            self._renew()

    @property
    def kind(self) -> Kind | None:
        """The picture on screen; None where there is none."""
        return self._kind

    @property
    def picture(self) -> Picture | None:
        """What paints it."""
        return None if self._kind is None else self._pictures[self._kind]

    def metrics(self) -> tuple[Metric, ...]:
        """The numbers on screen: all of the same update, which while a large training runs may be a little past."""
        sight = self.sight()
        return () if sight is None else sight.metrics

    def sight(self) -> Sight | None:
        """Picture and numbers on screen; None as long as those of a large network are being made."""
        if self._sight is None and self._project is not None and not self._is_slow():
            self._take(self._wish().sight())
        return self._sight

    @property
    def busy(self) -> bool:
        """Whether picture and numbers are being made."""
        return self._reader.busy

    def finish(self) -> None:
        """Have everything made now; for pictures and tests."""
        self._reader.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._reader.rest()

    # -- what is to be seen --------------------------------------------------------------------------------------

    def _renew(self, *, hurry: bool = True) -> None:
        """Have what is to be seen made, at once or beside the window."""
        if self._project is None:
            return
        if self._is_slow():
            self._ask(hurry)
        else:
            self._reader.forget()
            self._sight = None
        self._refresh()

    def _wish(self) -> Wish:
        picture = self.picture
        draw = None if picture is None else picture.drawing()
        return Wish(self._project, self._parameters, self._snapshot, self._kind, draw, self._scores)

    def _is_slow(self) -> bool:
        points = POINTS**2 if self._kind is Kind.MAP else 0
        data = self._project.data
        return max(data.rows + data.tests, points) * self._parameters.size > SLOW

    def _ask(self, hurry: bool) -> None:
        """Have it made beside the window; while a run goes on, it gets a small share of the time."""
        if hurry or self._now() >= self._due:
            self._reader.ask(partial(_timed, self._wish()))

    def _on_read(self, made: tuple[Sight, float]) -> None:
        sight, seconds = made
        self._due = self._now() + seconds * REST
        project = self._project
        if (
            project is not None
            and sight.of.data is project.data
            and sight.of.network is project.network
            and sight.kind is self._kind
        ):
            self._take(sight)
            self._refresh()

    def _take(self, sight: Sight) -> None:
        self._sight = sight
        spoken = ", ".join(f"{m.label} {m.value} {m.rest}".strip() for m in sight.metrics)
        self.setAccessibleDescription(spoken)

    def _refresh(self) -> None:
        self._numbers.update()
        self.head.show_text(self._project.name, self.counted(), is_late=self._is_late())
        if self.picture is not None:
            self.picture.refresh()

    # -- which picture -------------------------------------------------------------------------------------------

    def _offer(self, kinds: tuple[Kind, ...]) -> None:
        """The pictures that the data have; the one that was chosen last if it is among them."""
        self._kinds = kinds
        first = kinds[0] if kinds else None
        self._kind = self._wanted if self._wanted in kinds else first
        self._choice.set_labels([kind.value for kind in kinds])
        self._choice.set_hints([HINTS[kind] for kind in kinds])
        if self._kind is not None:
            self._choice.set_index(kinds.index(self._kind))
        self._show_project()
        self._fit()

    def _show_project(self) -> None:
        if self.picture is not None:
            self.picture.show_project(self._project)

    def _on_kind_chosen(self, index: int) -> None:
        self.set_kind(self._kinds[index])

    # -- places --------------------------------------------------------------------------------------------------

    def _has_choice(self) -> bool:
        return len(self._kinds) > 1 or (self.picture is not None and self.picture.control is not None)

    def _top(self) -> int:
        return TOP + (CHOICE_PITCH if self._has_choice() else 0)

    def _fit(self) -> None:
        """As high as the content needs at this width."""
        self._fitted_width = self.width()
        room, picture = self.width() - 2 * PADDING, self.picture
        for kind, each in self._pictures.items():
            if each.control is not None:
                each.control.setVisible(kind is self._kind and not self._is_folded)
        if picture is None:
            self._numbers.setGeometry(PADDING, self._top(), room, self._numbers.lying_height())
            bottom = self._numbers.geometry().bottom() + 1
        else:
            bottom = self._fit_picture(picture, room)
        for each in self._pictures.values():
            each.setVisible(each is picture and not self._is_folded)
        self._numbers.setVisible(not self._is_folded)
        self._place_choices()
        self.setFixedHeight(self.head.height() if self._is_folded else bottom + BELOW)

    def _fit_picture(self, picture: Picture, room: int) -> int:
        """The picture with the numbers beside or below it; where both end."""
        picture.fit(room - GAP - NUMBERS_WIDTH if picture.beside else room)
        picture.move(PADDING - MARGIN, self._top() - MARGIN)
        bottom = picture.geometry().bottom() + 1 - MARGIN
        if not picture.beside:
            self._numbers.setGeometry(PADDING, bottom + 4, room, self._numbers.lying_height(rows=1))
            return self._numbers.geometry().bottom() + 1
        left = picture.geometry().right() + 1 - MARGIN + GAP
        high = max(bottom - self._top(), self._numbers.standing_height())
        self._numbers.setGeometry(left, self._top(), self.width() - PADDING // 2 - left, high)
        return max(bottom, self._top() + high)

    def _place_choices(self) -> None:
        self._choice.setVisible(len(self._kinds) > 1 and not self._is_folded)
        self._choice.resize(self._choice.sizeHint())
        self._choice.move(PADDING, CHOICE_Y)
        control = None if self.picture is None else self.picture.control
        if control is not None:
            control.resize(control.sizeHint())
            out = 12 if isinstance(control, TextButton) else 0
            right = self.width() - PADDING + out - control.width()
            control.move(right if len(self._kinds) > 1 else PADDING, CHOICE_Y)

    # -- the head and events -------------------------------------------------------------------------------------

    def counted(self) -> str:
        """How many rows there are; while the numbers lag behind the run, of which update they are."""
        data = self._project.data
        if self._is_late():
            return f"at update {self._sight.update:,}"
        rows = data.rows + data.tests
        noun = "points" if data.classification and Kind.MAP in self._kinds else "rows"
        drawn = min(data.rows, MOST_POINTS) + min(data.tests, MOST_POINTS)
        some = f"{drawn:,} of " if noun == "points" and drawn < rows and self._kind is Kind.MAP else ""
        return f"{some}{rows:,} {noun if rows != 1 else noun[:-1]}"

    def _is_late(self) -> bool:
        """Whether the numbers are not those of the newest update, and do not say so themselves."""
        sight, snapshot = self._sight, self._snapshot
        known = sight is not None and sight.update is not None and snapshot is not None
        return known and sight.update != snapshot.update and self._project.data.tests > 0

    def resizeEvent(self, _event: QEvent) -> None:
        """Keeps the height when a scroll bar comes, which would go with a lower view, and come with a higher one …"""
        self.head.resize(self.width(), self.head.height())
        narrower = self._fitted_width - self.width()
        if narrower and narrower not in SCROLL_BARS:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._sight = None
            self._renew()
        super().changeEvent(event)
