from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from visualnn.nn.curve import LossCurve
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import STOP
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.order import Order
from visualnn.nn.trace import predict
from visualnn.nn.training import Options, Stop, Training

NET = Network.of(2, 3, 1)
PRINTED = 6e-6  # the goldens have six digits
EARLY = 100  # updates; later digits depend on rounding


def sums(values: range) -> Dataset:
    inputs = np.array([(a, b) for a in values for b in values], dtype=np.float64)
    return Dataset("sums", inputs, inputs.sum(axis=1, keepdims=True), ("a", "b"))


def options_of(run: dict[str, Any], loss: str = "mse") -> Options:
    optimizer = Optimizer(run["optimizer"], rate=run["lr"])
    return Options(optimizer=optimizer, loss=loss, seed=run["seed"], batch_size=run.get("batch"))


def check_run(training: Training, run: dict[str, Any]) -> None:
    """Early losses to the printed digits; when a loss was first below a level while that is early; the end's size."""
    assert training.run(run["steps"]) is Stop.DONE
    losses = np.append(training.curve.view(training.updates).losses, training.loss)
    for update, expected in run["loss_curve"].items():
        if int(update) <= EARLY:
            assert losses[int(update)] == pytest.approx(expected, rel=PRINTED), update
    for level, update in run["first_step_below"].items():
        if update is None:
            assert losses.min() >= float(level)
        else:
            tolerance = 0 if update <= EARLY else max(3, update // 20)
            assert abs(int(np.argmax(losses < float(level))) - update) <= tolerance
    if run["loss_final"] > 1e-6:
        assert losses[-1] == pytest.approx(run["loss_final"], rel=0.01)
    else:
        assert losses[-1] < 1e-6


@pytest.mark.parametrize("number", range(6))
def test_learning_to_add(kernel: str, goldens: dict[str, Any], number: int):
    run = goldens["pairs"][number]
    training = Training(NET, number_pairs(), options_of(run))
    check_run(training, run)
    for pair, answer in run["pred"].items():
        x = np.array(pair.strip("()").split(", "), dtype=np.float64)
        assert predict(NET, training.parameters, x)[0] == pytest.approx(answer, rel=2e-3)
    if run["loss_final"] < 1e-9:
        expected = np.concatenate([np.ravel(part) for part in run["final_params"]])
        np.testing.assert_allclose(training.parameters, expected, atol=2e-6)


@pytest.mark.parametrize("number", range(9))
def test_learning_rates_too_small_right_and_too_great(kernel: str, goldens: dict[str, Any], number: int):
    run = goldens["rates"][number]
    check_run(Training(NET, sums(range(1, 6)), options_of(run)), run)


@pytest.mark.parametrize("number", range(7))
def test_xor_with_every_activation(kernel: str, goldens: dict[str, Any], number: int):
    run = goldens["xor"][number]
    points = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)], dtype=np.float64)
    classes = np.array([[0.0], [1.0], [1.0], [0.0]])
    hidden = {"leaky": "leaky_relu"}.get(run["activation"], run["activation"])
    network = Network.of(2, 3, 1, hidden=hidden, output="sigmoid")
    data = Dataset("xor", points, classes, ("x", "y"), classification=True)
    check_run(Training(network, data, options_of(run, "binary_cross_entropy")), run)


@pytest.mark.parametrize("number", range(5))
def test_small_batches(kernel: str, goldens: dict[str, Any], number: int):
    run = goldens["batches"][number]
    rng = np.random.default_rng(0)
    inputs = rng.uniform(0, 4, (256, 2))
    targets = inputs.sum(axis=1, keepdims=True) + rng.normal(0, 0.5, (256, 1))
    training = Training(Network.of(2, 1), Dataset("noisy", inputs, targets, ("a", "b")), options_of(run))
    assert training.epoch_length == -(-256 // run["batch"])
    for update, expected in run["loss_curve"].items():
        training.run(int(update) - training.updates)
        assert training.full_loss() == pytest.approx(expected, rel=PRINTED)


def made(batch: int | None = None, optimizer: str = "adam", **options: Any) -> Training:
    rate = {"adam": 0.1, "momentum": 0.001, "sgd": 0.01}[optimizer]
    chosen = Options(optimizer=Optimizer(optimizer, rate=rate), batch_size=batch, **options)
    return Training(NET, number_pairs(), chosen)


def same(one: Training, other: Training) -> bool:
    pairs = [
        (one.parameters, other.parameters),
        (one.memory, other.memory),
        (one.curve.view(one.updates).losses, other.curve.view(other.updates).losses),
    ]
    return one.updates == other.updates and all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 1, 10, 81, 1000])
