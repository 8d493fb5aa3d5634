"""Tables are read beside the window, with progress, and can be called off."""

import threading

import pytest
from PySide6.QtWidgets import QApplication

from visualnn.files import tables
from visualnn.files.tables import Selection
from visualnn.gui.data_source import DataSource, Judged, Loaded


@pytest.fixture
def source(qtbot):
    source = DataSource()
    yield source
    source.rest()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "houses.csv"
    path.write_text("area,price\n" + "".join(f"{i},{2 * i}\n" for i in range(1, 40)) + "40,n/a\n", encoding="utf-8")
    return str(path)


def loaded(source, path, qtbot):
    with qtbot.waitSignal(source.loaded) as heard:
        source.open(path)
    return heard.args[0]


def test_a_file_is_read_and_its_columns_are_guessed(source, path, qtbot):
    shares = []
    source.progressed.connect(shares.append)
    found = loaded(source, path, qtbot)
    assert isinstance(found, Loaded)
    assert found.table.rows == 40
    assert found.selection.targets == ("price",)
    qtbot.waitUntil(lambda: bool(shares) and shares[-1] == 1.0)
    assert shares == sorted(shares)


def test_what_cannot_be_read_is_one_sentence(source, tmp_path, qtbot):
    with qtbot.waitSignal(source.failed) as heard:
        source.open(str(tmp_path / "nothing.csv"))
    assert heard.args == ["“nothing.csv” cannot be opened: there is no such file."]


def test_reading_can_be_called_off(source, path, qtbot, monkeypatch):
    begun, result = threading.Event(), []

    def slow(_path, *, dialect=None, progress=None, cancelled=None):
        begun.set()
        while not cancelled():
            pass
        result.append("cancelled")
        raise tables.Cancelled

    source.loaded.connect(result.append)
    source.failed.connect(result.append)
    monkeypatch.setattr(tables, "read", slow)
    source.open(path)
    assert begun.wait(10)
    source.cancel()
    source.wait()
    QApplication.processEvents()
    assert result == ["cancelled"]
    assert not source.busy


def test_a_second_file_takes_the_place_of_the_first(source, path, tmp_path, qtbot):
    other = tmp_path / "other.csv"
    other.write_text("x,y\n1,2\n3,4\n5,6\n", encoding="utf-8")
    names = []
    source.loaded.connect(lambda found: names.append(found.table.name))
    source.open(path)
    source.open(str(other))
    qtbot.waitUntil(lambda: bool(names))
    source.wait()
    QApplication.processEvents()
    assert names == ["other"]


def test_problems_and_rows_come_back_for_a_selection(source, path, qtbot):
    found = loaded(source, path, qtbot)
    chosen = Selection(("area",), ("price",), scaled=False, test_share=0.25)
    with qtbot.waitSignal(source.judged) as heard:
        source.judge(found.table, chosen)
    judged = heard.args[0]
    assert isinstance(judged, Judged)
    assert judged.problems.bad_rows == 1
    with qtbot.waitSignal(source.refused) as heard:
        source.make(found.table, chosen)
    assert heard.args == [judged.problems.first[0].sentence()]
    with qtbot.waitSignal(source.made) as heard:
        source.make(found.table, Selection(("area",), ("price",), scaled=False, test_share=0.25, skip=True))
    data = heard.args[0]
    assert data.rows + data.tests == 39
    assert (data.targets == 2 * data.inputs).all()
