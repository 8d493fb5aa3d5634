"""The paths of the optimizers lie on the surfaces, and are those of the training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.demos import rows
from tests.demos.results import AMPLIFIED, PRINTED
from tests.demos.runs import article, cases, options_of, updates_of
from tests.demos.surfaces import NAMES
from visualnn.nn.data import number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape.descent import Descent, Slopes, TwoWeights, descend
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.path import shadow
from visualnn.nn.landscape.plane import of_path, two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule, factor, fresh_scalars
from visualnn.nn.training import Stop, Training

ON = 1e-12  # how far a path may be from its surface


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_the_path_of_every_optimizer_lies_on_its_exact_surface(way: str, name: str, rule: str):
    model, classic = MODELS[name], CLASSICS[name]
    options = Options(Optimizer("sgd", rate=0.01).renamed(rule))
    path = descend(TwoWeights(model.task(options), model.plane), options, classic.start, 60)
    x, y = path.points.T.copy()
    np.testing.assert_allclose(Ground(model.task(options), model.plane).heights(x, y), path.losses, rtol=ON, atol=1e-15)
    np.testing.assert_allclose(classic.heights(x, y), path.losses, rtol=ON, atol=1e-13)
    assert not path.stalks.any()
    assert len(path.points) == 61


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize(
    "schedule", [Schedule(), Schedule("cosine", period=30, warmup=5), Schedule("plateau", patience=1)]
)
def test_a_network_of_two_weights_is_trained_as_training_does(
    rule: str, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
):
    """To the bit, where the training is the readable one."""
    monkeypatch.setattr(choose, "_ready", set())
    model = MODELS["bowl"]
    options = Options(Optimizer("sgd", rate=0.02).renamed(rule), schedule=schedule, l2=0.01, clip_norm=3.0)
    path = descend(TwoWeights(model.task(options), model.plane), options, (-1.0, 2.5), 50)
    mask = mask_of(model.network, parameters=[2])
    training = Training(model.network, model.data, options, np.array([-1.0, 2.5, 0.0]), mask=mask)
    training.run(50)
    np.testing.assert_array_equal(path.points[-1], training.parameters[:2])
    np.testing.assert_array_equal(path.losses[:-1], training.curve.view(50).losses)
    assert path.losses[-1] == training.full_loss()


def test_batches_come_in_the_order_of_the_training_and_losses_are_of_all_rows():
    model = MODELS["bowl"]
    options = Options(Optimizer("momentum", rate=0.005), batch_size=4, seed=3)
    path = descend(TwoWeights(model.task(options), model.plane), options, (-1.0, 2.5), 40)
    mask = mask_of(model.network, parameters=[2])
    training = Training(model.network, model.data, options, np.array([-1.0, 2.5, 0.0]), mask=mask)
    for update in range(0, 41, 8):
        training.run(update - training.updates)
        np.testing.assert_allclose(path.points[update], training.parameters[:2], rtol=1e-12)
        assert path.losses[update] == pytest.approx(training.full_loss(), rel=1e-12)


@pytest.mark.parametrize("case", cases("article-two-weight-slice"), ids=lambda case: case.run["axes"])
def test_the_slices_of_the_article_s_network_are_the_demonstrations(way: str, case):
    network, parameters = article()
    names = ["w_ac", "w_ad", "w_ae", "w_bc", "w_bd", "w_be", "", "", "", "w_cf", "w_df", "w_ef"]
    first, second = case.run["axes"].split(",")
    plane = two_weights(network, parameters, names.index(first), names.index(second), (first, second))
    task = Task.of(network, options_of(case.run), rows.grid(range(5)))
    path = descend(TwoWeights(task, plane), options_of(case.run), tuple(case.run["start"]), 400)
    for t, loss in case.run["loss_curve"].items():
        assert path.losses[int(t)] == pytest.approx(loss, rel=5.1e-6)
    np.testing.assert_allclose(path.points[-1], case.run["end"], rtol=1e-5)
    for level, told in case.run["first_step_below"].items():
        assert path.first_below(float(level)) == told
    x, y = path.points.T.copy()
    np.testing.assert_allclose(Ground(task, plane).heights(x, y), path.losses, rtol=ON, atol=1e-15)


RACES = [(demo, case.number) for demo in NAMES for case in cases(demo)]


@pytest.mark.parametrize(("demo", "number"), RACES)
def test_descents_are_those_of_the_demonstrations_and_end_as_they_say(demo: str, number: int):
    """By formula; and what a network is, by the network too, as long as that takes no minutes."""
    case, name = cases(demo)[number], NAMES[demo]
    told, updates = case.run, updates_of(case.run)
    start = (*map(float, told["start"]), 0.0)[:2]
    surfaces: list[Slopes] = [CLASSICS[name]]
    if name in MODELS and updates <= 1000:
        surfaces.append(TwoWeights(MODELS[name].task(options_of(told)), MODELS[name].plane))
    for surface in surfaces:
        path = descend(surface, options_of(told), start, updates)
        for t, loss in told["loss_curve"].items():
            if loss is not None and int(t) <= 100:
                assert path.losses[int(t)] == pytest.approx(loss, rel=5.1e-6, abs=1e-13 * path.losses[0])
        for level, first in told.get("first_step_below", {}).items():
            assert path.first_below(float(level)) == first
        if told["loss_final"] is not None and told["loss_final"] < 1e12:
            end = path.points[-1][: len(told["end"])]
            np.testing.assert_allclose(end, told["end"], rtol=AMPLIFIED.get((demo, number), PRINTED), atol=1e-11)


@pytest.mark.parametrize("number", range(5))
def test_a_rate_that_is_too_great_is_said(number: int):
    """The bowl's critical rate is 0.1: below it ends in the minimum, at it nowhere, above it explodes."""
    rate, stop = [(0.09, Stop.GOAL), (0.099, Stop.GOAL), (0.1, Stop.DONE), (0.105, Stop.DONE), (1.0, Stop.DIVERGED)][
        number
    ]
    path = descend(CLASSICS["bowl"], Options(Optimizer("sgd", rate=rate), goal=1e-6), (-1.0, 2.5), 400)
    assert path.stop is stop
    if rate == 0.1:
        assert path.losses[-1] == pytest.approx(1.25, rel=1e-9)
    if rate == 0.105:
        assert path.losses[-1] > 1e12
    if stop is Stop.DIVERGED:
        assert np.isfinite(path.losses[:-1]).all()
        assert not np.isfinite(path.losses[-1])


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam", "rmsprop"])
def test_on_the_dead_shelf_nothing_moves(rule: str):
    model = MODELS["valley"]
    options = Options(Optimizer(rule, rate=0.1))
    path = descend(TwoWeights(model.task(options), model.plane), options, (-0.5, 0.5), 20)
    assert (path.points == [-0.5, 0.5]).all()
    assert path.losses == pytest.approx(20.0)


