"""What is asked for around the data: other ones, another row, one that is drawn or typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from visualnn.gui import edits
from visualnn.gui.editor import Editor
from visualnn.gui.parts import Parts
from visualnn.gui.workspace import Workspace
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.network import Vector
from visualnn.project import Project

if TYPE_CHECKING:
    from visualnn.gui.views.data import DataView

WRITTEN = {True: "Drawing", False: "Text"}


class DataDesk(QObject):
    """Keeps the data panel open or closed and turns what it, the pads and the output ask for into edits."""

    def __init__(self, parts: Parts, workspace: Workspace, editor: Editor):
        super().__init__(parts)
        self._parts, self._workspace, self._editor = parts, workspace, editor
        self._rng = np.random.default_rng()
        parts.data_made.connect(self._on_data_made)
        parts.left.opened.connect(self._on_opened)
        for reader in (parts.step_reader, parts.train_reader):
            reader.sample_requested.connect(self._on_sample_written)
            reader.stroke_finished.connect(self._on_written)
            reader.test_row_requested.connect(self.show_test_row)
        parts.output.data_requested.connect(self.toggle)
        parts.output.row_requested.connect(self.show_row)
        parts.output.sample_requested.connect(self._on_sample_requested)
        workspace.project_changed.connect(self._on_project_changed)

    def _on_data_made(self, data: DataView) -> None:
        data.recipe_requested.connect(self._on_recipe_requested)
        data.recipe_scrubbed.connect(self._on_recipe_scrubbed)
        data.dataset_requested.connect(self._on_dataset_requested)
        data.dataset_scrubbed.connect(self._on_dataset_scrubbed)
        data.scrub_finished.connect(self._on_scrub_finished)
        data.row_requested.connect(self.show_row)
        data.closed.connect(self.close)

    # -- the panel -----------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether the panel is to be seen."""
        return self._parts.left.is_open

    def toggle(self) -> None:
        """Open the panel, or close it."""
        if self.is_open:
            self.close()
        else:
            self._open()

    def _open(self) -> DataView:
        data = self._parts.data  # before it takes the focus
        self._parts.left.set_open(True)
        return data

    def close(self) -> None:
        """Close the panel."""
        self._parts.left.set_open(False)

    def open_file(self, path: str) -> None:
        """Read a table in the panel."""
        self._open().open_file(path)

    # -- rows ----------------------------------------------------------------------------------------------------

    def show_row(self, row: int) -> None:
        """A row on the stage: one of those to learn from or, counted on, of those held back."""
        self._editor.apply(edits.row_shown(row))

    def show_test_row(self) -> None:
        """Another of the rows held back, at random; of all rows where there are none."""
        project = self._workspace.project
        if project is not None:
            data = project.data
            first, count = (data.rows, data.tests) if data.tests else (0, data.rows)
            self.show_row(first + int(self._rng.integers(count)))

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_opened(self, is_open: bool) -> None:
        if is_open and self._workspace.project is not None:
            self._parts.data.show_project(self._workspace.project)

    def _on_project_changed(self, project: Project, _before: Project | None) -> None:
        if self.is_open:
            self._parts.data.show_project(project)

    def _on_recipe_requested(self, recipe: Recipe) -> None:
        self._editor.apply(edits.with_other_recipe(recipe))

    def _on_recipe_scrubbed(self, recipe: Recipe) -> None:
        self._editor.drag("data", edits.with_other_recipe(recipe))

    def _on_dataset_requested(self, data: Dataset) -> None:
        self._editor.apply(edits.with_other_data(data))

    def _on_dataset_scrubbed(self, data: Dataset) -> None:
        self._editor.drag("data", edits.with_other_data(data))

    def _on_scrub_finished(self) -> None:
        self._editor.end_drag("data")

    def _on_sample_requested(self, sample: Vector) -> None:
        self._editor.apply(edits.sampled(sample, "Another pair"))

    def _on_sample_written(self, sample: Vector) -> None:
        project = self._workspace.project
        if project is not None:
            self._editor.drag("written", edits.sampled(sample, WRITTEN[project.data.image is not None]))

    def _on_written(self) -> None:
        self._editor.end_drag("written")
