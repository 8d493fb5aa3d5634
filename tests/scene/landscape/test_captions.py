"""What is said about a surface is true, and short."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.scene.landscape.races import plane_of, surface_of, tracks
from visualnn.files.examples import load
from visualnn.nn.data import number_pairs
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import plane as planes
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.ground import Ground, sampled
from visualnn.nn.landscape.models import MODELS as TWO_WEIGHT_MODELS
from visualnn.nn.landscape.plane import KINDS
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window, around
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.scene.landscape import examples
from visualnn.scene.landscape.captions import (
    BEYOND,
    BRIEF,
    MODELS,
    NETWORKS,
    RANDOM_WALK,
    Seen,
    captions,
    of_classic,
    of_plane,
    of_rows,
    of_stretch,
)
from visualnn.scene.landscape.flatness import Stretch
from visualnn.scene.landscape.relief import Relief, relief

NETWORK = Network.of(2, 3, 1)
PATH = np.cumsum(np.random.default_rng(0).normal(0, 1, (50, 13)), axis=0)
EXACT_TWO = planes.two_weights(NETWORK, PATH[-1], 0, 3, ("wac", "wbc"))
D_IS_OFF = "neuron d is off for every row"
HILL = np.add.outer(np.linspace(1, 2, 9), np.linspace(1, 3, 9))


def seen(heights: np.ndarray = HILL, names: tuple[str, str] = ("x", "y"), **more) -> Relief:
    return relief(heights, (0.0, 1.0, 0.0, 1.0), names=names, **more)


def test_networks_of_two_weights_are_called_exact_and_formulas_are_called_formulas():
    for name, classic in CLASSICS.items():
        said = of_classic(classic)
        assert ("this surface is exact" in said[0]) is (name in NETWORKS)
        assert (BEYOND in said) is (name in NETWORKS)
        assert ("formula" in said[0]) is (name not in (*NETWORKS, "sine"))
    assert set(TWO_WEIGHT_MODELS) < set(NETWORKS)
    assert set(MODELS) <= set(CLASSICS)


def test_that_y_is_made_up_is_said_where_it_is():
    """The double well and the sine neuron are functions of one number; the others are not y² in y."""
    for name, classic in CLASSICS.items():
        x = classic.start[0]
        grows = [float(classic.heights(x, y) - classic.heights(x, 0.0)) for y in (0.5, 1.0, -1.5)]
        is_added = np.allclose(grows, [0.25, 1.0, 2.25]) and name != "ravine"
        assert ("y² is added" in of_classic(classic)[0]) is is_added, name


def test_two_chosen_weights():
    assert of_plane(EXACT_TWO, marked=True) == (
        "Only the two marked weights move. All others are fixed, so this surface is exact.",
    )
    assert of_plane(EXACT_TWO) == ("Only wac and wbc move. All others are fixed, so this surface is exact.",)


def test_what_two_weights_hold_of_a_run_of_all():
    plane = EXACT_TWO.of(PATH)
    assert of_plane(plane)[1:] == (
        f"A whole run moves all weights: {100 * plane.kept:.1f} % of its movement lies here.",
    )
    still = EXACT_TWO.of(np.tile(PATH[0], (4, 1)))
    assert still.kept == 1.0
    assert len(of_plane(still)) == 1


def test_a_surface_that_moves_is_stamped_and_not_called_fixed():
    assert of_plane(EXACT_TWO, update=1200, marked=True) == (
        "The two marked weights vary. All others are as they are at update 1,200.",
        "Next update, another surface.",
    )
    assert of_plane(EXACT_TWO, update=0)[0] == "wac and wbc vary. All others are as they are at update 0."


def test_main_directions_say_how_much_they_keep_and_that_this_is_little():
    plane = planes.of_path(PATH)
    said = of_plane(plane)
    assert said[0] == "The network has 13 weights and biases. This is one flat slice through them."
    assert said[1].startswith(f"It keeps {100 * plane.kept:.1f} % of the path’s movement about its end.")
    assert said[1].endswith("A walk at random would keep about 90 %.")
    assert "float or cut corners" in said[2]
    assert "true loss, on a stalk" in said[3]


def test_a_share_is_never_rounded_up_to_all_of_it():
    nearly = replace(planes.of_path(PATH), kept=0.99996)
    assert "It keeps 99.996 % of" in of_plane(nearly)[1]


@pytest.mark.parametrize("weights", [13, 400])
def test_a_walk_at_random_keeps_that_much(weights: int):
    walks = [np.cumsum(np.random.default_rng(seed).normal(0, 1, (200, weights)), axis=0) for seed in range(20)]
    assert 100 * np.mean([planes.of_path(walk).kept for walk in walks]) == pytest.approx(RANDOM_WALK, abs=2)


def test_random_directions_say_why_there_is_no_ball():
    plane = planes.random(NETWORK, PATH[-1], np.random.default_rng(1))
    assert of_plane(plane)[2] == "No path lies in it, so no ball is drawn."
    kept = plane.of(PATH)
    assert of_plane(kept)[2] == f"It keeps only {100 * kept.kept:.1f} % of the path, so no ball is drawn."
    assert of_plane(replace(plane, kept=0.0))[2] == "It keeps nothing of the path, so no ball is drawn."


def test_rows_are_counted_where_not_all_are_used():
    task = Task.of(NETWORK, Options(), number_pairs(0, 19))
    some = sampled(task)
    assert of_rows(256, 1437) == "Computed from 256 of 1,437 rows."
    assert "Computed from 256 of 400 rows." in captions(Seen(seen(), plane=EXACT_TWO, task=some, rows=400))
    assert len(captions(Seen(seen(), plane=EXACT_TWO, task=task, rows=400))) == 1
    assert len(captions(Seen(seen(), plane=EXACT_TWO, task=task))) == 1


def test_what_the_relief_notes_comes_last():
    heights = HILL.copy()
    heights[2, 3] = np.inf
    holes = seen(heights, start=0.25)
    assert captions(Seen(holes))[-len(holes.notes) :] == holes.notes
    assert len(holes.notes) == 2


@pytest.mark.parametrize(
    ("stretch", "why", "sentence"),
    [
        (Stretch(1, -1.0, 2.0), D_IS_OFF, "Nothing changes along wbd: neuron d is off for every row."),
        (Stretch(1, -1.0, 2.0), "", "Nothing changes along wbd here."),
        (Stretch(1, -1.0, 0.01234, to_high=False), "", "Up to wbd = 0.0123 nothing changes along it."),
        (
            Stretch(1, -0.5, 2.0, from_low=False),
            D_IS_OFF,
            "From wbd = −0.5 on nothing changes along it. Neuron d is off for every row there.",
        ),
    ],
)
def test_a_flat_axis(stretch: Stretch, why: str, sentence: str):
    assert of_stretch(stretch, "wbd", why) == sentence


def shown(name: str) -> Seen:
    example = examples.find(name)
    [track] = tracks(name)
    task, plane = surface_of(example, track.options).task, plane_of(example)
    window = around(track.places)
    edges = (window.x0, window.x1, window.y0, window.y1)
    heights = losses(Ground(task, plane), window, 49).heights
    return Seen(relief(heights, edges, names=plane.names), plane=plane, task=task, names=load("adder").names, rows=25)


def test_the_adder_s_flat_axis_is_explained():
    said = captions(shown("adder-flat-axis"))
    assert said[-1].startswith("Up to wbd = −0.0")
    assert said[-1].endswith("nothing changes along it. Neuron d is off for every row there.")
    assert len(captions(shown("adder-into-c"))) == 1


def test_without_the_neurons_names_it_is_only_said_that_it_is_flat():
    assert captions(replace(shown("adder-flat-axis"), names=()))[-1].endswith("nothing changes along it.")


def test_on_a_plain_each_dead_neuron_is_named_once():
    parameters = np.array([-1.0, 1, 1, -1, 1, 1, 0, 0, 0, 1, 1, 1, 0])
    task, names = Task.of(NETWORK, Options(), number_pairs(0, 4)), (("a", "b"), ("c", "d", "e"), ("f",))
    plane = planes.two_weights(NETWORK, parameters, 0, 3, ("wac", "wbc"))
    window = (-2.0, -1.0, -2.0, -1.0)
    plain = relief(losses(Ground(task, plane), Window(*window), 9).heights, window, names=plane.names)
    said = captions(Seen(plain, plane=plane, task=task, names=names))
    assert said[1:] == ("Neuron c is off for every row.", *plain.notes)
    assert "everywhere here" in plain.notes[0]


def test_the_valley_s_shelf_is_explained():
    classic = CLASSICS["valley"]
    made = relief(losses(classic, Window(*classic.window), 49).heights, classic.window)
    assert captions(Seen(made, classic))[-1] == (
        "Up to x = 0 nothing changes along it. The neuron is off for every row there."
    )


def test_a_pixel_that_is_always_empty_is_named():
    project = load("digits")
    task = sampled(Task.of(project.network, project.options, project.data))
    plane = planes.two_weights(project.network, project.parameters, 0, 40, ("first", "second"))
    made = relief(np.tile(np.linspace(1, 2, 9)[:, None], (1, 9)), (0.0, 1.0, 0.0, 1.0), names=plane.names)
    said = captions(Seen(made, plane=plane, task=task, names=project.names))
    assert not task.inputs[:, 0].any()
    assert said[-1] == f"Nothing changes along first: input {project.names[0][0]} is 0 for every row."


def test_there_is_half_a_line_for_every_kind():
    assert set(BRIEF) == {"formula", *KINDS}


def everything() -> list[str]:
    path, across = planes.of_path(PATH), planes.random(NETWORK, PATH[-1], np.random.default_rng(1))
    made = [EXACT_TWO, EXACT_TWO.of(PATH), path, across, across.of(PATH)]
    said = [text for plane in made for marked in (True, False) for text in of_plane(plane, marked=marked)]
    said += [text for update in (0, 12345) for text in of_plane(EXACT_TWO, update=update)]
    said += [text for classic in CLASSICS.values() for text in of_classic(classic)]
    said += [
        of_rows(256, 60000),
        of_stretch(Stretch(0, -1.0, 0.5, to_high=False), "w_x1_h12", "neuron h12 is off for every row"),
    ]
    return said


@pytest.mark.parametrize("text", sorted(set(everything())))
def test_sentences_are_short(text: str):
    for sentence in re.split(r"(?<=[.])\s", text):
        assert sentence.endswith(".")
        assert len(sentence.split()) <= 14, sentence
    assert not re.search("[!'\"]", text)
