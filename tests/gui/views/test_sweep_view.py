"""What is painted over and around the cells of a sweep."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from tests.gui.conftest import move
from visualnn.engine.sweep_moment import Field, Ground, Moment, moment_of
from visualnn.files.examples import load
from visualnn.gui import theme
from visualnn.gui.views.sweep import SweepGrid, SweepPage, marks
from visualnn.scene.sweep import Standing, headings, meaning
from visualnn.scene.sweep_board import Board

FIELD = Field((0.03, 0.1, 1.0), (4, 5))
SIZE = (700, 560)


@pytest.fixture
def ground() -> Ground:
    project = load("circles")
    return Ground(project.network, project.data, replace(project.options, goal=None))


@pytest.fixture
def moment(ground: Ground) -> Moment:
    trainings = [ground.training(FIELD, index) for index in range(len(FIELD))]
    for training in trainings:
        training.run(20)
    return moment_of(trainings, 20, 1000.0)


@pytest.fixture
def grid(qtbot: Any) -> SweepGrid:
    grid = SweepGrid()
    qtbot.addWidget(grid)
    grid.resize(*SIZE)
    grid.show()
    yield grid
    grid.rest()


def show(grid: SweepGrid, ground: Ground, moment: Moment, qtbot: Any, goal: float | None = None) -> None:
    """This moment, with its picture."""
    standing = Standing.of(FIELD, moment, goal)
    grid.show_standing(ground, standing, headings(standing, "on the processor"))
    qtbot.waitUntil(lambda: grid.shown is moment, timeout=10_000)


def painted(grid: SweepGrid) -> QImage:
    image = QImage(grid.size(), QImage.Format.Format_RGB32)
    grid.render(image)
    return image


def count(image: QImage, ink: str, box: tuple[float, float, float, float]) -> int:
    """Pixels of about a colour in a rectangle."""
    wanted, area = theme.color(ink), QRect(*(round(each) for each in box))
    found = 0
    for y in range(area.top(), area.bottom() + 1):
        for x in range(area.left(), area.right() + 1):
            seen = QColor(image.pixel(x, y))
            parts = zip(seen.getRgb()[:3], wanted.getRgb()[:3], strict=True)
            found += max(abs(a - b) for a, b in parts) < 24
    return found


def test_the_best_has_a_green_ring_and_the_chosen_one_a_violet_one(grid, ground, moment, qtbot):
    show(grid, ground, moment, qtbot)
    best = Standing.of(FIELD, moment, None).best
    chosen = (best + 1) % len(FIELD)
    grid.choose(chosen)
    image = painted(grid)
    for index in range(len(FIELD)):
        left, top, _wide, high = grid.board.box(index)
        edge = (left - 2, top + high / 4, 4, high / 2)
        assert (count(image, "good", edge) > 10) == (index == best)
        assert (count(image, "accent", edge) > 10) == (index == chosen)


def test_the_cell_that_is_pointed_at_has_a_quiet_ring(grid, ground, moment, qtbot):
    show(grid, ground, moment, qtbot)
    other = next(k for k in range(1, 6) if k != Standing.of(FIELD, moment, None).best)
    left, top, wide, high = grid.board.box(other)
    edge = (left - 3, top + high / 4, 4, high / 2)
    assert count(painted(grid), "line3", edge) == 0
    move(grid, QPoint(round(left + wide / 2), round(top + high / 2)), Qt.MouseButton.NoButton)
    assert count(painted(grid), "line3", edge) > 10
    move(grid, QPoint(2, 2), Qt.MouseButton.NoButton)
    assert count(painted(grid), "line3", edge) == 0


def test_who_has_diverged_is_called_so_in_red(grid, ground, moment, qtbot):
    lost = np.arange(len(FIELD)) == 2
    show(grid, ground, replace(moment, diverged=lost, losses=np.where(lost, np.nan, moment.losses)), qtbot)
    image = painted(grid)
    assert count(image, "bad", grid.board.box(2)) > 10
    assert count(image, "bad", grid.board.box(1)) == 0


def test_who_reached_the_goal_has_a_tick_with_the_update(grid, ground, moment, qtbot):
    there = np.arange(len(FIELD)) == 1
    show(grid, ground, replace(moment, reached=there), qtbot, goal=0.5)
    image = painted(grid)
    left, top, wide, high = grid.board.box(1)
    assert count(image, "good", (left + wide / 2, top + high - 18, wide / 2 - 4, 14)) > 5
    left, top, wide, high = grid.board.box(3)
    assert count(image, "good", (left + wide / 2, top + high - 18, wide / 2 - 4, 14)) == 0


def test_below_a_rate_a_bar_is_as_long_as_its_share_of_seeds(grid, ground, moment, qtbot):
    losses = np.array([0.1, 0.1, 9.0, 0.1, 9.0, 9.0])
    show(grid, ground, replace(moment, losses=losses, firsts=np.ones(6)), qtbot)
    image, board = painted(grid), grid.board
    lengths = [count(image, "good", (board.box(k)[0], board.bottom + 8, board.box(k)[2], 3)) for k in range(3)]
    assert lengths[0] > 1.8 * lengths[1] > 0
    assert lengths[2] == 0


def test_the_columns_that_are_spoken_of_have_their_names_where_not_all_have_room(grid, ground):
    field = Field(tuple(float(f"{k}e-4") for k in range(1, 41)), (1, 2))
    losses = np.where(np.arange(80) % 40 == 23, 0.01, 1.0)
    empty = np.full((80, 4), np.nan, dtype=np.float32)
    nobody, ones = np.zeros(80, dtype=bool), np.ones(80)
    now = Moment(10, np.full(80, 10), losses, ones, nobody, nobody, empty, empty, 0.0)
    board = Board.within(SIZE, 40, 2)
    standing = Standing.of(field, now, None)
    texts = [f"{k}" * 3 for k in range(40)]
    places = marks._spread(texts, board, (7, *standing.told))
    assert {7, 23} <= set(places)
    assert len(places) < 30
    pitch = (board.xs[1] - board.xs[0]) / board.scale
    for one, other in pairwise(places):
        assert (other - one) * pitch >= theme.text_width(texts[one], 12, 500) / 2


def test_seeds_of_many_digits_are_told_apart():
    names = marks._seed_names([2**63 - 3, 2**63 - 2], 60, 12)
    assert names == ["…75805", "…75806"]
    assert marks._seed_names([7, 8], 60, 12) == ["seed 7", "seed 8"]


def test_only_what_has_changed_is_painted_anew(grid, ground, moment, qtbot, monkeypatch):
    show(grid, ground, moment, qtbot)
    qtbot.waitUntil(lambda: not grid._maker.busy)
    QApplication.processEvents()
    painted: list[str] = []
    for name in ("paint_heading", "paint_names", "paint_columns", "paint_tags"):
        monkeypatch.setattr(marks, name, lambda *_args, name=name: painted.append(name))
    standing = Standing.of(FIELD, moment, None)
    grid.show_standing(ground, standing, headings(standing, "elsewhere"))
    QApplication.processEvents()
    assert painted == ["paint_heading"]


def test_without_a_sweep_there_is_a_sentence(grid):
    grid.show_standing(None, None, (), "There are no rows to learn from.")
    image = painted(grid)
    assert count(image, "text2", (150, 250, 400, 60)) > 20
    assert grid.board is None


def test_another_size_has_a_picture_of_its_own(grid, ground, moment, qtbot):
    show(grid, ground, moment, qtbot)
    before = grid._image[0].board
    grid.resize(500, 420)
    qtbot.waitUntil(lambda: grid._image[0].board != before, timeout=10_000)
    assert grid._image[0].board == grid.board


def test_the_page_offers_rates_and_seeds_by_what_they_are(qtbot):
    page = SweepPage()
    qtbot.addWidget(page)
    page.resize(360, 700)
    page.show_choices(0.1, 4, (11, 6), 5_000)
    assert page.choices.rates.label() == "11, 0.0003 to 30"
    assert page.choices.seeds.label() == "6, 4 to 9"
    assert page.choices.updates.label() == "5,000"
    assert page.head.note() == "66 networks"


@pytest.mark.parametrize("width", [300, 320, 360, 520])
def test_no_field_of_the_page_is_cut_off(qtbot, width):
    page = SweepPage()
    qtbot.addWidget(page)
    page.resize(width, 640)
    page.show_choices(0.000123, 129, (22, 12), 1_000_000)
    page.show()
    assert not any(field.is_elided() for field in page.choices.fields)
    right = max(part.geometry().right() for part in (page.chosen.use, page.chosen.start))
    assert right < width


def test_the_page_tells_of_one_network_among_those_of_its_rate(qtbot, ground, moment):
    page, standing = SweepPage(), Standing.of(FIELD, moment, None)
    qtbot.addWidget(page)

    def curve(index: int, *, brief: bool):
        return np.arange(3), np.array([1.0, 0.5, moment.losses[index]])

    page.show_standing(standing, 4, curve, meaning(None))
    assert page.chosen.accessibleName() == "Rate 0.1, seed 5"
    assert [line.name for line in page.chart.lines] == ["seed 5", "seed 4"]
    assert page.chosen.use.isEnabled()
    page.show_standing(None, 0, curve, meaning(None))
    assert not page.chosen.use.isEnabled()
