"""Landscape mode at the real window: what is chosen, raced, dragged, bet on, found and taken away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.gui.conftest import LEFT, Learner, move
from visualnn.files import fresh
from visualnn.gui.document import LANDSCAPE, STEP
from visualnn.gui.export import exports
from visualnn.scene.frame import Place
from visualnn.scene.kernels.terrain import choose as terrain
from visualnn.scene.landscape.camera import view
from visualnn.scene.landscape.trails import placed

FRAME_S = 0.016


class Walker(Learner):
    """A learner who looks at a landscape."""

    @property
    def tour(self):
        return self.page.lookout.tour

    @property
    def scout(self):
        return self.tour.scout

    @property
    def race(self):
        return self.page.landscape.contest

    @property
    def relief(self):
        return self.page.landscape.view.relief

    def arrive(self) -> None:
        """Until all is known and drawn."""
        self.until(lambda: not self.scout.busy)
        self.page.finish()
        self.window.clock.advance(FRAME_S)

    def play(self) -> None:
        """Until the race rests."""
        self.press("Space")
        assert self.scout.playing
        self.until(lambda: not self.scout.playing)

    def place(self, x: float, y: float) -> QPoint:
        """Where a point of the surface is seen."""
        relief, seen = self.scout.relief, self.relief
        loss = float(self.scout.terrain.surface.heights(np.array([x]), np.array([y]))[0])
        world = placed(relief, np.array([[x, y]]), np.array([loss]))
        size = seen.width(), seen.height()
        across, down, _near = view(seen.orbit.camera, size).seen(world[0])
        return QPoint(round(across), round(down))

    def lane(self, place: int):
        return self.tour.showing.lanes()[place]


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    """Surfaces are drawn by compiled kernels, as they are a second after somebody has come here."""
    terrain.load()


@pytest.fixture
def walker(window, qtbot):
    walker = Walker(window, qtbot)
    window.open_document("adder")
    walker.press("Ctrl+3")
    assert walker.page.mode == LANDSCAPE
    walker.arrive()
    return walker


def test_the_network_stands_beside_the_surface_of_two_of_its_weights(walker):
    assert walker.page.landscape.portrait.isVisible()
    assert walker.page.landscape.view.isVisible()
    assert walker.scout.terrain.names == ("w_ac", "w_bc")
    assert walker.subtitle == "Choose runners, then press play. All start at the same weights."
    assert [row.lane.name for row in walker.race.rows] == ["Adam", "SGD", "Momentum"]
    caption = walker.page.landscape.portrait.content.caption
    assert caption == "Only the two marked weights move. All others are fixed, so this surface is exact."


def test_a_race_is_played_stepped_and_scrubbed(walker):
    walker.press("Right")
    assert walker.scout.t == 1
    walker.press("Shift+Right")
    assert walker.scout.t == 11
    walker.press("Left")
    assert walker.scout.t == 10
    assert walker.page.transport.scrubber.label() == "Update 10 of 200"
    walker.press("Home")
    assert walker.scout.t == 0
    walker.play()
    assert walker.scout.t == 200
    assert walker.lane(0).update == 200


def test_the_end_of_a_race_is_not_the_end(walker):
    walker.press("End")
    assert walker.scout.t == 200
    walker.press("Space")
    walker.until(lambda: walker.scout.t > 205)
    assert walker.page.transport.scrubber.label().endswith("of 400")


def test_the_keys_choose_how_far_a_step_goes(walker):
    walker.press("2", "Right")
    assert walker.scout.t == 10
    walker.press("3", "Right")
    assert walker.scout.t == 110
    walker.press("1", "Right")
    assert walker.scout.t == 111


def test_what_the_network_shows_are_the_weights_under_the_ball(walker):
    walker.press("3", "Right")
    content = walker.page.landscape.portrait.content
    i, j = walker.tour.prospect.pair
    assert content.parameters[[i, j]].tolist() == walker.scout.tracks[0].places[100].tolist()
    kept = np.delete(content.parameters, [i, j])
    np.testing.assert_array_equal(kept, np.delete(walker.project.parameters, [i, j]))
    walker.qtbot.mouseClick(walker.race.rows[1], LEFT, pos=QPoint(60, 15))
    content = walker.page.landscape.portrait.content
    assert content.parameters[[i, j]].tolist() == walker.scout.tracks[1].places[100].tolist()
    assert content.subtitle == "where SGD is"


def test_a_click_on_the_surface_is_a_new_start(walker):
    x, y = 1.0, 1.0
    walker.qtbot.mouseClick(walker.relief, LEFT, pos=walker.place(x, y))
    walker.until(lambda: walker.tour.prospect.start is not None)
    walker.arrive()
    assert walker.tour.prospect.start == pytest.approx((x, y), abs=0.05)
    assert walker.scout.t == 0
    assert walker.scout.tracks[0].places[0].tolist() == list(walker.tour.prospect.start)


def test_a_ball_is_dragged_up_a_hill_and_rolls_when_it_is_let_go(walker):
    walker.press("3", "Right")
    walker.arrive()
    ball = walker.place(*walker.scout.tracks[0].places[100])
    goal = walker.place(1.2, 2.0)
    walker.qtbot.mousePress(walker.relief, LEFT, pos=ball)
    for share in (0.2, 0.5, 1.0):
        move(walker.relief, ball + (goal - ball) * share, LEFT)
    held = walker.page.landscape.portrait.content.parameters[list(walker.tour.prospect.pair)]
    assert held == pytest.approx((1.2, 2.0), abs=0.1)
    walker.qtbot.mouseRelease(walker.relief, LEFT, pos=goal)
    assert walker.scout.playing
    assert walker.tour.prospect.start == pytest.approx((1.2, 2.0), abs=0.1)
    walker.until(lambda: walker.scout.t > 3)


def test_a_connection_that_is_clicked_becomes_an_axis(walker):
    portrait = walker.page.landscape.portrait
    portrait.pair_requested.emit(0, 9)
    walker.arrive()
    assert walker.scout.terrain.names == ("w_ac", "w_cf")


def test_two_weights_are_chosen_by_name(walker):
    walker.window.actions_table.run("axes")
    sheet = walker.window.sheets.axes
    assert sheet.isVisible()
    sheet.first.setText("wae")
    sheet.second.setText("wbe")
    sheet.accept()
    walker.arrive()
    assert walker.scout.terrain.names == ("w_ae", "w_be")


@pytest.mark.parametrize(
    ("key", "word"), [("path", "It keeps"), ("random", "no ball is drawn"), ("slice", "at update")]
)
def test_other_surfaces_say_what_they_hide(walker, key, word):
    walker.page.landscape.view.surface_chosen.emit(key)
    walker.arrive()
    walker.press("3", "Right")
    walker.arrive()
    assert word in walker.page.landscape.portrait.content.caption
    trails = walker.page.landscape.view.scenery.marks.trails
    assert len(trails) == {"path": 3, "random": 0, "slice": 1}[key]


def test_the_true_loss_stands_on_a_stalk_over_the_main_directions(walker):
    walker.page.landscape.view.surface_chosen.emit("path")
    walker.arrive()
    walker.press("2", "Right")
    walker.arrive()
    trail = walker.page.landscape.view.scenery.marks.trails[0]
    project, track = walker.project, walker.scout.tracks[0]
    assert trail.losses[-1] == pytest.approx(track.losses[10], rel=1e-12)
    there = walker.scout.terrain.plane.point(*trail.points[-1])
    surface = walker.scout.terrain.surface
    assert trail.floors[-1] == pytest.approx(surface.loss(there), rel=1e-9)
    assert surface.task.rows == project.data.rows


def test_the_mockups_race_ends_as_it_says(walker):
    walker.page.landscape.view.example_chosen.emit("race-twins")
    walker.arrive()
    walker.page.transport.scrubber.scrub_to(60)
    walker.arrive()
    assert walker.subtitle == "SGD leads. Momentum shot past and found the other valley."
    assert [row.state().split(",")[0] for row in walker.race.rows] == ["loss 0.004023", "loss 0.01065", "loss 0.005873"]


def test_a_bet_is_told_when_the_race_is_over(walker):
    walker.page.landscape.view.example_chosen.emit("race-ravine")
    walker.arrive()
    names = [row.lane.name for row in walker.race.rows]
    walker.push(walker.race.bets.discs[names.index("Nesterov")])
    walker.press("End")
    walker.arrive()
    assert walker.race.bets.said() == "Right: Nesterov was first."
    assert walker.race.bets.count() == "1 of 1 bets right"


def test_the_best_rate_is_found_and_used(walker):
    walker.page.landscape.view.example_chosen.emit("rate-right")
    walker.arrive()
    walker.window.actions_table.run("best_rate")
    walker.until(lambda: walker.tour.tuner.search.is_over)
    best = walker.race.best_rate
    assert "rates tried for SGD" in best.sentence()
    rate = walker.tour.tuner.search.best
    walker.push(best.use)
    walker.arrive()
    assert walker.tour.prospect.runners[0].optimizer.rate == rate
    assert walker.tour.tuner.search is None


def test_another_runner_joins_and_the_others_keep_their_paths(walker):
    before = walker.scout.tracks[0]
    walker.push(walker.race.foot.add)
    walker.arrive()
    assert len(walker.scout.tracks) == 4
    np.testing.assert_array_equal(walker.scout.tracks[0].places, before.places)
    assert walker.scout.selected == 3


def test_the_weights_of_a_runner_are_kept_as_one_undo_step(walker):
    walker.press("3", "Right")
    i, j = walker.tour.prospect.pair
    place = walker.scout.tracks[0].places[100].tolist()
    walker.race.keep_requested.emit(0)
    assert walker.project.parameters[[i, j]].tolist() == place
    walker.press("Ctrl+Z")
    assert walker.project.parameters[[i, j]].tolist() != place


def test_what_of_the_slope_leads_out_of_the_picture_is_said(walker):
    walker.page.landscape.view.surface_chosen.emit("path")
    walker.arrive()
    walker.press("2", "Right")
    walker.arrive()
    slope = walker.page.landscape.view.scenery.marks.slope
    said = walker.race.rows[0].memory()
    part = f"{100 * slope.outside:.0f} %"
    assert said == (f"{part} of the slope leads out of this picture, into 11 more directions.",)
    assert 0 < slope.outside < 1


def test_m_shows_the_same_from_above(walker):
    view = walker.page.landscape.view
    view.relief.setFocus()
    walker.press("M")
    assert view.map.hasFocus()
    assert (view.map.isVisible(), view.relief.isVisible()) == (True, False)
    walker.press("M")
    assert (view.map.isVisible(), view.relief.isVisible()) == (False, True)


def test_height_is_the_loss_or_its_logarithm(walker):
    walker.page.landscape.view.example_chosen.emit("race-rosenbrock")
    walker.arrive()
    assert walker.scout.relief.is_log
    walker.page.landscape.view.height_chosen.emit(False)
    walker.arrive()
    assert not walker.scout.relief.is_log


def test_nothing_runs_behind_another_mode_and_all_is_there_on_coming_back(walker):
    walker.press("2", "Right")
    walker.press("Ctrl+1")
    assert walker.page.mode == STEP
    assert not walker.page.landscape.portrait.isVisible()
    assert walker.stage.isVisible()
    assert not walker.window.clock.is_running()
    walker.press("Ctrl+3")
    walker.arrive()
    assert walker.scout.t == 10


def test_a_weight_edited_elsewhere_makes_another_surface(walker):
    before = walker.scout.relief
    walker.press("Ctrl+1")
    walker.page.set_number(Place("bias", 2, 0), 2.0)
    walker.press("Ctrl+3")
    walker.arrive()
    assert walker.scout.relief is not before
    assert walker.scout.terrain.surface.plane.origin[12] == 2.0


def test_another_document_has_its_own_landscape(walker):
    walker.page.landscape.view.example_chosen.emit("race-twins")
    walker.arrive()
    walker.window.open_document("xor")
    walker.press("Ctrl+3")
    walker.arrive()
    assert walker.tour.example is None
    assert walker.scout.terrain.surface.task.network == walker.project.network


def test_a_network_of_which_one_number_can_move_is_flat_and_says_so(walker):
    walker.window.documents.start(lambda: fresh.from_shape("1-1"))
    walker.click(Place("weight", 1, 0, 0))
    walker.press("X", "Ctrl+3")
    walker.arrive()
    assert walker.scout.relief.is_flat
    assert "The loss is 0.620006 everywhere here." in walker.page.landscape.portrait.content.caption


def test_what_was_looked_at_is_kept_in_the_file(walker, tmp_path, monkeypatch):
    walker.page.landscape.view.surface_chosen.emit("slice")
    walker.page.landscape.portrait.pair_requested.emit(2, 5)
    walker.arrive()
    assert walker.window.work().view.surface == "slice w_ae,w_be"
    path = tmp_path / "mine.vnn"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: (str(path), ""))
    walker.press("Ctrl+Shift+S")
    walker.until(lambda: not walker.window.workspace.dirty)
    walker.window.open_document("xor")
    walker.window.open_document(str(path))
    walker.arrive()
    assert walker.page.mode == LANDSCAPE
    assert walker.scout.terrain.names == ("w_ae", "w_be")
    assert walker.tour.prospect.kind == "slice"


@pytest.mark.parametrize("suffix", [".png", ".svg", ".npz", ".csv"])
def test_what_is_seen_is_taken_away(walker, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"surface{suffix}"
    monkeypatch.setattr(exports.Exports, "_ask", lambda *_arguments: path)
    action = {".png": "export_png", ".svg": "export_svg", ".npz": "export_surface_npz", ".csv": "export_surface_csv"}
    walker.window.actions_table.run(action[suffix])
    walker.until(lambda: not walker.window.exports.exporter.busy)
    assert Path(path).stat().st_size > 1000
    if suffix == ".npz":
        with np.load(path) as numbers:
            np.testing.assert_array_equal(numbers["loss"], walker.scout.seen.grid.heights)
            assert numbers["path"].shape == (201, 2)


def test_find_leads_to_an_example(walker):
    walker.press("Ctrl+1")
    walker.window.sheets.choose("landscape:race-saddle")
    walker.arrive()
    assert walker.page.mode == LANDSCAPE
    assert walker.scout.prospect.classic == "saddle"


def test_a_presentation_keeps_surface_and_race(walker):
    walker.press("F11")
    QTest.qWait(1)
    assert walker.page.landscape.view.isVisible()
    walker.press(Qt.Key.Key_PageDown)
    assert walker.scout.t == 1
    walker.press(Qt.Key.Key_Escape)


def test_the_network_goes_first_where_the_surface_needs_the_room(walker):
    page = walker.page
    portrait, surface = page.landscape.portrait, page.landscape.view
    walker.press("D")
    assert page.left.is_open
    assert not portrait.isVisible()
    assert surface.width() >= 400
    assert page.panel.geometry().right() < page.width()
    walker.press("Ctrl+1", "Ctrl+3", "D")
    assert portrait.isVisible()
    assert portrait.width() == 300


def test_a_step_at_the_end_goes_on_and_play_begins_anew_where_all_have_arrived(walker):
    walker.press("End", "Right")
    walker.arrive()
    assert (walker.scout.t, walker.tour.prospect.updates) == (201, 400)
    walker.page.landscape.view.example_chosen.emit("rate-right")
    walker.arrive()
    walker.press("End", "Space")
    walker.until(lambda: 0 < walker.scout.t < 37)
    assert walker.tour.prospect.updates == 40


def test_esc_leaves_the_start_where_it_is(walker):
    walker.push(walker.race.foot.pick)
    assert walker.race.foot.pick.isChecked()
    walker.press(Qt.Key.Key_Escape)
    assert not walker.race.foot.pick.isChecked()
    walker.push(walker.race.foot.pick)
    walker.press("Ctrl+1", "Ctrl+3")
    assert not walker.race.foot.pick.isChecked()


def test_a_start_is_picked_by_keys_on_the_map(walker):
    walker.press("M")
    walker.arrive()
    walker.window.actions_table.run("pick_start")
    walker.press("Alt+Up", "Alt+Up", Qt.Key.Key_Return)
    walker.arrive()
    assert walker.tour.prospect.start is not None
    assert walker.scout.tracks[0].places[0].tolist() == list(walker.tour.prospect.start)
    assert not walker.race.foot.pick.isChecked()


def test_space_plays_although_a_rate_has_the_keyboard(walker):
    walker.qtbot.mouseClick(walker.race.rows[0], LEFT, pos=QPoint(300, 10))
    walker.race.rows[0].rate.setFocus(Qt.FocusReason.TabFocusReason)
    walker.press("Space")
    assert walker.scout.playing


def test_runners_follow_what_is_set_in_train_mode(walker):
    walker.press("Ctrl+2")
    options = walker.project.options
    walker.page.editor.set_options(replace(options, batch_size=8), "Batch size")
    walker.press("Ctrl+3")
    walker.arrive()
    assert [runner.batch_size for runner in walker.tour.prospect.runners] == [8, 8, 8]


def test_an_example_ends_the_search_for_a_rate(walker):
    walker.window.actions_table.run("best_rate")
    assert walker.race.best_rate.isVisible()
    walker.page.landscape.view.example_chosen.emit("race-twins")
    assert walker.tour.tuner.search is None
    assert not walker.race.best_rate.isVisible()
    walker.arrive()


def test_without_a_goal_no_best_rate_is_looked_for_and_that_is_said(walker):
    walker.race.goal_chosen.emit(None)
    walker.arrive()
    walker.window.actions_table.run("best_rate")
    assert walker.subtitle == "First choose a loss to race to."


def test_what_takes_long_tells_how_far_it_is_and_can_be_cut_short(walker):
    walker.window.open_document("deep")
    walker.press("Ctrl+3")
    walker.until(lambda: walker.scout.known > 0)
    scenery = walker.page.landscape.view.scenery
    assert scenery.waiting.startswith("The runners go ahead: update ")
    assert scenery.progress == pytest.approx(walker.scout.known / 100, abs=0.1)
    walker.push(walker.page.landscape.view.head.stop)
    assert walker.tour.prospect.updates < 100
    walker.until(lambda: walker.scout.race_is_ready)
    assert walker.scout.known >= walker.tour.prospect.updates  # they may have gone one further meanwhile,
    walker.scout.seek(100)
    assert walker.scout.t == walker.tour.prospect.updates  # which nobody is shown
