"""A sweep at the real window: keys, clicks, what is to be read, and what comes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from tests.gui.conftest import LEFT, Learner, move
from visualnn.gui import theme
from visualnn.nn.kernels import choose


@pytest.fixture
def sweeper(learner: Learner) -> Learner:
    """Somebody who has opened a sweep of the circles."""
    choose.load()
    learner.window.open_document("circles")
    learner.page.open_subpage("sweep")
    mode = sweep(learner)
    mode.player.set_counts(5, 4)
    learner.until(lambda: mode.player.standing is not None)
    learner.qtbot.mouseClick(mode.grid, LEFT, pos=spot(learner, 0))
    return learner


def sweep(learner: Learner):
    return learner.page.subpages.guest


def go(learner: Learner, update: int) -> None:
    """All come to an update, and are seen there."""
    sweep(learner).player.go(update)
    learner.until(lambda: sweep(learner).player.update == update)
    learner.until(lambda: sweep(learner).grid.shown is sweep(learner).player.standing.moment)


def spot(learner: Learner, index: int) -> QPoint:
    left, top, wide, high = sweep(learner).grid.board.box(index)
    return QPoint(round(left + wide / 2), round(top + high / 2))


def test_space_plays_all_networks_and_pauses_them(sweeper):
    sweep(sweeper).player.set_distance(10**9)
    sweeper.press("Space")
    assert sweep(sweeper).player.running
    sweeper.until(lambda: sweep(sweeper).player.update > 3)
    sweeper.press("Space")
    assert not sweep(sweeper).player.running
    assert not sweeper.trainer.running, "the network of the document stays as it is"


def test_the_grid_has_the_keys_from_the_beginning(sweeper):
    assert sweep(sweeper).grid.hasFocus()
    assert sweep(sweeper).grid.isVisible()
    assert not sweeper.page.stage.isVisible()


def test_arrows_walk_from_cell_to_cell_and_stop_at_the_edges(sweeper):
    grid = sweep(sweeper).grid
    sweeper.press("Right", "Right", "Down")
    assert grid.index == 5 + 2
    assert "Rate" in sweep(sweeper).page.chosen.accessibleName()
    sweeper.press("Left", "Left", "Left", "Left", "Up", "Up")
    assert grid.index == 0
    assert grid.accessibleName().startswith("Rate 0.003, seed 6")
    assert sweep(sweeper).player.update == 0, "arrows do not step here"


def test_r_takes_all_back_to_the_start(sweeper):
    go(sweeper, 40)
    sweeper.press("R")
    sweeper.until(lambda: sweep(sweeper).player.update == 0)


def test_enter_takes_rate_seed_and_weights_as_one_undo_step(sweeper):
    go(sweeper, 40)
    before, count = sweeper.project, sweeper.window.workspace.stack.count()
    sweeper.press("Right", "Down")
    weights, options = sweep(sweeper).player.taken(6)
    sweeper.press(Qt.Key.Key_Return)
    project = sweeper.project
    assert (project.options.optimizer.rate, project.options.seed) == (0.01, 7) == (options.optimizer.rate, options.seed)
    assert np.array_equal(project.parameters, weights)
    assert project.options.goal == before.options.goal
    assert sweeper.page.subpages.name == "", "back in Train mode"
    assert sweeper.page.stage.isVisible()
    assert sweeper.window.workspace.stack.count() == count + 1
    sweeper.press("Ctrl+Z")
    assert sweeper.project.options == before.options
    assert np.array_equal(sweeper.project.parameters, before.parameters)


def test_the_train_panel_gives_the_same_curve_to_the_bit(sweeper):
    go(sweeper, 40)
    sweeper.press("Right", "Down", "Down")
    _updates, losses = sweep(sweeper).player.curve(11)
    losses = losses.copy()
    sweeper.push(sweep(sweeper).page.chosen.start)
    assert not sweeper.page.subpages.name
    for _ in range(40):
        sweeper.trainer.step()
    sweeper.learn()
    snapshot = sweeper.trainer.snapshot
    assert snapshot.update == 40
    assert np.array_equal(snapshot.curve.losses, losses[:-1])
    assert snapshot.loss == losses[-1]
    assert sweeper.trainer.fresh, "random weights of that seed"


def test_a_click_looks_at_a_cell_and_a_double_click_uses_it(sweeper):
    go(sweeper, 20)
    grid = sweep(sweeper).grid
    sweeper.qtbot.mouseClick(grid, LEFT, pos=spot(sweeper, 13))
    assert grid.index == 13
    assert sweep(sweeper).page.chosen.accessibleName() == "Rate 0.1, seed 8"
    sweeper.qtbot.mouseDClick(grid, LEFT, pos=spot(sweeper, 12))
    assert sweeper.project.options.optimizer.rate == 0.03
    assert sweeper.project.options.seed == 8


def test_pointing_tells_the_exact_numbers(sweeper, monkeypatch):
    go(sweeper, 20)
    told: list[str] = []
    monkeypatch.setattr("visualnn.gui.views.sweep.grid.QToolTip.showText", lambda _at, text, _who: told.append(text))
    player = sweep(sweeper).player
    move(sweep(sweeper).grid, spot(sweeper, 7), Qt.MouseButton.NoButton)
    loss = float(player.standing.moment.losses[7])
    best = ", the best" if player.standing.best == 7 else ""
    assert told == [f"Rate 0.03, seed 7: loss {loss!r} after 20 updates{best}"]


def test_the_sentence_and_the_chart_follow(sweeper):
    assert "press play" in sweeper.subtitle
    go(sweeper, 60)
    page = sweep(sweeper).page
    assert "learned" in sweeper.subtitle
    assert len(page.chart.lines) == 4, "a line for each seed of the rate"
    assert page.chart.lines[0].name == "seed 6", "on top"
    assert page.chosen.facts()["Update"] == "60"


def test_every_cell_is_painted_once_its_picture_is_made(sweeper):
    go(sweeper, 60)
    grid = sweep(sweeper).grid
    image = QImage(grid.size(), QImage.Format.Format_RGB32)
    grid.render(image)
    colors = {image.pixel(spot(sweeper, index)) for index in range(20)}
    assert len(colors) > 5, "networks say different things"


def test_another_theme_paints_the_cells_anew(sweeper):
    go(sweeper, 20)
    grid, before = sweep(sweeper).grid, sweep(sweeper).grid._image[0]
    theme.appearance().set_mode("light")
    sweeper.until(lambda: grid._image is not None and grid._image[0].colors is not before.colors)
    theme.appearance().set_mode("dark")


def test_other_counts_and_updates_are_chosen_in_the_page(sweeper):
    page = sweep(sweeper).page
    page.choices.seeds.set_key("1")
    page.choices.seeds.chosen.emit("1")
    assert len(sweep(sweeper).player.field) == 5
    page.choices.updates.set_key("200")
    page.choices.updates.chosen.emit("200")
    assert sweep(sweeper).player.distance == 200
    assert page.head.note() == "5 networks"


def test_the_transport_shows_and_sets_how_far_they_are(sweeper):
    sweep(sweeper).player.set_distance(200)
    sweeper.page.transport.scrubbed.emit(50)
    sweeper.until(lambda: sweep(sweeper).player.update == 50)
    sweeper.wait(0.1)
    assert sweeper.page.transport.scrubber.position() == 50
    assert sweeper.page.transport.scrubber.maximum() == 200
    assert not sweeper.page.transport.back.isEnabled()


def test_speed_keys_set_the_speed_of_the_sweep(sweeper):
    before = sweep(sweeper).player.speed
    sweeper.press(".")
    assert sweep(sweeper).player.speed > before
    assert sweeper.trainer.speed == 1.0


def test_esc_leaves_and_the_sweep_is_still_there_when_it_is_opened_again(sweeper):
    go(sweeper, 20)
    mode = sweep(sweeper)
    sweeper.press("Esc")
    assert sweeper.page.front is not mode
    assert sweeper.page.stage.isVisible()
    sweeper.page.open_subpage("sweep")
    assert mode.player.update == 20
    assert mode.grid.isVisible()


def test_another_mode_pauses_it(sweeper):
    sweep(sweeper).player.set_distance(10**9)
    mode = sweep(sweeper)
    sweeper.press("Space")
    sweeper.press("Ctrl+1")
    assert not mode.player.running
    assert sweeper.page.stage.isVisible()
    sweeper.press("Ctrl+2")
    assert sweeper.page.front is sweeper.page.modes[1]


def test_other_data_are_another_sweep(sweeper):
    go(sweeper, 20)
    options = replace(sweeper.project.options, batch_size=10)
    sweeper.page.editor.set_options(options, "Batch size")
    sweeper.until(lambda: sweep(sweeper).player.standing is not None)
    assert sweep(sweeper).player.update == 0


def test_of_a_network_that_is_too_large_there_is_a_sentence(sweeper):
    sweeper.window.open_document("million")
    sweeper.page.open_subpage("sweep")
    player = sweep(sweeper).player
    assert player.trouble
    assert sweeper.subtitle == "", "it stands where the cells would be"
    sweeper.press("Space", Qt.Key.Key_Return)
    assert not player.running


def test_what_has_diverged_cannot_be_used(sweeper):
    go(sweeper, 5)
    player, page = sweep(sweeper).player, sweep(sweeper).page
    moment = replace(player.standing.moment, diverged=np.ones(20, dtype=bool))
    player.standing = replace(player.standing, moment=moment)
    sweep(sweeper)._show_page()
    assert not page.chosen.use.isEnabled()
    before = sweeper.project
    sweep(sweeper).grid.setFocus()
    sweeper.press(Qt.Key.Key_Return)
    assert sweeper.project is before


def test_it_can_be_found_by_its_name(sweeper):
    row = sweeper.window.actions_table["sweep"]
    assert "every learning rate" in row.text


def test_in_a_presentation_the_cells_have_the_whole_screen(sweeper):
    go(sweeper, 10)
    grid = sweep(sweeper).grid
    sweeper.press("F11")
    assert grid.isVisible()
    assert grid.width() == sweeper.window.width()
    assert not sweep(sweeper).page.isVisible()
    sweeper.press("Space")
    assert sweep(sweeper).player.running
    sweeper.press("Space", "Esc")
    assert sweeper.page.subpages.name == "sweep", "Esc leaves the presentation first"


def test_a_change_of_theme_leaves_the_focus_where_it_is(sweeper):
    page = sweep(sweeper).page
    page.choices.seeds.setFocus()
    sweeper.page.refresh()
    assert page.choices.seeds.hasFocus()
    sweep(sweeper).grid.setFocus()
    sweeper.page.refresh()
    assert sweep(sweeper).grid.hasFocus()
    assert sweep(sweeper).grid.isVisible()


def test_tab_goes_from_the_cells_to_the_page(sweeper):
    sweeper.press(Qt.Key.Key_Tab)
    assert not sweep(sweeper).grid.hasFocus()
    sweeper.press(Qt.Key.Key_Backtab)
    assert sweep(sweeper).grid.hasFocus()


def test_until_somebody_chooses_the_own_network_is_looked_at_and_then_the_best(learner):
    choose.load()
    learner.window.open_document("circles")
    learner.page.open_subpage("sweep")
    mode = sweep(learner)
    learner.until(lambda: mode.player.standing is not None)
    field, options = mode.player.field, learner.project.options
    row, column = field.place(mode.grid.index)
    assert field.seeds[row] == options.seed
    assert 0.5 < field.rates[column] / options.optimizer.rate < 2, "the nearest of them"
    go(learner, 60)
    assert mode.grid.index == mode.player.standing.best
    learner.press("Down" if mode.grid.index < 11 else "Up")
    chosen = mode.grid.index
    go(learner, 80)
    assert mode.grid.index == chosen


def test_steps_beyond_the_end_are_counted(sweeper):
    sweep(sweeper).player.set_distance(200)
    go(sweeper, 230)
    assert sweeper.page.transport.scrubber.position() == 230
    assert sweeper.page.transport.scrubber.maximum() == 230


def test_letters_grow_in_a_presentation(sweeper):
    grid = sweep(sweeper).grid
    before = grid.board.letters
    sweeper.press("F11")
    assert grid.board.letters > before
    sweeper.press("F11")
    assert grid.board.letters == before


def test_where_there_is_no_sweep_nothing_is_told_of_a_network(sweeper):
    sweeper.window.open_document("million")
    sweeper.page.open_subpage("sweep")
    page = sweep(sweeper).page
    assert page.choices.isVisible()
    assert not page.chosen.isVisible()
    assert not page.chart.isVisible()
    sweeper.window.open_document("circles")
    sweeper.page.open_subpage("sweep")
    assert page.chosen.isVisible()


def test_that_they_have_begun_is_said_at_once(sweeper):
    sweep(sweeper).player.set_distance(10**9)
    sweeper.press("Space")
    sweeper.until(lambda: sweep(sweeper).player.update > 0)
    sweeper.wait(0.6)
    assert "press play" not in sweeper.subtitle
    sweeper.press("Space")


def test_buttons_are_read_aloud_by_what_is_written_on_them(sweeper):
    chosen = sweep(sweeper).page.chosen
    for button in (chosen.use, chosen.start):
        assert button.accessibleName().startswith(button.label())
