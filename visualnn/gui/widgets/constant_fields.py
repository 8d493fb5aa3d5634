"""Fields for what an optimizer has beside its rate: momentum, ρ, both β."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.number_field import NumberField, Steps
from visualnn.nn.optimizers import Optimizer

HIGH, BEFORE, GAP, WIDEST = 32, 8, 12, 112  # px
SHARE = Steps(0.0, 0.9999, 0.001)
BOTH = (("beta1", "β₁"), ("beta2", "β₂"))
CONSTANTS = {  # by the optimizer: fields of `Optimizer`, and what they are called
    "momentum": (("momentum", "momentum"),),
    "nesterov": (("momentum", "momentum"),),
    "rmsprop": (("rho", "ρ"),),
    "adam": BOTH,
    "adamw": BOTH,
    "nadam": BOTH,
    "lion": BOTH,
}


class ConstantFields(QWidget):
    """One or two fields in a line, each at the right of its label; nothing where the optimizer has none."""

    optimizer_requested = Signal(object)  # Optimizer

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._optimizer = Optimizer()
        self._labels: tuple[tuple[str, str], ...] = ()
        self.fields: dict[str, NumberField] = {}
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_optimizer(self, optimizer: Optimizer) -> None:
        """Show the constants of this one."""
        self._optimizer = optimizer
        wanted = CONSTANTS.get(optimizer.name, ())
        if wanted != self._labels:
            self._labels = wanted
            self._make()
        for name, field in self.fields.items():
            field.set_value(getattr(optimizer, name))

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not self._labels

    def _make(self) -> None:
        for field in self.fields.values():
            field.hide()
            field.deleteLater()
        self.fields = {}
        for name, label in self._labels:
            field = NumberField(getattr(self._optimizer, name), SHARE, self, name=label)
            field.committed.connect(lambda _before, value, name=name: self._on_committed(name, value))
            field.show()
            self.fields[name] = field
        self._place()
        self.update()

    def _on_committed(self, name: str, value: float) -> None:
        self.optimizer_requested.emit(replace(self._optimizer, **{name: value}))

    def _place(self) -> None:
        share = (self.width() - GAP * (len(self._labels) - 1)) / max(1, len(self._labels))
        for index, (name, label) in enumerate(self._labels):
            room = share - theme.text_width(label, 12, 450) - BEFORE
            wide = round(room if len(self._labels) > 1 else min(room, WIDEST))
            end = round(index * (share + GAP) + share)
            self.fields[name].setGeometry(end - wide, 0, wide, HIGH)

    def resizeEvent(self, _event: QEvent) -> None:
        self._place()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            share = (self.width() + GAP) / max(1, len(self._labels))
            for index, (_name, label) in enumerate(self._labels):
                theme.draw_text(painter, index * share, HIGH / 2, label, 12, 450, "text2")
