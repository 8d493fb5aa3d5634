"""Who stands where on a relief at a moment."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from visualnn.engine.contest import Contest, SurfaceCourse
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.scene.landscape import presence, terrain
from visualnn.scene.landscape.discovery import on_exact, raced
from visualnn.scene.landscape.examples import find
from visualnn.scene.landscape.presence import Runner
from visualnn.scene.racing import marks

NAMES = ("x", "y")


@pytest.fixture(scope="module")
def twins():
    return terrain.of_classic("twins")


@cache
def tracks():
    contest = Contest(SurfaceCourse(CLASSICS["twins"], (-1.0, 1.2)), find("race-twins").runners)
    *_some, last = raced(lambda: contest, 100)
    return last.tracks


def standing(t):
    given = zip(("SGD", "Momentum", "Adam"), marks(["sgd", "momentum", "adam"]), tracks(), strict=True)
    return [Runner(name, mark, track, on_exact(track), track.moment(t)) for name, mark, track in given]


def test_a_trail_ends_where_its_runner_is_now(twins):
    found = presence.marks(twins, standing(60), 1)
    assert [trail.letter for trail in found.trails] == ["S", "M", "A"]
    for trail, each in zip(found.trails, standing(60), strict=True):
        assert len(trail.points) == 61
        np.testing.assert_array_equal(trail.points[-1], each.track.places[60])
        assert trail.losses[-1] == each.track.losses[60]
    assert found.selected == 1


def test_all_begin_at_one_place_at_its_true_loss(twins):
    found = presence.marks(twins, standing(60), 0)
    x, y, loss = found.start
    assert (x, y) == (-1.0, 1.2)
    assert loss == pytest.approx(float(CLASSICS["twins"].heights(np.array([x]), np.array([y]))[0]), rel=1e-12)


def test_known_minima_are_marked(twins):
    found = presence.marks(twins, standing(0), 0)
    assert {(each.x, each.y) for each in found.minima} == {(0.5, 3.0), (3.0, 0.5)}


def test_who_has_no_place_on_the_surface_leaves_no_trail(twins):
    sgd, momentum, adam = standing(60)
    nowhere = Runner(momentum.name, momentum.mark, momentum.track, None, momentum.moment)
    found = presence.marks(twins, [sgd, nowhere, adam], 1)
    assert [trail.letter for trail in found.trails] == ["S", "A"]
    assert (found.selected, found.moment) == (None, None)
    assert presence.slope_at(twins, nowhere) is None
    assert presence.memory_words(nowhere, NAMES) == ()


def test_a_path_that_is_not_known_so_far_has_no_ball(twins):
    sgd, *_others = standing(60)
    short = on_exact(tracks()[0])
    late = Runner(sgd.name, sgd.mark, sgd.track, short, len(short.points))
    assert not late.is_placed


def test_the_slope_is_the_surfaces_own(twins):
    each = standing(60)[0]
    found = presence.slope_at(twins, each)
    assert (found.x, found.y) == each.point
    np.testing.assert_allclose(found.gradient, CLASSICS["twins"].slopes(*each.point), rtol=1e-12)


def test_what_an_optimizer_remembers_is_said_in_numbers(twins):
    sgd, momentum, adam = standing(60)
    assert presence.memory_words(sgd, NAMES) == ()
    [velocity] = presence.memory_words(momentum, NAMES)
    assert velocity.startswith("velocity (")
    told = presence.memory_words(adam, NAMES)
    assert [each.split()[0] for each in told] == ["velocity", "rate"]
    assert " · for y " in told[1]
