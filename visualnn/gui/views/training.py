"""How to train: optimizer, rate, batches, and behind “More settings” what is rarely changed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.menu_field import MenuField
from visualnn.gui.widgets.number_field import NumberField, Steps
from visualnn.nn.functions import losses_for
from visualnn.nn.training import Options
from visualnn.scene.scales import tick_text

PADDING = 24
FIRST_Y = 26  # the middle of the first row
PITCH = 40
FIELD_WIDTH = 150

OPTIMIZERS = {  # what it is called here, and in the libraries
    "sgd": ("SGD", 'torch.optim.SGD · Keras "sgd"'),
    "momentum": ("Momentum", "torch.optim.SGD(momentum=0.9) · keras.optimizers.SGD(momentum=0.9)"),
    "adam": ("Adam", 'torch.optim.Adam · Keras "adam"'),
}
INITIALIZERS = {
    "glorot_uniform": ("Glorot uniform", 'torch.nn.init.xavier_uniform_ · Keras "glorot_uniform"'),
    "glorot_normal": ("Glorot normal", "torch.nn.init.xavier_normal_ · like Keras “glorot_normal”, not cut off"),
    "he_uniform": ("He uniform", 'torch.nn.init.kaiming_uniform_ · Keras "he_uniform"'),
    "he_normal": ("He normal", "torch.nn.init.kaiming_normal_ · like Keras “he_normal”, not cut off"),
}
LOSSES = {
    "mse": ("Squared error", 'torch.nn.MSELoss · Keras "mse"'),
    "binary_cross_entropy": ("Cross-entropy", 'torch.nn.BCELoss · Keras "binary_crossentropy"'),
    "cross_entropy": ("Cross-entropy", 'torch.nn.CrossEntropyLoss · Keras "categorical_crossentropy"'),
}
BATCH_SIZES = (1, 4, 16, 32, 64, 128, 256, 512, 1024)
GOALS = (0.1, 0.01, 0.001, 1e-4, 1e-6, 1e-8, 1e-10)
ALL, NEVER = "all", "never"
RATE = Steps(1e-6, 100.0, 0.01, is_log=True)
SEED = Steps(0, 999_999, 1, is_whole=True)


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

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("training")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._options = Options()
        self._fresh = True
        self._rows = 1
        self._optimizer = self._menu("Optimizer", {key: label for key, (label, _) in OPTIMIZERS.items()})
        self._rate = NumberField(0.1, RATE, self, name="Learning rate", width=FIELD_WIDTH)
        self._batch = self._menu("Batch size", {ALL: "all"})
        self._more = Disclosure(self)
        self._initializer = self._menu("First weights", {key: label for key, (label, _) in INITIALIZERS.items()})
        self._seed = NumberField(0, SEED, self, name="Seed", width=FIELD_WIDTH)
        self._loss = self._menu("Loss", {"mse": LOSSES["mse"][0]})
        self._goal = self._menu("Stop at loss", {NEVER: "never"})
        self._connect()
        self._set_open(False)
        self.show_options(self._options, self._rows, "linear")

    def _menu(self, name: str, options: dict[str, str]) -> MenuField:
        return MenuField(list(options.items()), self, name=name, width=FIELD_WIDTH)

    def _connect(self) -> None:
        self._optimizer.chosen.connect(self._on_optimizer_chosen)
        self._rate.edited.connect(self.rate_scrubbed)
        self._rate.finished.connect(self.rate_finished)
        self._rate.committed.connect(self._on_rate_committed)
        self._batch.chosen.connect(self._on_batch_chosen)
        self._more.clicked.connect(self._on_more_clicked)
        self._initializer.chosen.connect(self._on_initializer_chosen)
        self._seed.committed.connect(self._on_seed_committed)
        self._loss.chosen.connect(self._on_loss_chosen)
        self._goal.chosen.connect(self._on_goal_chosen)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_options(self, options: Options, rows: int, output_activation: str) -> None:
        """Show these options for a data set of so many rows."""
        self._options, self._rows = options, rows
        self._optimizer.set_key(options.optimizer.name)
        self._optimizer.setToolTip(OPTIMIZERS[options.optimizer.name][1])
        self._rate.set_value(options.optimizer.rate)
        self._show_batch(options.batch_size, rows)
        self._initializer.set_key(options.initializer)
        self._initializer.setToolTip(INITIALIZERS[options.initializer][1])
        self._seed.set_value(options.seed)
        self._show_loss(options.loss, losses_for(output_activation))
        self._show_goal(options.goal)
        self.setAccessibleName("How to train")
        self.setAccessibleDescription(self.seed_line())
        self.update()

    def _show_batch(self, size: int | None, rows: int) -> None:
        sizes = {s for s in BATCH_SIZES if s < rows} | ({size} if size is not None and size < rows else set())
        self._batch.set_options([(ALL, f"all {rows:,}"), *((str(s), f"{s:,}") for s in sorted(sizes))])
        self._batch.set_key(ALL if size is None or size >= rows else str(size))
        self._batch.setToolTip("Rows per update. PyTorch and Keras: batch_size")

    def _show_loss(self, loss: str, fitting: tuple[str, ...]) -> None:
        self._loss.set_options([(name, LOSSES[name][0]) for name in dict.fromkeys((*fitting, loss))])
        self._loss.set_key(loss)
        only = fitting == (loss,)
        self._loss.setEnabled(not only)
        self._loss.setToolTip(LOSSES[loss][1] + ("\nThe only loss here that fits this output." if only else ""))

    def _show_goal(self, goal: float | None) -> None:
        goals = sorted({*GOALS, *(() if goal is None else (goal,))}, reverse=True)
        self._goal.set_options([(NEVER, "never"), *((repr(g), tick_text(g)) for g in goals)])
        self._goal.set_key(NEVER if goal is None else repr(goal))
        self._goal.setToolTip("Training pauses by itself below this loss.")

    def set_rate_trouble(self, sentence: str) -> None:
        """A red edge around the learning rate, with what it did; "" takes it away."""
        self._rate.set_trouble(sentence)

    def seed_line(self) -> str:
        """Where the run began."""
        return f"Random weights, seed {self._options.seed}" if self._fresh else "Starts from its own weights"

    def show_start(self, fresh: bool) -> None:
        """Whether the run began at random weights of the seed."""
        if fresh != self._fresh:
            self._fresh = fresh
            self.setAccessibleDescription(self.seed_line())
            self.update()

    @property
    def is_open(self) -> bool:
        """Whether the further settings are to be seen."""
        return self._more.is_open

    # -- requests up ---------------------------------------------------------------------------------------------

    def _request(self, options: Options, what: str) -> None:
        if options != self._options:
            self.options_requested.emit(options, what)

    def _on_optimizer_chosen(self, name: str) -> None:
        optimizer = replace(self._options.optimizer, name=name)
        self._request(replace(self._options, optimizer=optimizer), "Optimizer")

    def _on_rate_committed(self, _before: float, rate: float) -> None:
        optimizer = replace(self._options.optimizer, rate=rate)
        self._request(replace(self._options, optimizer=optimizer), "Learning rate")

    def _on_batch_chosen(self, key: str) -> None:
        self._request(replace(self._options, batch_size=None if key == ALL else int(key)), "Batch size")

    def _on_initializer_chosen(self, key: str) -> None:
        self._request(replace(self._options, initializer=key), "First weights")

    def _on_seed_committed(self, _before: float, seed: float) -> None:
        self._request(replace(self._options, seed=int(seed)), "Seed")

    def _on_loss_chosen(self, key: str) -> None:
        self._request(replace(self._options, loss=key), "Loss")

    def _on_goal_chosen(self, key: str) -> None:
        self._request(replace(self._options, goal=None if key == NEVER else float(key)), "Stop at loss")

    def _on_more_clicked(self) -> None:
        self._set_open(not self.is_open)

    # -- places --------------------------------------------------------------------------------------------------

    def _set_open(self, is_open: bool) -> None:
        self._more.set_open(is_open)
        for field in (self._initializer, self._seed, self._loss, self._goal):
            field.setVisible(is_open)
        self.setFixedHeight(FIRST_Y + PITCH * (7 if is_open else 3) + FIRST_Y)
        self._place()
        self.update()

    def _fields(self) -> tuple[MenuField | NumberField | None, ...]:
        """One for each row of 40 px; None where “More settings” stands."""
        seen = (self._optimizer, self._rate, self._batch, None)
        return (*seen, self._initializer, self._seed, self._loss, self._goal) if self.is_open else seen

    def _place(self) -> None:
        left = self.width() - PADDING - FIELD_WIDTH
        for row, field in enumerate(self._fields()):
            top = FIRST_Y + row * PITCH - 16
            if field is None:
                self._more.move(PADDING - 12, top)
            else:
                field.setGeometry(left, top, FIELD_WIDTH, 32)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, field in enumerate(self._fields()):
                y = FIRST_Y + row * PITCH
                if field is None:
                    self._paint_seed(painter, y)
                else:
                    theme.draw_text(painter, PADDING, y, field.accessibleName(), 13, 450, "text2")

    def _paint_seed(self, painter: QPainter, y: float) -> None:
        """Where new weights come from, in as many words as there is room for."""
        room = self.width() - PADDING - self._more.geometry().right() - 8
        lines = (self.seed_line(), f"Seed {self._options.seed}" if self._fresh else "Its own weights")
        fitting = (line for line in lines if theme.text_width(line, 12, 450) <= room)
        line = next(fitting, theme.elided(lines[-1], room, 12, 450))
        theme.draw_text(painter, self.width() - PADDING, y, line, 12, 450, "text3", "r")