def test_chunks_do_not_matter(kernel: str, optimizer: str, batch: int | None):
    one, other = made(batch, optimizer), made(batch, optimizer)
    for updates in (7, 5, 0, 100):
        assert one.run(updates) is Stop.DONE
    other.run(112)
    assert same(one, other)
    assert one.loss == other.loss


def test_order_tables_do_not_matter(kernel: str, monkeypatch: pytest.MonkeyPatch):
    one, other = made(10), made(10)
    one.run(100)
    monkeypatch.setattr("visualnn.nn.order.ORDER_ENTRIES", 1)
    other.run(100)
    assert same(one, other)


def test_the_rows_go_through_every_epoch_in_the_seeds_order():
    rng = np.random.default_rng(10_003)
    expected = [rng.permutation(81).tolist() for _ in range(3)]
    order = Order(rows=81, batch=10, seed=3)
    assert order.table(0, 27)[0].tolist() == expected
    assert order.table(8, 2)[0][:2].tolist() == expected[:2]
    assert order.table(26, 1)[0][0].tolist() == expected[2]


def test_the_compiled_kernel_takes_over_in_mid_run(kernel: str, monkeypatch: pytest.MonkeyPatch):
    whole, parts = made(10), made(10)
    whole.run(60)
    parts.run(25)
    monkeypatch.setattr(choose, "_compiled", None)
    parts.run(35)
    np.testing.assert_allclose(parts.parameters, whole.parameters, rtol=1e-9, atol=1e-9)


def test_a_run_writes_the_loss_before_each_update_and_peeks_the_next(kernel: str):
    training = made(10)
    peeked = []
    for _ in range(20):
        peeked.append(training.loss)
        training.run(1)
    view = training.curve.view(20)
    np.testing.assert_allclose(view.losses, peeked, rtol=1e-12)
    assert view.updates.tolist() == list(range(20))


def test_epochs_count_whole_passes():
    training = made(10)
    assert training.epoch_length == 9
    training.run(26)
    assert (training.epoch, training.snapshot().epoch) == (2, 2)
    assert made().epoch_length == 1


def test_a_run_starts_from_given_parameters_and_keeps_them():
    given = np.linspace(-1, 1, 13)
    training = Training(NET, number_pairs(), Options(), given)
    training.run(3)
    assert np.array_equal(given, np.linspace(-1, 1, 13))
    training.restart()
    assert np.array_equal(training.parameters, given)
    assert np.array_equal(made(seed=4).parameters, initial_parameters(NET, "glorot_uniform", 4))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_restart_is_a_fresh_start(kernel: str, optimizer: str):
    one, fresh = made(10, optimizer), made(10, optimizer)
    one.run(100)
    one.restart()
    assert same(one, fresh)
    one.run(50)
    fresh.run(50)
    assert same(one, fresh)


@pytest.mark.parametrize("batch", [None, 10])
def test_seek_replays_rate_changes_and_keeps_the_present_rate(kernel: str, batch: int | None):
    one, other = made(batch), made(batch)
    for training, changes in ((one, [(20, 0.05), (30, 0.2), (60, 0.01)]), (other, [(20, 0.05), (30, 0.2)])):
        for update, rate in changes:
            training.run(update - training.updates)
            training.set_rate(rate)
        training.run(5)
    assert one.seek(35) is Stop.DONE
    assert same(one, other)
    assert (one.rate, other.rate) == (0.01, 0.2)
    assert one.seek(45) is Stop.DONE
    assert one.updates == 45
    assert one.seek(10) is Stop.DONE
    other.restart()
    other.set_rate(0.1)
    other.run(10)
    assert same(one, other)


def test_seek_goes_past_the_goal_and_past_a_raised_stop_flag(kernel: str):
    training = made(goal=1.0)
    assert training.run(1000) is Stop.GOAL
    reached = training.updates
    training.control.flags[STOP] = 1
    assert training.seek(reached + 5) is Stop.DONE
    assert training.updates == reached + 5
    assert training.seek(reached - 5) is Stop.DONE
    assert training.run(1000) is Stop.GOAL
    assert training.updates == reached


def test_the_goal_ends_a_run_at_the_first_loss_below(kernel: str):
    training = made(goal=1e-6)
    assert training.run(10_000) is Stop.GOAL
    assert training.updates == 246  # as the reference run says
    assert training.loss < 1e-6 < training.curve.view(246).losses[-1]
    assert training.run(10) is Stop.GOAL
    training.set_goal(None)
    assert training.run(10) is Stop.DONE


