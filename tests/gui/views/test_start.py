from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from visualnn.files import examples, native
from visualnn.files.examples import EXAMPLES, IDS
from visualnn.files.foreign import plain_json, state_dict
from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.theme import appearance, color
from visualnn.gui.views.start import StartView
from visualnn.gui.views.start.adder import PASS_S, WAIT_MS, LivingAdder
from visualnn.gui.views.start.arrangement import Arrangement, arrange
from visualnn.gui.views.start.recent import day, describe, short_folder
from visualnn.gui.widgets.button import Button, TextButton
from visualnn.gui.widgets.card import FileCard, PictureCard, folder_elided, wrapped

SIZES = [(960, 640), (1024, 700), (1280, 800), (1920, 1080), (2560, 1600)]


@pytest.fixture(autouse=True)
def _calm_and_dark(qapp: QApplication) -> Iterator[None]:
    look = appearance()
    look.set_mode("dark")
    look.set_reduced_motion(False)
    yield
    look.set_mode("system")
    look.set_reduced_motion(None)


@pytest.fixture
def clock(qapp: QApplication) -> Iterator[FrameClock]:
    made = FrameClock()
    yield made
    assert not made.is_running()
    made.deleteLater()


@pytest.fixture
def view(qtbot, clock: FrameClock) -> Iterator[StartView]:
    made = StartView(clock)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    yield made
    made.rest()


def adder(view: QWidget) -> LivingAdder:
    return view.findChild(LivingAdder)


def button(view: QWidget, name: str) -> QWidget:
    return next(each for each in view.findChildren(Button) if name in each.accessibleName())


def cards(view: QWidget) -> list[PictureCard]:
    return view.findChildren(PictureCard)


def pictures_are_there(view: QWidget) -> bool:
    return all(card.has_picture() for card in cards(view))


def boxes(made: Arrangement) -> list[QRect]:
    return [made.header, made.hero, *made.files, *made.examples, made.footer]


@pytest.mark.parametrize("files", [0, 1, 4])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_and_all_is_in_the_column(size: tuple[int, int], files: int) -> None:
    made = arrange(*size, 4, files)
    assert made.height >= size[1]
    assert len(made.files) == files
    assert not any(a.intersects(b) for a, b in combinations(boxes(made), 2))
    for box in boxes(made):
        assert made.hero.left() <= box.left()
        assert box.right() <= made.hero.right()
        assert box.bottom() < made.height
    assert made.hero.width() <= 1136
    assert abs(made.hero.left() - (size[0] - 1 - made.hero.right())) <= 1


def test_as_designed() -> None:
    made = arrange(1280, 800, 4, 0)
    assert made.height == 800
    assert made.hero == QRect(72, 84, 1136, 344)
    assert [box.top() for box in made.examples] == [500] * 4
    assert {box.height() for box in made.examples} == {204}
    assert arrange(1280, 800, 4, 2).hero.height() == 200


@pytest.mark.parametrize("size", SIZES)
def test_without_files_nothing_needs_scrolling(size: tuple[int, int]) -> None:
    assert arrange(*size, 4, 0).height == size[1]


def test_a_small_window_with_files_does_not_scroll_either() -> None:
    assert arrange(1024, 700, 4, 4).height == 700


def test_cards_go_to_a_second_row() -> None:
    made = arrange(700, 900, 5, 0)
    assert sorted({box.top() for box in made.examples}) == [
        made.examples[0].top(), made.examples[0].top() + 220
    ]  # fmt: skip
    assert made.examples[3].left() == made.hero.left()


def test_no_row_of_cards_is_longer_than_it_must_be() -> None:
    made = arrange(1280, 800, 8, 0)
    rows = [box.top() for box in made.examples]
    assert [rows.count(top) for top in sorted(set(rows))] == [4, 4]


