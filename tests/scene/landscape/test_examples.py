"""What the examples of Landscape mode promise is what happens, and every landscape demonstration leads to one."""

from __future__ import annotations

import re
from functools import partial

import numpy as np
import pytest

from tests.demos import plain, rows
from tests.demos.runs import EARLY, cases, optimizer_of, options_of
from tests.demos.surfaces import NAMES
from tests.scene.landscape.races import plane_of, tracks
from visualnn.nn.data import number_pairs
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.track import Track
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.scene.landscape import examples
from visualnn.scene.landscape.examples import EXAMPLES, GROUPS, Example, ends
from visualnn.scene.racing import MOST

SLICES, STEPS = "article-two-weight-slice", "step-length-vs-distance"
BESIDE = {  # runs of demonstrations that no example shows, and why
    ("valley-two-weight-relu", 0): "a small rate crawls here as it does in the bowl",
    ("valley-two-weight-relu", 7): "another start that only arrives",
    ("twin-tanh-saddle", 1): "apart by a millionth: a thousandth shows the same",
    ("twin-tanh-saddle", 6): "a start that only arrives",
    ("race-rosenbrock", 4): "five runners at most; RMSprop does not arrive, as SGD does not",
    ("race-beale", 3): "five runners at most; AdaGrad is much like SGD",
    ("race-himmelblau", 3): "five runners at most; AdaGrad arrives as RMSprop does",
    ("race-styblinski-tang", 4): "five runners at most; RMSprop stays where Adam does",
    (STEPS, 5): "five runners at most; Adam at another rate",
}
DEMOS = (*NAMES, SLICES, STEPS)  # the table of honesty is made again beside the planes
Ran = tuple[str, tuple[str, ...], tuple[float, float], Optimizer]  # where, along what, from where, how


def shown() -> set[Ran]:
    return {
        (example.surface or example.document, example.axes or (), example.start, options.optimizer)
        for example in EXAMPLES
        for options in example.runners
    }


def runs(demo: str) -> dict[int, Ran]:
    """Every run of a demonstration, as an example would show it."""
    found: dict[int, Ran] = {}
    for number, run in enumerate(rows.demos()[demo]["runs"]):
        if demo == STEPS:
            found[number] = ("ravine", (), (0.0, -10.0), optimizer_of(run))
        elif demo == SLICES:
            found[number] = ("adder", names(run["axes"]), (*run["start"],), optimizer_of(run))
        else:
            found[number] = (NAMES[demo], (), (*map(float, run["start"]), 0.0)[:2], optimizer_of(run))
    return found


def names(typed: str) -> tuple[str, ...]:
    return tuple(part.replace("_", "") for part in typed.split(","))


@pytest.mark.parametrize("demo", DEMOS)
def test_every_run_of_a_landscape_demonstration_is_in_an_example_or_it_is_said_why_not(demo: str):
    present = shown()
    for number, run in runs(demo).items():
        assert (run in present) is ((demo, number) not in BESIDE), f"{demo}, run {number}"


def test_reasons_are_given_for_demonstrations_that_exist():
    assert {demo for demo, _number in BESIDE} <= set(DEMOS)
    assert all(number < len(rows.demos()[demo]["runs"]) for demo, number in BESIDE)


@pytest.mark.parametrize("name", [example.id for example in EXAMPLES])
def test_runners_end_as_the_example_says(name: str):
    example = examples.find(name)
    assert len(example.ends) == len(example.runners)
    for track, promised in zip(tracks(name), example.ends, strict=True):
        assert promised
        for end in promised:
            assert end.holds(track), (track.options.optimizer, end, track.losses[-1], track.places[-1])


@pytest.mark.parametrize("name", [example.id for example in EXAMPLES if example.surface])
def test_early_losses_are_those_of_the_demonstrations_own_trainer(name: str):
    """To a millionth over a hundred updates; a descent on a network is compared beside the demonstrations."""
    example = examples.find(name)
    for track in tracks(name):
        optimizer = track.options.optimizer
        run = {"optimizer": optimizer.name, "lr": optimizer.rate, "start": example.start}
        classic = CLASSICS[example.surface]
        losses = plain.descent(classic.loss_and_slopes, run, min(EARLY, example.updates))
        np.testing.assert_allclose(track.losses[: losses.size], losses, rtol=1e-6, atol=1e-13 * losses[0])


@pytest.mark.parametrize("name", [example.id for example in EXAMPLES if example.document])
def test_the_adder_s_early_losses_are_those_of_its_demonstration(name: str):
    example, [track] = examples.find(name), tracks(name)
    [case] = [case for case in cases(SLICES) if names(case.run["axes"]) == example.axes]
    losses = case.plain()
    np.testing.assert_allclose(track.losses[: losses.size], losses, rtol=1e-6)
    np.testing.assert_allclose(track.places[-1], case.run["end"], rtol=5.1e-6)
    assert options_of(case.run).optimizer == track.options.optimizer


def test_steps_of_the_ravine_s_steep_side_are_those_told_for_a_distance_of_ten():
    told = {optimizer_of(run): run for run in rows.demos()[STEPS]["runs"]}
    for track in tracks("step-length"):
        run = told[track.options.optimizer]
        paces = np.linalg.norm(np.diff(track.places, axis=0), axis=1)
        for update, length in run["step_length"].items():
            if int(update) <= track.last:
                assert paces[int(update) - 1] == pytest.approx(length, rel=5.1e-6)
        for update, distance in run["distance"].items():
            if int(update) <= track.last:
                assert abs(track.places[int(update) - 1, 1]) == pytest.approx(distance, rel=5.1e-6)
        assert not track.places[:, 0].any()


