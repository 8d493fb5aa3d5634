"""The controls by which a learner shapes the network on the stage: heads, steppers, and the rings that add a layer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QObject, QPoint, QPointF, QSize, Signal
from PySide6.QtWidgets import QWidget

from visualnn.gui.views.network.head_menu import HeadMenu
from visualnn.gui.views.network.pool import Pool
from visualnn.gui.views.network.room import Fitting, Kind, fit
from visualnn.gui.views.network.rows_menu import NO_ROWS, RowsMenu, RowsSpot
from visualnn.gui.views.network.spots import ColumnSpot, GapSpot, Spots
from visualnn.gui.widgets.add_button import AddButton
from visualnn.gui.widgets.focus import give_back_focus
from visualnn.gui.widgets.head_button import HeadButton
from visualnn.gui.widgets.menu import Menu
from visualnn.gui.widgets.stepper import Stepper
from visualnn.nn.network import MAX_UNITS

__all__ = ["ColumnSpot", "GapSpot", "Shaping"]

MENU_BELOW = 20  # px at scale 1, from the line of the heads


class Shaping(QObject):
    """Puts controls onto the stage and turns them into requests.  They show the spots and change nothing."""

    units_requested = Signal(int, int)  # column, units
    layer_requested = Signal(int)  # after which column
    layer_removal_requested = Signal(int)  # column, as in all that follow
    activation_requested = Signal(int, str)
    initializer_requested = Signal(int, str)
    matrix_requested = Signal(int)
    fold_requested = Signal(int)
    batch_requested = Signal(int)  # rows followed together; 0: one alone
    row_requested = Signal(int)  # so many further on in the batch

    def __init__(self, stage: QWidget):
        super().__init__(stage)
        self._stage = stage
        self._spots = Spots((), (), 0.0, 0.0, 1.0)
        self._size = QSize()
        self._initializers: Mapping[str, str] = {}
        self._rows = NO_ROWS
        self._order: tuple[tuple[Kind, int], ...] = ()
        self._heads = Pool(self._make_head, self._put_away)
        self._steppers = Pool(self._make_stepper, self._put_away)
        self._adders = Pool(self._make_adder, self._put_away)
        for restructuring in (self.layer_requested, self.layer_removal_requested):
            restructuring.connect(self._finish_typing)  # before anybody else hears: columns will get other numbers

    # -- values down ---------------------------------------------------------------------------------------------

    def show(
        self,
        columns: tuple[ColumnSpot, ...],
        gaps: tuple[GapSpot, ...],
        *,
        head_y: float,
        foot_y: float,
        scale: float,
        initializers: Mapping[str, str],
        rows: RowsSpot = NO_ROWS,
    ) -> None:
        """Stand where these spots are; to be called with every picture, cheap if nothing has changed."""
        self._initializers, self._rows = initializers, rows
        spots, size = Spots(columns, gaps, head_y, foot_y, scale), self._stage.size()
        if spots == self._spots and size == self._size:
            return
        self._spots, self._size = spots, size
        fitting = fit(spots, size.width())
        self._stand_heads(fitting)
        self._stand_steppers(fitting)
        self._stand_adders(fitting)
        self._set_tab_order(fitting.order)

    def hide_all(self) -> None:
        """Leave the stage."""
        self.show((), (), head_y=0.0, foot_y=0.0, scale=1.0, initializers={})

    def _stand_heads(self, fitting: Fitting) -> None:
        self._heads.keep(fitting.heads)
        for column, head in self._heads:
            spot = self._spots.column(column)
            head.set_label(spot.label, chevron=fitting.heads[column])
            what = "Rows that make an update" if spot.kind == "input" else f"Activation of {spot.title}"
            head.describe(what, "Size: set by the data" if spot.kind == "output" else "")
            self._stand(head, spot.x, self._spots.head_y)

    def _stand_steppers(self, fitting: Fitting) -> None:
        typing = {column for column, stepper in self._steppers if stepper.is_typing() and self._can_type(column)}
        self._steppers.keep(fitting.steppers | typing)
        for column, stepper in self._steppers:
            self._adjust(stepper, self._spots.column(column))
            stepper.setVisible(column in fitting.steppers)

    def _stand_adders(self, fitting: Fitting) -> None:
        self._adders.keep(fitting.gaps)
        titles = {spot.column: spot.title for spot in self._spots.columns}
        for gap in self._spots.gaps:
            adder = self._adders.get(gap.after)
            if adder is not None:
                adder.set_place(f"After {titles.get(gap.after, '')}")
                self._stand(adder, gap.x, self._spots.foot_y)

    def _adjust(self, stepper: Stepper, spot: ColumnSpot) -> None:
        stepper.setAccessibleName(f"Neurons of {spot.title}")
        stepper.set_removes(spot.removable)
        stepper.set_value(spot.units)
        stepper.set_scale(self._spots.scale)
        stepper.stand_at(QPointF(spot.x, self._spots.foot_y))

    def _stand(self, control: HeadButton | AddButton, x: float, y: float) -> None:
        control.set_scale(self._spots.scale)
        control.stand_at(QPointF(x, y))
        control.show()

    def _set_tab_order(self, order: tuple[tuple[Kind, int], ...]) -> None:
        """From the stage through its controls from left to right, and on to where Tab went before."""
        if order == self._order:
            return
        self._order = order
        pools: dict[Kind, Pool] = {"head": self._heads, "stepper": self._steppers, "gap": self._adders}
        for before, after in pairwise([self._stage, *(pools[kind].get(number) for kind, number in order)]):
            QWidget.setTabOrder(before, after)

    # -- keys of the stage ---------------------------------------------------------------------------------------

    def open_head_menu(self, column: int) -> Menu | None:
        """Open the menu of a column at its head, also where that found no room; None if it has none."""
        spot = self._spots.column(column)
        if spot is None or not spot.has_head:
            return None
        menu = self._rows_menu() if spot.kind == "input" else self._activation_menu(spot)
        head = self._heads.get(column)
        left = head.x() if head is not None else round(spot.x - menu.sizeHint().width() / 2)
        below = round(self._spots.head_y + MENU_BELOW * self._spots.scale)
        menu.popup(self._stage.mapToGlobal(QPoint(left, below)))
        return menu

    def _rows_menu(self) -> RowsMenu:
        menu = RowsMenu(self._rows, self._stage)
        menu.batch_chosen.connect(self.batch_requested)
        menu.row_chosen.connect(self.row_requested)
        return menu

    def _activation_menu(self, spot: ColumnSpot) -> HeadMenu:
        menu, column = HeadMenu(spot, self._initializers, self._stage), spot.column
        menu.activation_chosen.connect(partial(self._on_activation_chosen, spot))
        menu.initializer_chosen.connect(partial(self.initializer_requested.emit, column))
        menu.matrix_chosen.connect(partial(self.matrix_requested.emit, column))
        menu.fold_chosen.connect(partial(self.fold_requested.emit, column))
        menu.removal_chosen.connect(partial(self.layer_removal_requested.emit, column))
        return menu

    def edit_units(self, column: int) -> bool:
        """Let the number of neurons be typed, also where its stepper found no room; False if it cannot be set."""
        if not self._can_type(column):
            return False
        if self._steppers.get(column) is None:
            self._steppers.keep({column, *(number for number, _ in self._steppers)})
            self._adjust(self._steppers.get(column), self._spots.column(column))
        self._steppers.get(column).start_typing()
        return True

    def _finish_typing(self) -> None:
        for _, stepper in [*self._steppers]:
            stepper.finish_typing()

    def _can_type(self, column: int) -> bool:
        spot = self._spots.column(column)
        return spot is not None and spot.kind == "hidden"

    # -- the controls --------------------------------------------------------------------------------------------

    def _make_head(self) -> HeadButton:
        head = HeadButton(self._stage)
        head.clicked.connect(partial(self._on_head_clicked, head))
        return head

    def _make_stepper(self) -> Stepper:
        stepper = Stepper(self._stage)
        stepper.hide()
        stepper.set_range(1, MAX_UNITS)
        stepper.value_requested.connect(partial(self._on_value_requested, stepper))
        stepper.removal_requested.connect(partial(self._on_removal_requested, stepper))
        return stepper

    def _make_adder(self) -> AddButton:
        adder = AddButton(self._stage)
        adder.clicked.connect(partial(self._on_adder_clicked, adder))
        return adder

    def _put_away(self, control: QWidget) -> None:
        if isinstance(control, Stepper):
            control.stop_typing()
        if control.hasFocus():
            give_back_focus(self._stage, control)
        control.hide()

    def _on_head_clicked(self, head: HeadButton, _checked: bool = False) -> None:
        self.open_head_menu(self._heads.number_of(head))

    def _on_activation_chosen(self, spot: ColumnSpot, name: str) -> None:
        if name != spot.activation:
            self.activation_requested.emit(spot.column, name)

    def _on_value_requested(self, stepper: Stepper, units: int) -> None:
        self.units_requested.emit(self._steppers.number_of(stepper), units)

    def _on_removal_requested(self, stepper: Stepper) -> None:
        self.layer_removal_requested.emit(self._steppers.number_of(stepper))

    def _on_adder_clicked(self, adder: AddButton, _checked: bool = False) -> None:
        self.layer_requested.emit(self._adders.number_of(adder))