def test_twins_that_start_alike_stay_alike_on_the_saddle():
    path = descend(CLASSICS["twins"], Options(Optimizer("sgd", rate=0.5)), (0.1, 0.1), 2000)
    assert path.losses[-1] == pytest.approx(0.0287287, rel=1e-5)
    np.testing.assert_allclose(path.points[-1], 1.0027, rtol=1e-4)


def test_momentum_escapes_the_trap_that_holds_plain_descent():
    start = CLASSICS["styblinski_tang"].start
    ends = {
        rule: descend(CLASSICS["styblinski_tang"], Options(Optimizer(rule, rate=0.02)), start, 100).points[-1]
        for rule in ("sgd", "momentum")
    }
    np.testing.assert_allclose(ends["sgd"], 2.7468, rtol=1e-4)
    assert (ends["momentum"] < 0).all()


def test_a_descent_goes_on_where_it_stood():
    whole = descend(CLASSICS["beale"], Options(Optimizer("nadam", rate=0.05)), (1.0, 1.5), 50)
    parts = Descent(CLASSICS["beale"], Options(Optimizer("nadam", rate=0.05)), (1.0, 1.5))
    for _ in range(10):
        parts.run(5)
    np.testing.assert_array_equal(parts.path.points, whole.points)
    assert parts.memory.shape == (2, 2)
    assert parts.updates == 50


def test_a_track_tells_slopes_memory_and_rate_of_every_next_update():
    options = Options(Optimizer("adam", rate=0.05), schedule=Schedule("cosine", period=30, warmup=5))
    descent = Descent(CLASSICS["beale"], options, (1.0, 1.5))
    descent.run(40)
    track = descent.track
    w, memory = np.array([1.0, 1.5]), options.optimizer.memory(2)
    for t in range(41):
        np.testing.assert_array_equal(track.places[t], w)
        np.testing.assert_array_equal(track.memory[t], memory)
        np.testing.assert_array_equal(track.slopes[t], CLASSICS["beale"].slopes(*w))
        assert track.losses[t] == pytest.approx(float(CLASSICS["beale"].heights(*w)), rel=1e-15)
        assert track.rates[t] == 0.05 * factor(options.schedule, t, fresh_scalars())
        apply_update(options.optimizer, w, track.slopes[t], memory, t + 1, rate=track.rates[t])
    np.testing.assert_array_equal(track.updates, np.arange(41))
    assert track.options is options
    assert track.stop is None