def test_the_plateau_is_as_long_as_for_one_weight_at_rate_1():
    """Its two weights move alike, so that at half the rate their sum moves as one weight does."""
    z, rate, updates = -8.0, 1.0, 0
    while 1 / (1 + np.exp(-z)) <= 0.5:
        p = 1 / (1 + np.exp(-z))
        z, updates = z + rate * 2 * (1 - p) * p * (1 - p), updates + 1
    assert updates == 1507
    assert ends.Below(0.25, updates) in examples.find("plateau").ends[0]


def test_what_does_not_happen_does_not_hold():
    [track] = tracks("rate-critical")
    falling, climbing = tracks("rate-right")[0], tracks("rate-far-too-great")[0]
    assert not any(end.holds(track) for end in (ends.Below(1.0, 3), ends.Above(1e12, 20), ends.Never(2.0)))
    assert not ends.Settles(1.26).holds(track)
    assert not ends.Settles(1.374390e12, 0.1).holds(climbing)
    assert not ends.Passes(20, 0.0017).holds(falling)
    assert not ends.Passes(falling.last + 1, float(falling.losses[-1])).holds(falling)
    assert not ends.At(1.0, 1.0).holds(falling)
    assert ends.At(*falling.places[3].tolist(), 0.0, 3).holds(falling)
    assert not ends.Bounces((0.75, 0.75), (1.2, 1.2)).holds(track)
    assert not ends.Bounces((1.0, 1.0), (1.0, 1.0)).holds(falling)
    assert not ends.Paces(1, 1.0).holds(falling)


def test_a_loss_that_is_no_number_is_above_everything():
    track = Track(Options(), np.arange(3), np.zeros((3, 2)), np.array([1.0, 2.0, np.nan]))
    assert ends.Above(10.0, 2).holds(track)
    assert ends.Never(0.5).holds(track)


# -- what is said ----------------------------------------------------------------------------------------------------


def test_each_is_found_by_its_id_and_group():
    assert [examples.find(example.id) for example in EXAMPLES] == list(EXAMPLES)
    assert examples.find(examples.FIRST).title == "Twins: two valleys alike"
    assert [example for group in GROUPS for example in examples.of_group(group)] == list(EXAMPLES)
    assert GROUPS[:4] == ("Learning rate", "Traps", "Momentum and steps", "Races")
    assert len({example.title for example in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_titles_and_sentences_are_short(example: Example):
    assert len(example.title) <= 40
    sentences = re.split(r"(?<=[.])\s", example.sees)
    assert 1 <= len(sentences) <= 2
    assert all(len(sentence.split()) <= 14 and sentence.endswith(".") for sentence in sentences)
    assert not re.search("[!'\"-]", example.sees)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_every_number_that_is_said_is_one_of_the_example_s(example: Example):
    x, y = example.start
    known = {x, y, y - x, float(example.updates), example.goal or 0.0}
    known |= {float(f"{options.optimizer.rate:.3g}") for options in example.runners}
    for promised in example.ends:
        known |= {abs(value) for end in promised for value in numbers(end)}
    allowed = partial(is_one_of, known=known | OF_THE_SURFACE.get(example.id, set()))
    for text in (example.title, example.sees):
        assert all(allowed(number) for number in re.findall(r"\d[\d,.]*(?:e[−]?\d+)?", text)), text


OF_THE_SURFACE = {
    "wells": {0.0558079},  # the lower well
    "plateau": {0.0, 1.0},  # what a neuron says
    "adder-into-c": {11.0},  # of 13, two move
}


def numbers(end: ends.End) -> list[float]:
    values = [getattr(end, name) for name in end.__slots__ if name != "within"]
    flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return [float(value) for value in flat if value is not None]


def is_one_of(text: str, known: set[float]) -> bool:
    """Whether a written number is one of these, rounded as it is written."""
    text = text.rstrip(".,").replace(",", "").replace("−", "-")
    decimals = len(text.partition(".")[2]) if "e" not in text else 9
    return any(abs(float(text) - value) <= 0.51 * 10.0**-decimals for value in known)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_it_can_be_opened(example: Example):
    assert bool(example.surface) is not bool(example.document)
    assert 1 <= len(example.runners) <= MOST
    assert len(set(example.runners)) == len(example.runners)
    assert all(options.goal is None for options in example.runners)
    if example.surface:
        x0, x1, y0, y1 = example.window or CLASSICS[example.surface].window
        assert x0 < example.start[0] < x1
        assert y0 < example.start[1] < y1
    else:
        assert plane_of(example).is_exact
        np.testing.assert_array_equal(example.data.inputs, number_pairs(0, 4).inputs)


def test_most_of_what_is_promised_can_be_seen_in_the_picture():
    """A goal is reached inside of it by whoever reaches it."""
    for example in EXAMPLES:
        if not example.surface or example.goal is None:
            continue
        x0, x1, y0, y1 = example.window or CLASSICS[example.surface].window
        for track in tracks(example.id):
            if (arrival := track.first_below(example.goal)) is not None:
                x, y = track.places[arrival]
                assert x0 < x < x1, example.id
                assert y0 < y < y1, example.id