def test_divergence_ends_a_run_and_keeps_the_parameters(kernel: str):
    training = made(optimizer="sgd")
    training.set_rate(1e6)
    assert training.run(1000) is Stop.DIVERGED
    assert 0 < training.updates < 1000
    assert not np.isfinite(training.loss)
    assert not np.isfinite(training.full_loss())
    before = training.parameters.copy()
    assert training.run(1) is Stop.DIVERGED
    assert np.array_equal(before, training.parameters, equal_nan=True)
    assert training.snapshot(Stop.DIVERGED).stop == "diverged"


def test_the_stop_flag_ends_a_run_before_the_next_update(kernel: str):
    training = made()
    training.control.flags[STOP] = 1
    assert training.run(10) is Stop.STOPPED
    assert training.updates == 0


def test_snapshots_stay_as_they_are():
    training = made()
    training.run(10)
    snapshot = training.snapshot()
    parameters, losses, loss = snapshot.parameters.copy(), snapshot.curve.losses.copy(), training.loss
    training.run(5000)
    training.restart()
    assert (snapshot.update, snapshot.loss, snapshot.stop) == (10, loss, None)
    assert np.array_equal(snapshot.parameters, parameters)
    assert np.array_equal(snapshot.curve.losses, losses)
    for array in (snapshot.parameters, snapshot.curve.losses):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_a_full_curve_keeps_every_second_value():
    whole, thin = made(), Training(NET, number_pairs(), Options(), curve_capacity=64)
    whole.run(1000)
    thin.run(1000)
    view = thin.curve.view(1000)
    assert view.stride == thin.curve.stride == 16
    assert view.updates.tolist() == list(range(0, 1000, 16))
    assert np.array_equal(view.losses, whole.curve.view(1000).losses[::16])


@pytest.mark.parametrize("capacity", [1, 2, 3, 7, 1500, None])
def test_a_curve_of_any_capacity_has_room(capacity: int | None):
    curve = LossCurve(capacity)
    update = 0
    while update < 5000:
        end = min(5000, update + curve.room(update))
        for t in range(update, end):
            if t % curve.stride == 0:
                curve.values[t // curve.stride] = t
        update = end
    view = curve.view(update)
    assert view.losses.tolist() == view.updates.tolist()
    assert len(view.losses) == -(-5000 // view.stride)
    assert capacity is None or len(view.losses) <= capacity
    assert capacity is not None or view.stride == 1


def test_an_older_views_numbers_survive_thinning_and_a_restart():
    training = Training(NET, number_pairs(), Options(), curve_capacity=16)
    training.run(16)
    view = training.curve.view(16)
    before = view.losses.copy()
    training.run(100)
    training.restart()
    training.set_rate(1.0)
    training.run(16)
    assert np.array_equal(view.losses, before)


@pytest.mark.parametrize(
    ("network", "dataset", "loss", "sentence"),
    [
        (Network.of(3, 1), number_pairs(), "mse", "2 inputs and 1 outputs; the network 3-1 has 3 and 1"),
        (Network.of(2, 2), number_pairs(), "mse", "has 2 and 2"),
        (
            NET,
            number_pairs(),
            "cross_entropy",
            "“cross_entropy” does not fit the output activation “linear”; use “mse”",
        ),
        (NET, Dataset("none", np.empty((0, 2)), np.empty((0, 1)), ()), "mse", "no rows"),
        (NET, Dataset("odd", np.zeros((3, 2)), np.zeros((2, 1)), ()), "mse", "3 rows of inputs but 2"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(network: Network, dataset: Dataset, loss: str, sentence: str):
    with pytest.raises(VisualNNError, match=sentence) as caught:
        Training(network, dataset, Options(loss=loss))
    assert str(caught.value).endswith(".")


def test_parameters_and_rates_that_do_not_fit_are_refused():
    with pytest.raises(VisualNNError, match="13 parameters, not 12"):
        Training(NET, number_pairs(), Options(), np.zeros(12))
    with pytest.raises(VisualNNError, match="above 0"):
        made().set_rate(0.0)


@pytest.mark.parametrize("wrong", [{"loss": "hinge"}, {"initializer": "zeros"}, {"batch_size": 0}, {"seed": -1}])
def test_options_that_cannot_train_are_refused(wrong: dict[str, Any]):
    with pytest.raises(VisualNNError, match=r"\.$"):
        Options(**wrong)
