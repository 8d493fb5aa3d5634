"""At the window: the export sheet by keys and by pointer, the film's choices, progress, Cancel."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QFileDialog

from tests.gui.conftest import LEFT, Learner
from visualnn.exchange.kinds import FOLDER, KINDS
from visualnn.exchange.writing import packed
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.export import encoders as module
from visualnn.gui.export import movie
from visualnn.gui.export.film import Cut
from visualnn.gui.export.sheet import PURPOSE_SIZE
from visualnn.nn.errors import VisualNNError


class Dialog:
    """Stands in for the file dialog: what it was asked, and what is answered."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path):
        self.folder, self.asked = folder, []
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._answer)

    def _answer(self, _parent: object, title: str, proposed: str, kind: str) -> tuple[str, str]:
        self.asked.append((title, Path(proposed).name, kind))
        return str(self.folder / Path(proposed).name), ""


@pytest.fixture
def dialog(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Dialog:
    return Dialog(monkeypatch, tmp_path)


def finish(learner: Learner) -> None:
    learner.until(lambda: not learner.window.exports.exporter.busy)


def row(learner: Learner, name: str) -> QPoint:
    found = next(spot.box for spot in learner.window.sheets.export.rows() if spot.offer.id == name)
    return found.center().toPoint()


def test_ctrl_e_shows_everything_that_can_be_taken_away(adder):
    adder.press("Ctrl+E")
    sheet = adder.window.sheets.export
    assert sheet.isVisible()
    assert [(offer.group, offer.title) for offer in sheet.offers] == [
        ("Code", "Python"), ("Code", "NumPy"), ("Code", "PyTorch"), ("Code", "Keras"), ("Code", "Copy Python"),
        ("Model", "ONNX"), ("Model", "safetensors"), ("Model", "JSON"),
        ("Picture", "PNG"), ("Picture", "SVG"), ("Picture", "PDF"), ("Film", "GIF"), ("Film", "MP4"),
        ("Numbers", "CSV of all steps"), ("Numbers", "CSV of the weights"),
    ]  # fmt: skip
    assert all(offer.purpose and not offer.reason for offer in sheet.offers)
    adder.press("Esc")
    assert not sheet.isVisible()


@pytest.mark.parametrize("size", [(960, 640), (1280, 800), (1920, 1080)])
def test_the_sheet_and_its_words_fit_the_window(adder, size):
    adder.window.resize(*size)
    adder.push(adder.page.top_bar.export)
    sheet = adder.window.sheets.export
    assert QRectF(sheet.rect()).contains(sheet.card())
    for spot in sheet.rows():
        assert sheet.card().contains(spot.box)
        said = [spot.offer.purpose, movie.MISSING if spot.offer.id == "export_mp4" else ""]
        assert max(theme.text_width(text, PURPOSE_SIZE) for text in said) <= sheet.room(spot)
    assert not adder.window.grab().isNull()


def test_a_picture_by_keys(adder, dialog, tmp_path):
    adder.player.seek(35)
    adder.press("Ctrl+E", "Right", "Down", "Return")
    finish(adder)
    assert dialog.asked == [("Save the picture", "add-two-numbers-step-35.svg", "SVG pictures (*.svg)")]
    assert (tmp_path / "add-two-numbers-step-35.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert adder.window.toast.text() == "Saved as add-two-numbers-step-35.svg."


def test_a_table_by_pointer(adder, dialog, tmp_path):
    adder.push(adder.page.top_bar.export)
    adder.qtbot.mouseClick(adder.window.sheets.export, LEFT, pos=row(adder, "export_csv"))
    finish(adder)
    assert (tmp_path / "add-two-numbers-all-steps.csv").exists()


def test_code_from_the_sheet(adder):
    adder.press("Ctrl+E", "Down", "Down", "Down", "Down", "Return")
    assert adder.window.toast.text() == "The Python code is on the clipboard."


@pytest.mark.parametrize("name", ["export_png", "export_svg", "export_pdf", "export_gif", "export_mp4", "export_csv"])
def test_every_export_is_found_by_name(adder, name):
    adder.press("Ctrl+K")
    adder.window.sheets.find.line().setText(f"as {name.removeprefix('export_').upper()}")
    assert name in [hit.entry.id for hit in adder.window.sheets.find.hits()]


@pytest.mark.parametrize("name", ["PyTorch", "Keras", "NumPy", "ONNX", "safetensors", "JSON"])
def test_every_program_and_model_is_found_by_name(adder, name):
    adder.press("Ctrl+K")
    adder.window.sheets.find.line().setText(name)
    assert f"Export to {name}…" in [hit.entry.text for hit in adder.window.sheets.find.hits()]


def test_a_program_by_keys(adder, dialog, tmp_path, monkeypatch):
    files = {"README.md": b"# Read me", "train.py": b"print(1)"}
    monkeypatch.setitem(KINDS, "pytorch", replace(KINDS["pytorch"], make=lambda _project: files))
    adder.press("Ctrl+E", "Down", "Down", "Return")
    finish(adder)
    assert dialog.asked == [("Export to PyTorch", "add-two-numbers-pytorch.zip", "Zipped projects (*.zip)")]
    with zipfile.ZipFile(tmp_path / "add-two-numbers-pytorch.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"add-two-numbers-pytorch/{name}": content for name, content in files.items()
        }
    assert adder.window.toast.text() == "Saved as add-two-numbers-pytorch.zip."


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_the_one_of_the_command_line(adder, dialog, tmp_path, name):
    adder.window.actions_table.run(f"export_to_{name}")
    finish(adder)
    (path,) = tmp_path.iterdir()
    assert dialog.asked[0][0] == ("Save the weights" if name == "csv" else f"Export to {KINDS[name].title}")
    assert path.name == KINDS[name].file_name("Add two numbers", KINDS[name].ending(load("adder")))
    made = KINDS[name].make(load("adder"))
    assert path.read_bytes() == (packed(made, path.stem) if path.suffix == FOLDER else next(iter(made.values())))


def test_a_running_training_is_exported_as_it_stands(adder, dialog, tmp_path):
    adder.press("Ctrl+2", "Space")
    adder.until(lambda: adder.trainer.snapshot.update > 0)
    assert adder.trainer.running
    adder.window.actions_table.run("export_to_safetensors")
    at = adder.trainer.snapshot
    finish(adder)
    assert adder.trainer.running
    assert (at.parameters != load("adder").parameters).all()
    (path,) = tmp_path.iterdir()
    found = adder.project.with_parameters(at.parameters)
    assert path.read_bytes() == next(iter(KINDS["safetensors"].make(found).values()))
    adder.trainer.pause_now()
    assert adder.trainer.snapshot.update >= at.update


def test_what_cannot_hold_the_network_says_why_and_asks_for_no_file(adder, dialog, monkeypatch):
    limited = replace(KINDS["onnx"], limit=lambda project: f"ONNX cannot hold {project.network}.")
    monkeypatch.setitem(KINDS, "onnx", limited)
    adder.press("Ctrl+E", *["Down"] * 5)
    sheet = adder.window.sheets.export
    assert sheet.current.title == "ONNX"
    assert sheet.current.reason == "ONNX cannot hold 2-3-1."
    assert sheet.accessibleName() == "Export. Model: ONNX. ONNX cannot hold 2-3-1."
    adder.press("Return")
    assert sheet.isVisible()
    assert dialog.asked == []
    assert not adder.window.actions_table.run("export_to_onnx")


def test_a_program_that_fails_is_one_sentence(adder, dialog, tmp_path, monkeypatch):
    def refuse(_project):
        raise VisualNNError("Keras knows no such layer.")

    monkeypatch.setitem(KINDS, "keras", replace(KINDS["keras"], make=refuse))
    adder.window.actions_table.run("export_to_keras")
    finish(adder)
    assert adder.window.toast.text() == "Keras knows no such layer."
    assert list(tmp_path.iterdir()) == []


def test_a_large_program_can_be_cancelled(adder, dialog, tmp_path, monkeypatch):
    go_on = threading.Event()

    def slow(_project):
        assert go_on.wait(20)
        return {"README.md": b"", "train.py": b""}

    monkeypatch.setitem(KINDS, "numpy", replace(KINDS["numpy"], make=slow))
    adder.window.actions_table.run("export_to_numpy")
    strip = adder.window.exports.strip
    adder.until(strip.isVisible)
    assert strip.text() == "Preparing…"
    assert adder.window.actions_table.reason("export_to_json") == "Another file is being written."
    adder.push(strip.cancel_button)
    go_on.set()
    finish(adder)
    assert not strip.isVisible()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_shown(adder, tmp_path):
    shown = []
    adder.window.exports.open_url = lambda url: shown.append(url.toLocalFile()) or True
    adder.window.exports.show_in_folder(tmp_path / "x.zip")
    assert shown == [str(tmp_path)]


def test_where_no_folder_can_be_shown_its_name_is(adder, tmp_path):
    adder.window.exports.open_url = lambda _url: False
    adder.window.exports.show_in_folder(tmp_path / "x.zip")
    assert adder.window.toast.text() == f"It lies in {tmp_path}."


def test_a_film_of_a_phase(adder, dialog, tmp_path):
    adder.window.actions_table.run("export_gif")
    sheet = adder.window.exports.film_sheet
    assert sheet.summary() == "55 steps, 1:30 minutes"
    adder.press("Right", "Right")
    assert sheet.cut == Cut(21, 22)
    assert sheet.summary() == "2 steps, 0:05 minutes"
    adder.press("Return")
    finish(adder)
    assert dialog.asked[0][1] == "add-two-numbers-steps-21-22.gif"
    with Image.open(tmp_path / "add-two-numbers-steps-21-22.gif") as gif:
        assert gif.size == (1280, 800)
        assert gif.n_frames > 2


def test_the_choices_of_a_film(adder):
    adder.player.seek(10)
    adder.window.actions_table.run("export_gif")
    sheet = adder.window.exports.film_sheet
    labels = sheet.steps._labels
    assert labels == ["All", "Forward", "Loss", "Backward", "Update", "From here", "This step"]
    sheet.steps.choose(labels.index("From here"))
    assert sheet.cut == Cut(11, 55)
    sheet.steps.choose(labels.index("This step"))
    assert sheet.cut == Cut(10, 10)
    sheet.grain.choose(1)
    assert sheet.cut == Cut(6, 10, "neuron")
    adder.press("Esc")
    assert not sheet.isVisible()


def test_tab_goes_round_inside_the_film_sheet(adder):
    adder.window.actions_table.run("export_gif")
    sheet = adder.window.exports.film_sheet
    met = []
    for _ in range(6):
        met.append(sheet.focusWidget())
        adder.press(Qt.Key.Key_Tab)
    assert len(set(met)) == 6
    assert sheet.focusWidget() is met[0]
    adder.press("Esc")


def test_cancel_leaves_no_file(adder, dialog, tmp_path, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def slow(_film, path: Path, report) -> None:
        for number in range(1, 1000):
            report(number, 1000)
            begun.set()
            assert go_on.wait(20)

    monkeypatch.setitem(module.FILMS, "GIF", (".gif", 10.0, slow))
    adder.window.actions_table.run("export_gif")
    adder.press("Return")
    assert begun.wait(20)
    strip = adder.window.exports.strip
    adder.until(strip.isVisible)
    assert strip.text().endswith("of 1,000")
    assert adder.window.exports.reason() == "Another file is being written."
    adder.push(strip.cancel_button)
    go_on.set()
    finish(adder)
    assert not strip.isVisible()
    assert list(tmp_path.iterdir()) == []


def test_a_window_that_is_closed_stops_the_export(adder, dialog, monkeypatch):
    ended = threading.Event()

    def slow(_film, _path: Path, report) -> None:
        try:
            while True:
                report(1, 2)
        finally:
            ended.set()

    monkeypatch.setitem(module.FILMS, "GIF", (".gif", 10.0, slow))
    adder.window.actions_table.run("export_gif")
    adder.press("Return")
    adder.window.close()
    assert ended.is_set()


def test_what_went_wrong_is_one_sentence(adder, monkeypatch, tmp_path):
    Dialog(monkeypatch, tmp_path / "none")
    adder.window.actions_table.run("export_pdf")
    finish(adder)
    assert adder.window.toast.text().startswith("add-two-numbers.pdf could not be written: there is no folder")


def test_films_and_tables_belong_to_step_mode(adder):
    adder.press("Ctrl+2")
    table = adder.window.actions_table
    assert table.reason("export_gif") == "This belongs to Step mode and to Landscape mode."
    assert table.reason("export_csv") == "This belongs to Step mode."
    assert table.reason("export_png") == ""


def test_without_av_the_row_says_why(adder, monkeypatch):
    monkeypatch.setattr(movie, "find_spec", lambda name: None)
    adder.press("Ctrl+E")
    row = next(offer for offer in adder.window.sheets.export.offers if offer.id == "export_mp4")
    assert row.reason == "MP4 needs the package av: pip install visualnn[film]."
    adder.press("Esc")


def test_a_name_that_no_file_may_have(adder, dialog):
    adder.window.workspace.edit(adder.project.renamed('a/b: "c"?'), "Rename")
    adder.window.actions_table.run("export_png")
    finish(adder)
    assert dialog.asked[0][1] == "a-b-c.png"


def test_the_folder_is_proposed_again(adder, dialog, tmp_path):
    adder.window.actions_table.run("export_png")
    finish(adder)
    assert adder.window.documents.export_folder == str(tmp_path)


def test_without_a_document_nothing_can_be_taken_away(learner):
    table = learner.window.actions_table
    assert {table.reason(row.id) for row in table if row.group == "Export"} == {"Open a network first."}