def test_what_it_says(view: StartView) -> None:
    assert adder(view).answer() == "2 + 2 ≈ 3.99"
    assert adder(view).parentWidget().accessibleName() == "Watch a network add 2 + 2."
    assert {card.accessibleName() for card in cards(view)} == {example.title for example in EXAMPLES}
    for each in view.findChildren(Button):
        assert each.accessibleName()
        assert each.parent() is not None
        assert each.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Start here", "guide_requested"),
        ("Just look around", "look_requested"),
        ("Open…", "open_requested"),
        ("Switch to the light theme", "theme_toggled"),
    ],
)
def test_buttons_ask(qtbot, view: StartView, name: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(view, signal), timeout=500):
        qtbot.mouseClick(button(view, name), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_cards_open_by_key(qtbot, view: StartView, key: Qt.Key) -> None:
    asked: list[str] = []
    view.example_requested.connect(asked.append)
    for card in cards(view):
        qtbot.keyClick(card, key)
    assert sorted(asked) == sorted(IDS)


def test_tab_goes_from_the_hero_through_the_cards_to_the_header(qtbot, view: StartView) -> None:
    view.show_recent(["/nowhere/one.vnn"])
    first = button(view, "Start here")
    chain, at = [first.accessibleName()], first.nextInFocusChain()
    while at is not first:
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus and view.isAncestorOf(at) and not at.isHidden():
            chain.append(at.accessibleName())
        at = at.nextInFocusChain()
    assert chain == [
        "Start here", "Just look around", "one", "XOR", "Circles", "Two spirals", "Handwritten digits",
        "Backprop by hand", "A million weights", "A hundred layers", "Add two numbers",
        "New network", "Open…", "Switch to the light theme",
    ]  # fmt: skip


def test_an_open_document_can_be_gone_back_to(qtbot, view: StartView) -> None:
    assert button(view, "Back").isHidden()
    view.show_document("Add two numbers")
    back = next(b for b in view.findChildren(TextButton) if b.label() == "Back to Add two numbers")
    assert not back.isHidden()
    with qtbot.waitSignal(view.document_requested):
        back.click()
    view.show_document("")
    assert back.isHidden()


# -- the adder


def test_the_first_picture_is_the_finished_one(view: StartView) -> None:
    texts = adder(view).frame().texts()
    assert {"3.99", "4.03", "−1.83", "3.27", "2 + 2 ≈ 3.99"} <= set(texts)
    assert not any(text.startswith("bias") for text in texts)


def test_it_plays_one_pass_and_rests(qtbot, view: StartView, clock: FrameClock) -> None:
    living = adder(view)
    living.grab()
    assert not clock.is_running()
    qtbot.waitUntil(lambda: living.is_playing, timeout=WAIT_MS + 2000)
    assert clock.is_running()
    assert "3.99" not in living.frame().texts()
    assert living.answer() == "2 + 2 = ?"
    for _ in range(int(PASS_S / 0.1) + 2):
        clock.advance(0.1)
    assert not living.is_playing
    assert not clock.is_running()
    living.grab()
    qtbot.wait(50)
    assert not clock.is_running()
    assert living.answer() == "2 + 2 ≈ 3.99"


def test_it_does_not_play_where_motion_is_reduced(view: StartView, clock: FrameClock) -> None:
    appearance().set_reduced_motion(True)
    adder(view).play()
    assert not clock.is_running()


def test_it_stops_when_motion_is_reduced_or_the_page_goes(view: StartView, clock: FrameClock) -> None:
    adder(view).play()
    appearance().set_reduced_motion(True)
    assert not clock.is_running()
    appearance().set_reduced_motion(False)
    adder(view).play()
    assert clock.is_running()
    view.hide()
    assert not clock.is_running()
    assert not adder(view).is_playing


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("files", [[], ["/nowhere/one.vnn"]])
def test_the_adder_stays_in_its_place(view: StartView, size: tuple[int, int], files: list[str]) -> None:
    view.resize(*size)
    view.show_recent(files)
    QCoreApplication.processEvents()
    living = adder(view)
    made = living.frame()
    assert "−0.90" in made.texts()
    for spot in made.spots:
        assert spot.x - spot.width / 2 >= 0
        assert spot.x + spot.width / 2 <= living.width()
    for item in made.items:
        if hasattr(item, "text"):
            assert 6 <= item.y <= living.height() - 6


# -- pictures


def test_pictures_come_after_the_first_paint(qtbot, view: StartView) -> None:
    assert not any(card.has_picture() for card in cards(view))
    qtbot.waitUntil(lambda: pictures_are_there(view), timeout=5000)


def test_the_map_of_xor_is_what_the_network_says(qtbot, view: StartView) -> None:
    qtbot.waitUntil(lambda: pictures_are_there(view), timeout=5000)
    card = next(card for card in cards(view) if card.accessibleName() == "XOR")
    image = card.grab().toImage()
    middle, high, step = card.width() // 2, PictureCard.PICTURE_HEIGHT // 2, 8
    for dx, dy, blue in ((1, 1, True), (-1, -1, True), (1, -1, False), (-1, 1, False)):
        seen = image.pixelColor(middle + dx * 58, high + dy * step * 5)
        assert (seen.blue() > seen.red()) == blue


def test_large_networks_and_digits_have_pictures_of_their_own(qtbot, view: StartView) -> None:
    qtbot.waitUntil(lambda: pictures_are_there(view), timeout=5000)
    for title, blue, orange in (
        ("Handwritten digits", True, False),
        ("A million weights", True, True),
        ("A hundred layers", True, True),
    ):
        card = next(card for card in cards(view) if card.accessibleName() == title)
        image = card.grab(QRect(10, 10, card.width() - 20, PictureCard.PICTURE_HEIGHT - 20)).toImage()
        pixels = [image.pixelColor(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)]
        assert any(pixel.blue() > pixel.red() + 60 for pixel in pixels) == blue
        assert any(pixel.red() > pixel.blue() + 60 for pixel in pixels) == orange


def test_another_theme_has_other_pictures(qtbot, view: StartView) -> None:
    qtbot.waitUntil(lambda: pictures_are_there(view), timeout=5000)
    before = [card.grab().toImage() for card in cards(view)]
    appearance().set_mode("light")
    qtbot.waitUntil(
        lambda: all(c.grab().toImage() != b for c, b in zip(cards(view), before, strict=True)), timeout=5000
    )
    assert button(view, "Switch to the dark theme").toolTip().startswith("Switch to the dark theme")
    corner = view.grab().toImage().pixelColor(QPoint(2, 2))
    assert corner == color("canvas")


# -- files


def test_recent_files(qtbot, view: StartView, tmp_path: Path) -> None:
    paths = [tmp_path / f"net {i}.vnn" for i in range(6)]
    for path in paths:
        path.touch()
    view.show_recent([str(path) for path in paths])
    shown = view.findChildren(FileCard)
    assert [card.accessibleName() for card in shown] == ["net 0", "net 1", "net 2", "net 3"]
    assert [card.toolTip() for card in shown] == [str(path) for path in paths[:4]]
    with qtbot.waitSignal(view.file_requested, timeout=500) as caught:
        qtbot.mouseClick(shown[2], Qt.MouseButton.LeftButton)
    assert caught.args == [str(paths[2])]
    view.show_recent([])
    qtbot.waitUntil(lambda: not view.findChildren(FileCard), timeout=1000)


def is_settled(view: StartView) -> bool:
    """Whether all pictures are made, and have arrived."""
    if view.is_busy():
        return False
    QCoreApplication.processEvents()
    return not view.is_busy()


def test_a_file_shows_what_its_network_says(qtbot, view: StartView, tmp_path: Path) -> None:
    (tmp_path / "broken.vnn").write_bytes(b"PK")
    shown = {"xor": tmp_path / "xor.vnn", "adder": tmp_path / "adder.vnn", "deep": tmp_path / "deep.vnn"}
    for name, path in shown.items():
        native.write(path, examples.load(name))
    view.show_recent([*map(str, shown.values()), str(tmp_path / "broken.vnn")])
    view.grab()
    qtbot.waitUntil(lambda: is_settled(view), timeout=10_000)
    files = {card.accessibleName(): card for card in view.findChildren(FileCard)}
    assert {name: card.has_picture() for name, card in files.items()} == {**dict.fromkeys(shown, True), "broken": False}
    image, place = files["xor"].grab().toImage(), files["xor"].picture_size()
    ratio = image.devicePixelRatio()
    for x, y, blue in ((0.75, 0.7, True), (0.25, 0.3, True), (0.75, 0.3, False), (0.25, 0.7, False)):
        seen = image.pixelColor(int(place.width() * x * ratio), int(place.height() * y * ratio))
        assert (seen.blue() > seen.red()) == blue


def test_a_model_of_another_tool_has_a_picture_where_it_says_enough(qtbot, view: StartView, tmp_path: Path) -> None:
    xor = examples.load("xor")
    contents = {
        "xor.json": plain_json.content(xor),
        "xor.safetensors": state_dict.content(xor),
        "bare.json": b'{"coefs": [[[1.0]], [[2.0]]], "intercepts": [[0.0], [0.0]]}',
        "broken.onnx": b"\x08",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    view.show_recent([str(tmp_path / name) for name in contents])
    view.grab()
    qtbot.waitUntil(lambda: is_settled(view), timeout=10_000)
    seen = {card.accessibleName(): card.has_picture() for card in view.findChildren(FileCard)}
    assert seen == {"xor.json": True, "xor.safetensors": True, "bare.json": False, "broken.onnx": False}


def test_the_last_folder_of_a_path_is_seen_however_narrow_a_card_is() -> None:
    path = str(Path("~", "a rather long folder", "experiments of may", "one"))
    whole = theme.text_width(path, 13)
    assert folder_elided(path, whole, 13) == path
    assert folder_elided(path, whole - 20, 13) == str(Path("…", "experiments of may", "one"))
    assert folder_elided(path, whole / 2, 13) == str(Path("…", "one"))
    assert folder_elided(str(Path("~", "…", "of may", "one")), 50, 13) == str(Path("…", "one"))
    for width in range(20, round(whole)):
        shown = folder_elided(path, width, 13)
        assert theme.text_width(shown, 13) <= width
        assert shown.endswith("e")
    assert folder_elided("a-very-long-name-of-2025", 60, 13).endswith("-2025")
    assert folder_elided("", 0, 13) == ""


def test_a_narrow_card_of_a_file_still_says_when_it_was_changed(qtbot, view: StartView, tmp_path: Path) -> None:
    view.resize(960, 640)
    path = tmp_path / "a.vnn"
    path.touch()
    view.show_recent([str(path)])
    card = view.findChild(FileCard)
    assert card.width() - card.PICTURE_WIDTH < card.NARROW + 2 * card.INDENT
    empty = FileCard("a", str(tmp_path), "", view)
    empty.resize(card.size())
    assert card.grab().toImage() != empty.grab().toImage()


def test_what_a_card_says_about_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    path = tmp_path / "a" / "b" / "c" / "my net.vnn"
    path.parent.mkdir(parents=True)
    path.touch()
    stamp = datetime(2026, 3, 4, 12).timestamp()
    os.utime(path, (stamp, stamp))
    assert describe(str(path), date(2026, 3, 5)) == ("my net", str(Path("~/a/b/c")), "yesterday")
    assert describe(str(tmp_path / "gone.vnn")) == ("gone", "~", "")
    assert describe(str(tmp_path / "gone.ONNX")) == ("gone.ONNX", "~", "")
    assert short_folder(tmp_path / "a" / "b" / "c" / "d") == str(Path("~/…/c/d"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [(10, "today"), (11, "today"), (9, "yesterday"), (5, "5 days ago"), (3, "2026-05-03")],
)
def test_days_in_words(changed: int, words: str) -> None:
    assert day(date(2026, 5, changed), date(2026, 5, 10)) == words


def test_wrapped_lines_are_about_equal(qapp: QApplication) -> None:
    assert wrapped("one two three four", 1000, 13) == ["one two three four"]
    lines = wrapped("Friendly numbers to work through on paper", 230, 13)
    assert lines == ["Friendly numbers to", "work through on paper"]
    assert len(wrapped("word " * 40, 100, 13, most=2)) == 2
    assert wrapped("word " * 40, 100, 13, most=2)[-1].endswith("…")
    assert wrapped("", 100, 13) == []
