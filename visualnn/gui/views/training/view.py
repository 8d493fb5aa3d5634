"""The widget: a label and a field for every setting that matters, and below them the devices."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.training.device import DeviceView
from visualnn.gui.views.training.settings import ALL, FIRST, MORE, Setting, Table
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.number_field import NumberField
from visualnn.nn.options import Options
from visualnn.scene.progress import first_weights

PADDING = 24
FIRST_Y = 24  # the middle of the first row
PITCH = 40
FIELD_WIDTH = 150
LINKS_PITCH = 32  # from the two large links to the row of small ones
BELOW_LINKS = 16
LINKS_OVERLAP = 6  # their letters stand this much closer than their boxes
LINKS = (
    ("Race", "Two to five ways to train, side by side", "race"),
    ("Sweep", "Every learning rate with every seed, at once", "sweep"),
    ("Inside", "Weights, activations and slopes of every layer over time", "insides"),
    ("Code", "The same in PyTorch and Keras", "library"),
)

Field = MenuField | NumberField


class Disclosure(TextButton):
    """Opens what is hidden beneath it; its chevron says which way."""

    def __init__(self, parent: QWidget):
        super().__init__("More settings", parent=parent, trailing="chevron-down")
        self.is_open = False

    def set_open(self, is_open: bool) -> None:
        """Says what a click does now."""
        self.is_open = is_open
        self._trailing = "chevron-up" if is_open else "chevron-down"
        self.set_label("Fewer settings" if is_open else "More settings")
        self.resize(self.sizeHint())


class TrainingView(QWidget):
    """Shows options and emits whole new ones, once for every finished change."""

    options_requested = Signal(object, str)  # Options, what was changed, in the words of the undo menu
    rate_scrubbed = Signal(float)  # while the rate is dragged
    rate_finished = Signal()  # the drag is over, however it ended
    opened = Signal()  # further settings have come
    page_requested = Signal(str)  # "runs", "race", "sweep", "insides" or "library"

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("training")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._options, self._table = Options(), Table()
        self._fresh = True
        self._fields = {setting.name: self._made(setting) for setting in FIRST}  # in the order of the Tab key
        self._more = Disclosure(self)
        self.runs = TextButton("Runs", "history", parent=self, tooltip="All runs of this document")
        self.runs.clicked.connect(partial(self.page_requested.emit, "runs"))
        self._links = tuple(self._link(*link) for link in LINKS)
        self._fields |= {setting.name: self._made(setting) for setting in MORE}
        self._more.clicked.connect(self._on_more_clicked)
        self.device = DeviceView(self)
        self.device.height_changed.connect(self._arrange)
        self.show_options(self._options, 1, "linear")

    def _link(self, label: str, tip: str, page: str) -> TextButton:
        """A quiet way to a page that slides over the panel."""
        link = TextButton(label, parent=self, tooltip=tip, size=12, weight=500)
        link.clicked.connect(partial(self.page_requested.emit, page))
        return link

    def _made(self, setting: Setting) -> Field:
        if setting.steps is None:
            menu = MenuField([], self, name=setting.name, width=FIELD_WIDTH)
            menu.chosen.connect(partial(self._on_chosen, setting))
            return menu
        field = NumberField(0, setting.steps, self, name=setting.name, width=FIELD_WIDTH)
        field.committed.connect(partial(self._on_committed, setting))
        if setting.name == "Learning rate":
            field.edited.connect(self.rate_scrubbed)
            field.finished.connect(self.rate_finished)
        return field

    def field(self, name: str) -> Field:
        """The field beside this label."""
        return self._fields[name]

    # -- values down ---------------------------------------------------------------------------------------------

    def show_options(
        self, options: Options, rows: int, output_activation: str, classification: bool = False, tests: int = 0
    ) -> None:
        """Show these options for a data set of so many rows, and of others that are held back."""
        self._options, self._table = options, Table(rows, tests, output_activation, classification)
        for setting in (*FIRST, *MORE):
            self._show(setting)
        self.setAccessibleName("How to train")
        self.setAccessibleDescription(self.seed_line())
        self._arrange()

    def _show(self, setting: Setting) -> None:
        field, shown, tip = self._fields[setting.name], setting.get(self._options), setting.tip(self._options)
        if isinstance(field, NumberField):
            field.set_value(shown)
            field.set_hint(tip)
            return
        choices = setting.choices(self._options, self._table)
        field.set_options(choices)
        field.set_key(shown if shown in dict(choices) else ALL)  # a batch larger than the data is all of them
        field.setToolTip(tip)

    def set_rate_trouble(self, sentence: str) -> None:
        """A red edge around the learning rate, with what it did; "" takes it away."""
        self._fields["Learning rate"].set_trouble(sentence)

    def seed_line(self) -> str:
        """Where the run began."""
        return first_weights(self._options) if self._fresh else "Starts from its own weights"

    def show_start(self, fresh: bool) -> None:
        """Whether the run began at random weights of the seed."""
        if fresh != self._fresh:
            self._fresh = fresh
            self.setAccessibleDescription(self.seed_line())
            self.update()

    def show_runs(self, count: int) -> None:
        """How many runs there are to compare."""
        label = f"Runs · {count}" if count else "Runs"
        if label != self.runs.label():
            self.runs.set_label(label)
            self._place()

    @property
    def is_open(self) -> bool:
        """Whether the further settings are to be seen."""
        return self._more.is_open

    # -- requests up ---------------------------------------------------------------------------------------------

    def _request(self, options: Options, what: str) -> None:
        if options != self._options:
            self.options_requested.emit(options, what)

    def _on_chosen(self, setting: Setting, key: str) -> None:
        self._request(setting.put(self._options, key), setting.name)

    def _on_committed(self, setting: Setting, _before: float, value: float) -> None:
        self._request(setting.put(self._options, value), setting.name)

    def open(self) -> None:
        """Show the further settings, too."""
        if not self.is_open:
            self._on_more_clicked()

    def _on_more_clicked(self) -> None:
        self._more.set_open(not self.is_open)
        self._arrange()
        if self.is_open:
            self.opened.emit()

    # -- places --------------------------------------------------------------------------------------------------

    def _rows(self) -> tuple[Setting | None, ...]:
        """One for each row of 40 px; None where “More settings” stands."""
        more = tuple(setting for setting in MORE if self._matters(setting)) if self.is_open else ()
        return (*FIRST, None, *more)

    def _matters(self, setting: Setting) -> bool:
        return setting.matters(self._options) and (self._table.tests > 0 or not setting.needs_tests)

    def _arrange(self) -> None:
        """Show what matters, as high as it takes."""
        seen = {setting.name for setting in self._rows() if setting is not None}
        for name, field in self._fields.items():
            field.setVisible(name in seen)
        self.device.setVisible(self.is_open)
        end = round(self._middles()[-1])
        self.setFixedHeight(end + (FIRST_Y + self.device.height() if self.is_open else BELOW_LINKS))
        self._place()
        self.update()

    def _middles(self) -> list[float]:
        """Of all rows; the links stand closer."""
        middles, y = [], float(FIRST_Y)
        for row in self._rows():
            middles.append(y if row is not None else y - 2)
            y += PITCH if row is not None else PITCH + LINKS_PITCH
        return middles if self.is_open else [*middles, y - PITCH - 2]

    def _links_y(self) -> float:
        return self._middles()[len(FIRST)] + LINKS_PITCH

    def _place(self) -> None:
        left = self.width() - PADDING - FIELD_WIDTH
        for y, setting in zip(self._middles(), self._rows(), strict=False):
            if setting is None:
                self._place_links(round(y))
            else:
                self._fields[setting.name].setGeometry(left, round(y) - 16, FIELD_WIDTH, 32)
        self.device.setGeometry(0, round(self._middles()[-1]) + FIRST_Y, self.width(), self.device.height())

    def _place_links(self, y: int) -> None:
        self._more.move(PADDING - 12, y - 16)
        size = self.runs.sizeHint()
        self.runs.setGeometry(self.width() - PADDING + 12 - size.width(), y - 16, size.width(), size.height())
        x = PADDING - 12
        for link in self._links:
            size = link.sizeHint()
            link.setGeometry(x, round(self._links_y()) - size.height() // 2, size.width(), size.height())
            x += size.width() - LINKS_OVERLAP

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for y, setting in zip(self._middles(), self._rows(), strict=False):
                if setting is None:
                    self._paint_seed(painter, self._links_y())
                else:
                    theme.draw_text(painter, PADDING, y, setting.name, 13, 450, "text2")

    def _paint_seed(self, painter: QPainter, y: float) -> None:
        """Where new weights come from, in as many words as there is room for."""
        room = self.width() - PADDING - self._links[-1].geometry().right() - 4
        lines = (self.seed_line(), f"Seed {self._options.seed}" if self._fresh else "Its own weights")
        fitting = (line for line in lines if theme.text_width(line, 12, 450) <= room)
        line = next(fitting, "")  # half a number would be another one
        theme.draw_text(painter, self.width() - PADDING, y, line, 12, 450, "text3", "r")
