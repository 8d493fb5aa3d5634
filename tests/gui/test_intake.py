"""What is dropped, pasted or typed from outside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from safetensors.numpy import save_file

from visualnn.gui import intake

LINK = "https://playground.tensorflow.org/#activation=tanh&batchSize=10&dataset=spiral&networkShape=4,2&seed=0.5&x=true&y=true"


def of_file(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def of_text(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A network of 2-2-1 neurons without its activations: it takes the larger of two numbers apart."""
    path = tmp_path / "weights.safetensors"
    layers = {"0.weight": [[1.0, -1.0], [-1.0, 1.0]], "0.bias": [0.0, 0.0], "2.weight": [[1.0, 1.0]], "2.bias": [0.5]}
    save_file({name: np.array(values) for name, values in layers.items()}, path)
    return path


@pytest.mark.parametrize("name", ["a.vnn", "a.csv", "a.ONNX", "a.keras", "a.safetensors", "a.json", "a.pt", "a.h5"])
def test_a_file_that_may_be_opened_is_taken(qapp, tmp_path, name):
    assert intake.offered(of_file(tmp_path / name)) == str(tmp_path / name)


@pytest.mark.parametrize("text", ["", "hello", "https://example.org/#seed", "x" * 20_000])
def test_other_things_are_not(qapp, tmp_path, text):
    assert intake.offered(of_text(text)) == ""
    assert intake.offered(of_file(tmp_path / "picture.png")) == ""
    two = QMimeData()
    two.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.vnn", "b.vnn")])
    assert intake.offered(two) == ""


def test_a_link_that_is_dropped_opens(adder):
    window, data = adder.window, of_text(f"  {LINK}\n")
    enter = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )
    project = window.workspace.project
    assert project.network.sizes == (2, 4, 2, 1)
    assert window.workspace.path is None
    assert "Opened" in window.toast.text()


def test_a_link_on_the_clipboard_opens_by_its_key(qtbot, adder):
    table = adder.window.actions_table
    QGuiApplication.clipboard().setText("nothing to open")
    qtbot.keyClick(adder.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert adder.window.toast.text() == table.reason("paste") != ""
    QGuiApplication.clipboard().setText(LINK)
    assert not table.reason("paste")
    qtbot.keyClick(adder.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert adder.window.workspace.project.network.sizes == (2, 4, 2, 1)
    QGuiApplication.clipboard().clear()


def test_a_link_that_is_typed_into_find_is_offered(adder):
    adder.window.sheets.open_find()
    adder.window.sheets.find.line().setText(LINK)
    adder.window.sheets.find.choose()
    assert adder.window.workspace.project.network.sizes == (2, 4, 2, 1)


def test_weights_without_activations_are_asked_about(qtbot, adder, weights):
    window = adder.window
    before = window.workspace.project
    window.intake.open(str(weights))
    sheet = window.intake.activations_sheet
    assert sheet.isVisible()
    assert window.workspace.project is before
    sheet.output.set_key("linear")
    qtbot.keyClick(sheet, Qt.Key.Key_Return)
    project = window.workspace.project
    assert project.network.activations == ("relu", "linear")
    assert [float(w) for w in project.parameters] == [1.0, -1.0, -1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.5]


def test_who_does_not_know_them_leaves_everything_as_it_was(qtbot, adder, weights):
    before = adder.window.workspace.project
    adder.window.intake.open(str(weights))
    qtbot.keyClick(adder.window.intake.activations_sheet, Qt.Key.Key_Escape)
    assert adder.window.workspace.project is before


def test_a_model_that_was_opened_has_its_notes_at_hand(adder, weights):
    window = adder.window
    window.intake.open(str(weights))
    window.intake.activations_sheet.accept()
    assert "weights.safetensors" in window.toast.text()
    window.toast.trigger()
    assert window.sheets.notes.isVisible()
    assert window.sheets.notes.field.toPlainText() == window.workspace.project.notes != ""
    window.sheets.notes.leave()


def test_what_cannot_be_read_is_said(adder, tmp_path):
    path = tmp_path / "model.pt"
    path.write_bytes(b"\x80\x02")
    adder.window.intake.open(str(path))
    assert "pickle" in adder.window.toast.text()