def test_a_track_stays_as_it_was_asked_for_and_the_next_one_shares_its_memory():
    descent = Descent(CLASSICS["beale"], Options(Optimizer("momentum", rate=0.005)), (1.0, 1.5))
    descent.run(100)
    first, places = descent.track, descent.track.places.copy()
    assert descent.track is first
    descent.run(10)
    assert descent.track.last == 110
    assert np.shares_memory(descent.track.places, first.places)
    descent.run(1000)
    np.testing.assert_array_equal(first.places, places)
    np.testing.assert_array_equal(descent.track.places[:101], places)
    assert not descent.track.places.flags.writeable


def test_a_track_says_why_it_ended_as_soon_as_it_has():
    bowl = CLASSICS["bowl"]
    exploding = Descent(bowl, Options(Optimizer("sgd", rate=10.0)), (-1.0, 2.5))
    while exploding.track.stop is None:
        assert np.isfinite(exploding.loss)
        exploding.run(1)
    assert exploding.track.stop is Stop.DIVERGED
    last = exploding.updates
    assert exploding.run(5) is Stop.DIVERGED
    assert exploding.track.last == last
    arriving = Descent(bowl, Options(Optimizer("sgd", rate=1 / 12), goal=1e-6), (-1.0, 2.5))
    arriving.run(21)
    assert arriving.track.stop is Stop.GOAL
    assert arriving.track.first_below(1e-6) == 21


def test_a_network_s_surface_may_be_trained_otherwise_and_stays_the_same():
    model = MODELS["bowl"]
    surface = TwoWeights(model.task(Options()), model.plane)
    other = Options(Optimizer("sgd", rate=0.005), batch_size=4, l2=0.1, clip_norm=1.0, loss="mae", seed=5)
    path = descend(surface.under(other), other, (-1.0, 2.5), 20)
    x, y = path.points.T.copy()
    np.testing.assert_allclose(Ground(surface.task, model.plane).heights(x, y), path.losses, rtol=ON)
    assert surface.under(other).epoch_length == 7
    mask = mask_of(model.network, parameters=[2])
    training = Training(model.network, model.data, replace(other, loss="mse"), np.array([-1.0, 2.5, 0.0]), mask=mask)
    training.run(20)
    np.testing.assert_allclose(path.points[-1], training.parameters[:2], rtol=1e-12)


def test_a_weight_that_is_cut_cannot_move():
    network = Network.of(2, 3, 1)
    task = Task.of(network, Options(), number_pairs(), mask_of(network, parameters=[3]))
    plane = two_weights(network, initial_parameters(network, "glorot_uniform", 0), 0, 3, ("wac", "wbc"))
    with pytest.raises(VisualNNError, match="wbc is cut"):
        TwoWeights(task, plane)


def test_only_two_weights_can_be_frozen_around():
    network = Network.of(2, 3, 1)
    plane = of_path(np.random.default_rng(0).normal(0, 1, (5, 13)))
    with pytest.raises(VisualNNError, match="plane of two weights"):
        TwoWeights(Task.of(network, Options(), number_pairs()), plane)


def test_the_ball_of_a_whole_run_stands_on_a_stalk_of_its_true_length(way: str):
    network, data = Network.of(2, 3, 1), number_pairs()
    training = Training(network, data, Options(Optimizer("sgd", rate=0.01), seed=11))
    moments, losses = [training.parameters.copy()], [training.full_loss()]
    for _ in range(50):
        training.run(1)
        moments.append(training.parameters.copy())
        losses.append(training.full_loss())
    run = np.array(moments)
    plane = of_path(run)
    path = shadow(Ground(training.task, plane), run)
    np.testing.assert_allclose(path.losses, losses, rtol=1e-12)
    _left, _s, right = np.linalg.svd(run - run[-1], full_matrices=False)
    near = run[-1] + (run - run[-1]) @ right[:2].T @ right[:2]
    floors = [score_of(training, moment) for moment in near]
    np.testing.assert_allclose(path.stalks, np.array(losses) - floors, atol=1e-10)
    assert abs(path.stalks[0]) > 1e-3
    assert path.stalks[-1] == pytest.approx(0.0, abs=1e-12)


def test_the_shadow_of_a_run_in_its_plane_has_no_stalks(way: str):
    model = MODELS["bowl"]
    mask = mask_of(model.network, parameters=[2])
    training = Training(model.network, model.data, Options(), np.array([-1.0, 2.5, 0.0]), mask=mask)
    moments = [training.parameters.copy()]
    for _ in range(20):
        training.run(1)
        moments.append(training.parameters.copy())
    path = shadow(Ground(training.task, model.plane), np.array(moments))
    assert not path.stalks.any()
    np.testing.assert_array_equal(path.points, np.array(moments)[:, :2])


def score_of(training: Training, parameters: np.ndarray) -> float:
    other = Training(training.network, training.dataset, replace(training.options), parameters)
    return other.full_loss()
