"""Shaping the network where it is drawn: the controls below and above its columns, the map of a folded one, menus."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal

from visualnn.gui import edits
from visualnn.gui.edits import Edit
from visualnn.gui.views.network.minimap import Minimap
from visualnn.gui.views.network.rows_menu import NO_ROWS, RowsSpot
from visualnn.gui.views.network.shaping import ColumnSpot, GapSpot, Shaping
from visualnn.gui.views.network.stage import Stage
from visualnn.gui.widgets.menu import Menu
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS
from visualnn.scene.frame import Place
from visualnn.scene.layout import Layout
from visualnn.scene.minimap import MinimapContent
from visualnn.scene.names import INITIALIZERS
from visualnn.scene.network import column_title, input_words

MARGIN = 16


class Shaper(QObject):
    """Puts the controls where the stage's layout says, and turns them into edits."""

    edit_requested = Signal(object)  # Edit
    matrix_requested = Signal(int)  # layer
    inspection_requested = Signal(object)  # Place

    def __init__(self, stage: Stage):
        super().__init__(stage)
        self._stage = stage
        self.shaping = Shaping(stage)
        self.minimap = Minimap(stage)
        self.minimap.hide()
        self._placed: Layout | None = None
        self._rows_shown: RowsSpot | None = None
        self._norms: tuple[float, ...] | None = None  # slopes of each layer, as shown last
        self._mapped: tuple[object, ...] = ()  # what the map shows
        self.minimap.column_requested.connect(stage.unfold)
        stage.layout_changed.connect(self._place)
        stage.content_shown.connect(self._on_content_shown)
        self._connect()

    def _connect(self) -> None:
        shaping = self.shaping
        shaping.units_requested.connect(self._on_units)
        shaping.layer_requested.connect(self._on_layer)
        shaping.layer_removal_requested.connect(self._on_removal)
        shaping.activation_requested.connect(self._on_activation)
        shaping.initializer_requested.connect(self._on_initializer)
        shaping.matrix_requested.connect(self._on_matrix)
        shaping.fold_requested.connect(self._stage.fold)

    # -- controls ------------------------------------------------------------------------------------------------

    def _on_content_shown(self) -> None:
        made = self._stage.layout_shown()
        if made is None or made is not self._placed or self._rows() != self._rows_shown:
            self._place()
        elif made.manner.foot:
            self._show_map()

    def _place(self) -> None:
        made = self._placed = self._stage.layout_shown()
        if made is None:
            self.shaping.hide_all()
            return
        if self._stage.presenting:
            self.shaping.hide_all()
        else:
            self._place_controls(made)
        self._place_map(made)

    def _place_controls(self, made: Layout) -> None:
        k, rows = made.head_scale, self._rows()
        self._rows_shown = rows
        self.shaping.show(
            column_spots(made, rows), gap_spots(made), head_y=made.head_y + 20 * k, foot_y=made.foot_y, scale=k,
            initializers={key: label for key, (label, _) in INITIALIZERS.items()}, rows=rows or NO_ROWS,
        )  # fmt: skip

    def _rows(self) -> RowsSpot | None:
        """Which rows make an update; None where that cannot be chosen."""
        content = self._stage.content
        if content is None or not self._stage.chooses_rows:
            return None
        batch, rows = content.trace.batch, content.project.data.rows
        return RowsSpot(rows) if batch is None else RowsSpot(rows, len(batch.inputs), batch.row)

    def _place_map(self, made: Layout) -> None:
        self.minimap.setVisible(made.manner.foot > 0)
        if made.manner.foot > 0:
            width = min(round(made.width) - 2 * MARGIN, 1400)
            left = (round(made.width) - width) // 2
            height = self._stage.minimap_height()
            self.minimap.setGeometry(left, round(made.height) - height, width, height)
            self._show_map()

    def _show_map(self) -> None:
        made, moment = self._stage.layout_shown(), self._stage.moment()
        if made is None or moment is None or not made.manner.foot:
            return
        columns = range(len(made.network.sizes))
        shown = (made, moment.trace, tuple(map(moment.reached, columns)))
        if len(self._mapped) == 3 and all(a is b or a == b for a, b in zip(shown, self._mapped, strict=True)):
            return
        self._mapped = shown
        slopes = moment.trace.slopes if moment.computed else ()
        again = moment.computed and moment.moved is not None and not slopes  # the pass with the new numbers
        norms = tuple(each.norm for each in slopes) if slopes else self._norms if again else None
        self._norms = norms
        opened = tuple(column.index for column in made.columns)
        titles = tuple(column_title(made.network, index) for index in columns)
        activations = tuple(moment.passed(index) for index in columns)
        self.minimap.show_content(MinimapContent(activations, norms, opened, titles))

    def _on_units(self, column: int, units: int) -> None:
        self.edit_requested.emit(edits.resized(column, units))

    def _on_layer(self, after: int) -> None:
        self.edit_requested.emit(edits.layer_added(after))

    def _on_removal(self, column: int) -> None:
        self.edit_requested.emit(edits.layer_removed(column))

    def _on_activation(self, column: int, name: str) -> None:
        self.edit_requested.emit(edits.activated(column, name))

    def _on_initializer(self, column: int, name: str) -> None:
        self.edit_requested.emit(edits.redrawn(column, name))

    def _on_matrix(self, column: int) -> None:
        self.matrix_requested.emit(column - 1)

    # -- the menu of a place -------------------------------------------------------------------------------------

    def open_menu(self, place: Place, point: QPoint) -> Menu | None:
        """What can be done with a neuron or a connection."""
        project = self._stage.project
        if project is None or place.kind == "fold":
            return None
        menu = Menu(self._stage)
        menu.addAction("Inspect").triggered.connect(lambda: self.inspection_requested.emit(place))
        switch = edits.switched(project, place)
        if switch is not None:
            self._add(menu, switch)
        hidden = 0 < place.column < len(project.network.sizes) - 1
        if hidden and place.kind != "weight" and project.network.sizes[place.column] > 1:
            self._add(menu, edits.neuron_removed(place))
        if place.column:
            layer = place.column - 1
            menu.addAction("Matrix of these weights").triggered.connect(lambda: self.matrix_requested.emit(layer))
        menu.popup(point)
        return menu

    def _add(self, menu: Menu, edit: Edit) -> None:
        menu.addAction(edit.text).triggered.connect(lambda: self.edit_requested.emit(edit))


def column_spots(made: Layout, rows: RowsSpot | None = None) -> tuple[ColumnSpot, ...]:
    """Where the controls of the open columns stand; `rows` can be chosen above the inputs."""
    columns, last = made.columns, len(made.network.sizes) - 1
    xs = [column.center_x for column in columns]
    found = []
    for place, column in enumerate(columns):
        near = [abs(xs[other] - xs[place]) for other in (place - 1, place + 1) if 0 <= other < len(xs)]
        index = column.index
        kind = "input" if index == 0 else "output" if index == last else "hidden"
        found.append(
            ColumnSpot(
                index, column.center_x, min(near, default=made.width), column.units, kind,
                made.network.activations[index - 1] if index else None,
                ACTIVATIONS if index == last else HIDDEN_ACTIVATIONS,
                column_title(made.network, index), kind == "hidden", kind == "hidden" and len(columns) > 2,
                rows.label(input_words(column)) if rows is not None and not index else "",
            )
        )  # fmt: skip
    return tuple(found)


def gap_spots(made: Layout) -> tuple[GapSpot, ...]:
    """Where a layer can be added: between two neighbours."""
    return tuple(GapSpot(layer, (left.center_x + right.center_x) / 2) for layer, left, right in made.gaps)
