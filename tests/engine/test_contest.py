"""A race is a pure function of the course, the runners and the start, however it is computed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.engine import contest as engine_contest
from visualnn.engine.contest import Contest, NetworkCourse, SurfaceCourse
from visualnn.nn.data import number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.landscape import trek
from visualnn.nn.landscape.descent import TwoWeights, descend
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.plane import two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Stop, Training

NETWORK = Network.of(2, 3, 1)
END = 70  # updates
START = initial_parameters(NETWORK, "glorot_uniform", 11)


def rule(name: str, rate: float, **options: object) -> Options:
    return Options(Optimizer("sgd", rate=rate).renamed(name), **options)


FIVE = (
    rule("sgd", 0.02),
    rule("momentum", 0.01, schedule=Schedule("cosine", period=90)),
    rule("adam", 0.1, batch_size=7),
    rule("nadam", 0.05, dropout=0.2),
    rule("lion", 0.01, batch_size=10, l2=0.01),
)


def network_course() -> NetworkCourse:
    return NetworkCourse(NETWORK, number_pairs(), None, START, seed=5)


def surface_course() -> SurfaceCourse:
    return SurfaceCourse(CLASSICS["himmelblau"], (-0.5, -1.0))


def slice_course() -> SurfaceCourse:
    model = MODELS["bowl"]
    return SurfaceCourse(TwoWeights(model.task(Options(seed=5)), model.plane), (-1.0, 2.5))


COURSES = {"network": network_course, "surface": surface_course, "slice": slice_course}


def run(contest: Contest, until: int) -> tuple[Track, ...]:
    while contest.advance(until):
        pass
    return contest.tracks()


def same(one: Track, other: Track) -> None:
    assert (one.options, one.stop) == (other.options, other.stop)
    for name in ("updates", "places", "losses", "slopes", "memory", "rates"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert (mine is None) == (theirs is None)
        if mine is not None:
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("course", COURSES)
@settings(max_examples=12)
@given(splits=st.lists(st.integers(1, END), max_size=5), compiled=st.booleans())
def test_any_split_gives_the_same_tracks_to_the_bit(
    compiled_kernel: frozenset[choose.Kind], course: str, splits: list[int], compiled: bool
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "_ready", set(compiled_kernel) if compiled else set())
        patch.setattr(trek, "MOMENTS", 20)
        whole, parts = Contest(COURSES[course](), FIVE), Contest(COURSES[course](), FIVE)
        expected = run(whole, END)
        for until in splits:
            parts.advance(until)
            parts.tracks()
        found = run(parts, END)
    for one, other in zip(found, expected, strict=True):
        same(one, other)
        assert one.last == END


def test_on_a_surface_everybody_goes_where_a_descent_goes():
    tracks = run(Contest(surface_course(), FIVE), 120)
    for options, track in zip(FIVE, tracks, strict=True):
        path = descend(CLASSICS["himmelblau"], options, (-0.5, -1.0), 120)
        np.testing.assert_array_equal(track.places, path.points)
        np.testing.assert_array_equal(track.losses, path.losses)
        assert track.options.optimizer == options.optimizer


def test_on_a_network_everybody_goes_where_its_training_goes(kernel: str):
    tracks = run(Contest(network_course(), FIVE), 100)
    for options, track in zip(FIVE, tracks, strict=True):
        training = Training(NETWORK, number_pairs(), replace(options, seed=5), START)
        for t in range(101):
            np.testing.assert_array_equal(track.places[t], training.parameters)
            assert track.losses[t] == training.full_loss()
            training.run(1)


def test_two_chosen_weights_race_as_the_network_with_all_others_frozen():
    plane = two_weights(NETWORK, START, 0, 10, ("wac", "wcf"))
    course = SurfaceCourse(TwoWeights(Training(NETWORK, number_pairs(), Options()).task, plane), (START[0], START[10]))
    (track,) = run(Contest(course, [rule("adam", 0.05)]), 30)
    training = Training(NETWORK, number_pairs(), Options(), START)
    assert track.losses[0] == pytest.approx(training.full_loss(), rel=1e-12)
    assert track.losses[-1] < track.losses[0]


def test_a_portion_takes_some_turns_and_who_is_behind_has_the_next(monkeypatch: pytest.MonkeyPatch):
    clock = itertools.count()
    monkeypatch.setattr(engine_contest, "perf_counter", lambda: next(clock) * 0.5 * engine_contest.TURN_S)
    contest = Contest(network_course(), FIVE)
    lasts: list[int] = []
    while not lasts or min(lasts) < 5:
        assert contest.advance(10**6)
        now = [track.last for track in contest.tracks()]
        assert 0 < sum(now) - sum(lasts) < 10 * len(FIVE)
        assert max(now) - min(now) <= engine_contest.FASTER
        lasts = now
    assert contest.update == min(lasts)


def test_who_diverges_stops_and_the_others_go_on():
    contest = Contest(surface_course(), [rule("sgd", 0.01), rule("sgd", 5.0), rule("adam", 0.1)])
    calm, wild, other = run(contest, 200)
    assert (calm.stop, wild.stop, other.stop) == (None, Stop.DIVERGED, None)
    assert (calm.last, other.last) == (200, 200)
    assert wild.last < 20
    assert not np.isfinite(wild.losses[-1])
    assert np.isfinite(wild.losses[:-1]).all()
    assert contest.update == 200
    assert not contest.advance(200)
    assert contest.tracks()[1] is wild


def test_where_everybody_has_diverged_there_is_no_more_to_do():
    contest = Contest(surface_course(), [rule("sgd", 5.0), rule("sgd", 9.0)])
    tracks = run(contest, 10**9)
    assert all(track.stop is Stop.DIVERGED for track in tracks)
    assert contest.update == max(track.last for track in tracks)


def test_goals_and_patience_of_the_runners_do_not_stop_them():
    ends = [replace(options, goal=1e9, epochs=1, patience=1, seed=77) for options in FIVE]
    for found, expected in zip(
        run(Contest(network_course(), ends), 40), run(Contest(network_course(), FIVE), 40), strict=True
    ):
        same(found, expected)


@pytest.mark.parametrize("course", COURSES)
def test_tracks_that_were_handed_out_never_change(course: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trek, "MOMENTS", 30)
    contest, seen = Contest(COURSES[course](), FIVE), []
    for until in range(1, 160, 6):
        contest.advance(until)
        seen += [(track, track.places.copy(), track.losses.copy()) for track in contest.tracks()]
    for track, places, losses in seen:
        np.testing.assert_array_equal(track.places, places)
        np.testing.assert_array_equal(track.losses, losses)


@pytest.mark.parametrize("course", COURSES)
def test_between_two_portions_asking_again_gives_the_same_objects(course: str):
    contest = Contest(COURSES[course](), FIVE)
    run(contest, 20)
    first, second = contest.tracks(), contest.tracks()
    assert all(one is other for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("course", COURSES)
def test_with_one_runner_replaced_the_others_keep_what_has_been_run(course: str):
    contest = Contest(COURSES[course](), FIVE)
    before = run(contest, 50)
    changed = (FIVE[3], rule("sgd", 0.005), *FIVE[:3])
    other = contest.replaced(changed)
    assert other.update == 0
    kept, fresh, *rest = other.tracks()
    assert kept is before[3]
    assert all(one is two for one, two in zip(rest, before[:3], strict=True))
    assert fresh.last == 0
    for found, expected in zip(run(other, 50), run(Contest(COURSES[course](), changed), 50), strict=True):
        same(found, expected)


def test_twice_the_same_runner_is_run_once():
    contest = Contest(surface_course(), [FIVE[0], FIVE[0]])
    one, two = run(contest, 30)
    assert one is two
    assert contest.runners[0] == contest.runners[1]


def test_options_that_do_not_fit_are_said_before_anybody_runs():
    with pytest.raises(VisualNNError, match="does not fit"):
        Contest(network_course(), [FIVE[0], rule("sgd", 0.1, loss="cross_entropy")])


def test_a_race_of_nobody_is_over():
    contest = Contest(surface_course(), [])
    assert not contest.advance(10)
    assert contest.tracks() == ()
    assert contest.update == 0
