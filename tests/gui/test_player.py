"""The media player of a pass, driven by a clock that only moves when it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from visualnn.gui.clock import FrameClock
from visualnn.gui.player import DURATIONS_MS, SPEEDS, Player
from visualnn.nn.network import Network
from visualnn.scene.timeline import GRAINS, Timeline

ADDER = Timeline(Network.of(2, 3, 1), "mse")


@pytest.fixture
def clock(qapp, monkeypatch):
    monkeypatch.setattr(FrameClock, "_is_seen", lambda self: False)
    clock = FrameClock()
    yield clock
    clock.deleteLater()


@pytest.fixture
def player(clock):
    player = Player(clock, clock)
    player.set_timeline(ADDER, keep_place=False)
    return player


def run(player: Player, seconds: float = 0.01, most: int = 20_000) -> int:
    """Frames until it stands still; how many."""
    for frame in range(most):
        if not player.moving:
            return frame
        player._clock.advance(seconds)
    raise AssertionError("it never stops")


def test_without_a_timeline_nothing_happens(clock):
    player = Player(clock, clock)
    player.step()
    player.back()
    player.play()
    clock.advance(1)
    assert (player.t, player.length, player.playing, player.moving) == (0, 0, False, False)


@pytest.mark.parametrize("grain", GRAINS)
def test_a_step_takes_its_time(player, grain):
    player.set_grain(grain)
    player.step()
    assert run(player) == pytest.approx(DURATIONS_MS[grain] / 10, abs=1)
    assert player.t == ADDER.after(0, grain)


@pytest.mark.parametrize("speed", SPEEDS)
def test_every_speed_reaches_every_stop(player, speed):
    player.set_speed(speed)
    stops = []
    player.moved.connect(stops.append)
    player.play()
    run(player, 0.05)
    assert player.t == 55
    assert stops == sorted(stops)
    assert {round(t) for t in stops if t == round(t)} >= {55}


def test_a_long_frame_does_not_leap_over_a_stop(player):
    player.play(stops_at_sums=True)
    seen = []
    while player.moving:
        player._clock.advance(3.0)
        seen.append(player.t)
    assert seen == [1, 2, 3, 4]


def test_a_frame_without_time_changes_nothing(player):
    player.set_speed(float("inf"))
    player.play()
    player._clock.advance(0.0)
    assert player.t == 0


@pytest.mark.parametrize("grain", GRAINS)
def test_back_undoes_forward(player, grain):
    player.set_grain(grain)
    player.set_speed(float("inf"))
    stops = [0.0]
    while player.t < player.length:
        player.step()
        stops.append(player.t)
    for stop in reversed(stops[:-1]):
        player.back()
        assert player.t == stop


def test_seek_stays_within_the_timeline(player):
    player.seek(-3)
    assert player.t == 0
    player.seek(1e9)
    assert player.t == 55


def test_the_clock_is_held_only_while_something_moves(player):
    player.step()
    assert player._clock._held
    run(player)
    assert not player._clock._held
    player.play()
    player.pause()
    assert not player._clock._held


def test_pausing_twice_is_told_once(player):
    heard = []
    player.play()
    player.state_changed.connect(lambda: heard.append(player.playing))
    player.pause()
    player.pause()
    assert heard == [False]


def test_another_timeline_begins_at_its_start(player):
    player.seek(30)
    player.set_timeline(Timeline(Network.of(2, 2, 1), "mse"), keep_place=False)
    assert player.t == 0


def test_a_shorter_timeline_keeps_the_place_as_far_as_it_can(player):
    player.seek(50)
    player.set_timeline(Timeline(Network.of(2, 3, 1)), keep_place=True)
    assert player.t == 20


def test_the_same_timeline_goes_on_playing(player):
    player.play()
    run_for = [player._clock.advance(0.1) for _ in range(5)]
    assert run_for
    heard = []
    player.moved.connect(heard.append)
    player.set_timeline(Timeline(Network.of(2, 3, 1), "mse"), keep_place=True)
    assert player.playing
    assert heard == [player.t]


def test_reduced_motion_waits_and_switches(player):
    player.reduced_motion = True
    seen = []
    player.moved.connect(seen.append)
    player.set_grain("layer")
    player.play()
    run(player)
    assert seen == [15, 20, 22, 27, 42, 51, 55]


def test_playing_resumes_where_it_paused_in_the_middle_of_a_step(player):
    player.play()
    for _ in range(30):
        player._clock.advance(0.05)
    player.pause()
    middle = player.t
    assert middle != round(middle)
    player.play()
    player._clock.advance(0.01)
    assert middle < player.t < middle + 0.1


def test_the_guide_is_forgotten_with_another_granularity(player):
    player.guide()
    run(player)
    assert player.t == 4
    player.toggle()
    run(player)
    assert player.t == 9
    player.set_grain("operation")
    player.toggle()
    run(player)
    assert player.t == 55


# -- wide networks -----------------------------------------------------------------------------------------------------


DIGITS = Timeline(Network.of(64, 32, 10, output="softmax"), "cross_entropy")


def opened(player: Player, timeline: Timeline) -> str:
    """The grain after a document was opened."""
    player.set_timeline(timeline, keep_place=False)
    player.suit_grain()
    return player.grain


def test_a_wide_network_goes_by_layers_and_a_small_one_by_operations_again(player):
    assert [opened(player, timeline) for timeline in (DIGITS, ADDER)] == ["layer", "operation"]


def test_what_was_chosen_holds_for_every_small_network(player):
    player.set_grain("neuron")
    assert [opened(player, timeline) for timeline in (DIGITS, ADDER)] == ["layer", "neuron"]


def test_operations_can_be_chosen_in_a_wide_network(player):
    opened(player, DIGITS)
    player.set_grain("operation")
    player.step()
    run(player)
    assert player.t == 1


# -- inside a neuron ---------------------------------------------------------------------------------------------------


@pytest.fixture
def inside(player):
    """In the first operation of neuron d of the adder, which goes by layers."""
    player.set_grain("layer")
    player.set_speed(float("inf"))
    player.enter(0, 1)
    return player


def test_a_neuron_is_entered_at_its_first_operation(inside):
    assert (inside.t, inside.grain) == (6, "operation")


def test_going_on_from_its_last_operation_finishes_the_layer(inside):
    stops = []
    for _ in range(5):
        inside.step()
        stops.append((inside.t, inside.grain))
    assert stops == [(7, "operation"), (8, "operation"), (9, "operation"), (10, "operation"), (15, "layer")]


def test_leaving_it_goes_back_to_where_it_was_entered(inside):
    inside.step()
    inside.leave()
    assert (inside.t, inside.grain, inside.inside) == (0, "layer", None)


def test_going_back_from_its_first_operation_leaves_it(inside):
    inside.back()
    assert (inside.t, inside.grain) == (0, "layer")


@pytest.mark.parametrize(("place", "grain"), [(5, "operation"), (10, "operation"), (11, "layer"), (4, "layer")])
def test_a_jump_to_elsewhere_leaves_it(inside, place, grain):
    inside.seek(place)
    assert inside.grain == grain


def test_playing_goes_on_through_it_with_the_grain_from_before(inside):
    inside.play()
    stops = []
    while inside.playing and inside.t < 20:
        inside._clock.advance(0.1)
        stops.append(inside.t)
    assert stops[:6] == [7, 8, 9, 10, 15, 20]


def test_another_neuron_is_entered_from_within(inside):
    inside.enter(1, 0)
    inside.leave()
    assert (inside.t, inside.grain) == (0, "layer")


def test_a_grain_chosen_within_is_kept(inside):
    inside.set_grain("neuron")
    assert (inside.inside, inside.grain) == (None, "neuron")


def test_what_is_opened_next_knows_nothing_of_it(inside):
    assert opened(inside, Timeline(Network.of(2, 2, 1), "mse")) == "layer"
    assert inside.inside is None


# -- another question in the middle ------------------------------------------------------------------------------------

CROSS = Timeline(Network.of(2, 3, 1, output="sigmoid"), "binary_cross_entropy")
SQUARED = Timeline(Network.of(2, 3, 1, output="sigmoid"), "mse")


def test_another_loss_keeps_the_step_where_it_has_another_number(player):
    player.set_timeline(SQUARED, keep_place=False)
    number = SQUARED.find("update_weight", 0, 1) + 1
    player.seek(number)
    player.set_timeline(CROSS, keep_place=True)
    assert CROSS.step(int(player.t)) == replace(SQUARED.step(number), number=number - 1)


def test_a_step_that_is_gone_leaves_its_number(player):
    player.set_timeline(SQUARED, keep_place=False)
    player.seek(SQUARED.find("slope_gate", 1, 0))
    player.set_timeline(CROSS, keep_place=True)
    assert player.t == SQUARED.find("slope_gate", 1, 0)


def test_playing_goes_on_with_another_loss(player):
    player.set_timeline(SQUARED, keep_place=False)
    player.seek(40)
    player.play()
    player._clock.advance(0.09)
    player.set_timeline(CROSS, keep_place=True)
    assert player.playing
    assert 39 < player.t < 40
    run(player, 0.05)
    assert player.t == len(CROSS)
