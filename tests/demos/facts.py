"""What the demonstrations say beside their curves, worked out by our engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np

from tests.demos import rows
from tests.demos.runs import (
    NETWORKS,
    RESTRICTED,
    Case,
    Played,
    article,
    cases,
    of_network,
    optimizer_of,
    options_of,
)
from tests.demos.surfaces import SURFACES
from visualnn.files.reviews import REVIEWS, row_of
from visualnn.nn import metrics, passes
from visualnn.nn.data import Dataset
from visualnn.nn.divergence import critical_rate, sharpness
from visualnn.nn.faces import cats_dogs
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import batch_gradient, forward, gradient
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer, apply_update
from visualnn.nn.recipes import made
from visualnn.nn.training import Training

PRINTED = 6e-6
ALL = slice(None)


class Fact(NamedTuple):
    """A number of ours beside that of a demonstration; both may be arrays."""

    what: str
    ours: Any
    theirs: Any
    within: float = PRINTED  # relative
    floor: float = 1e-12  # absolute

    @property
    def holds(self) -> bool:
        return bool(np.allclose(self.ours, self.theirs, rtol=self.within, atol=self.floor))


def facts(demo: str, played: list[tuple[Case, Played]]) -> list[Fact]:
    """All there are about a demonstration, given its runs."""
    found = FACTS.get(demo)
    return list(found(rows.demos()[demo], played)) if found else []


Found = Iterator[Fact]
Runs = list[tuple[Case, Played]]


def hessian(slopes: Callable[[np.ndarray], np.ndarray], w: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Its eigenvalues, from differences of slopes."""
    ways = np.eye(w.size) * step
    matrix = np.array([(slopes(w + way) - slopes(w - way)) / (2 * step) for way in ways])
    return np.linalg.eigvalsh((matrix + matrix.T) / 2)


def outputs(network: Network, parameters: np.ndarray, x: np.ndarray) -> np.ndarray:
    return metrics.predict(network, parameters, x)


def square(low: float, high: float, steps: int) -> np.ndarray:
    line = np.linspace(low, high, steps)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def seed_network(demo: dict[str, Any], _runs: Runs) -> Found:
    network, w = article()
    for case in demo["cases"]:
        first, last = passes.forward(network, w, np.array([case["a"], case["b"]], dtype=np.float64))
        at = f"{case['a']} + {case['b']}"
        yield Fact(f"sums of {at}", first.z, case["pre"])
        yield Fact(f"contributions of {at}", last.products[:, 0], case["contrib"])
        yield Fact(f"answer to {at}", last.a[0], case["output"], 1e-9)
    told = demo["facts"]
    yield Fact("2 + 2 to the bit", passes.predict(network, w, np.array([2.0, 2.0]))[0], told["output_2_2"], 0.0, 0.0)
    yield Fact("lowest answer", outputs(network, w, square(-50, 50, 101)).min(), told["min_possible_output"])
    fine = square(0, 10, 501)
    miss = np.abs(outputs(network, w, fine)[:, 0] - fine.sum(axis=1))
    yield Fact("mean miss on [0, 10]²", miss.mean(), told["mae_0_10"], 1e-3)
    yield Fact("largest miss on [0, 10]²", miss.max(), told["max_err_0_10"], 1e-3)
    for most in (20, 100):
        pairs = square(0, most, most + 1)
        right = np.round(outputs(network, w, pairs)[:, 0]) == pairs.sum(axis=1)
        yield Fact(f"rounds right up to {most}", right.mean(), told[f"rounds_right_0_{most}"], 1e-4)
    (d, _f), _a = forward(network, w, square(0, 10, 101))
    yield Fact("d is on, of a grid of 0.1", (d[:, 1] > 0).mean(), told["d_active_share_0_10"], 1e-2)
    loss = metrics.score(network, w, rows.grid(range(5)), "mse").loss
    yield Fact("loss on pairs 0…4", loss, told["mse_grid0_4"])
    slopes = (outputs(network, w, np.array([[3.0, 5], [4, 5], [3, 6]]))[:, 0] @ [[-1, -1], [1, 0], [0, 1]]).tolist()
    yield Fact("slopes where c and e are on", slopes, [0.9987636653, 0.9963818767], 1e-9)


def infinite_weights(demo: dict[str, Any], _runs: Runs) -> Found:
    network, w = article()
    pairs, parts = square(-10, 10, 41), network.views(article()[1])
    expected = outputs(network, w, pairs)
    for order in permutations(range(3)):
        chosen = list(order)
        copy = np.concatenate([parts[0].w[:, chosen].ravel(), parts[0].b[chosen], parts[1].w[chosen, 0], parts[1].b])
        yield Fact(f"hidden neurons {order}", outputs(network, copy, pairs), expected, 0.0, 1e-13)
    for alpha in (0.25, 3.0):
        scaled = w.copy()
        first, last = network.views(scaled)
        first.w[:, 0] *= alpha
        first.b[0] *= alpha
        last.w[0] /= alpha
        yield Fact(f"neuron c scaled by {alpha}", outputs(network, scaled, pairs), expected, 0.0, 1e-13)
    for other in demo["alternatives"]:
        weights = np.concatenate([np.ravel(other["W1"]), other["b1"], other["W2"], [other["b2"]]]).astype(np.float64)
        ours = passes.predict(network, weights, np.array([2.0, 2.0]))[0]
        yield Fact(f"2 + 2 {other['name']}", ours, other["f22"], 0.0, 0.0)


def adder(_demo: dict[str, Any], runs: Runs) -> Found:
    for case, played in runs:
        training = played.training
        for pair, answer in case.run["pred"].items():
            x = np.array(pair.strip("()").split(", "), dtype=np.float64)
            ours = passes.predict(training.network, training.parameters, x)[0]
            yield Fact(f"run {case.number}: {pair}", ours, answer, 1e-4)
        if case.run["loss_final"] < 1e-9:
            yield final_weights(case, played)


def final_weights(case: Case, played: Played) -> Fact:
    told = np.concatenate([np.ravel(part) for part in case.run["final_params"]])
    return Fact(f"run {case.number}: weights at the end", played.training.parameters, told, PRINTED, 2e-6)


def dead_relus(demo: dict[str, Any], runs: Runs) -> Found:
    data, network = rows.grid(range(1, 6)), Network.of(2, 3, 1)

    def alive(seed: int) -> np.ndarray:
        (z, _), _a = forward(network, initial_parameters(network, "glorot_uniform", seed), data.inputs)
        return (z > 0).any(axis=0)

    for case, _played in runs:
        yield Fact(f"run {case.number}: alive at the start", alive(case.run["seed"]), case.run["alive_at_start"])
    firsts = [network.views(initial_parameters(network, "glorot_uniform", seed))[0].w for seed in range(4000)]
    works = (np.array(firsts) > 0).any(axis=1)  # for some pair of positive numbers
    yield Fact("neurons dead at the start", 1 - works.mean(), 0.25, 0.05)
    yield Fact("networks with a dead neuron", 1 - works.all(axis=1).mean(), 0.577, 0.03)
    yield Fact("networks that are all dead", 1 - works.any(axis=1).mean(), 1 / 64, 0.2)
    for seed, told in enumerate(demo["stats"]["adam_0_1_seeds_0_11_first_below_1e6"]):
        training = Training(
            network, data, replace(options_of({"optimizer": "adam", "lr": 0.1, "seed": seed}), goal=1e-6)
        )
        training.run(3000)
        reached = training.updates if training.loss < 1e-6 else None
        yield Fact(f"Adam 0.1, seed {seed}, below 1e-6", reached or 0, told or 0, 0.0)


def late_spike(_demo: dict[str, Any], runs: Runs) -> Found:
    [(case, played)] = runs
    losses, told = played.losses, case.run["spike_steps_over_1e4"][0]
    yield Fact("the first spike", int(np.argmax(losses[600:] > 1e-4)) + 600, told, 0.0)
    yield Fact("the highest loss after 600", losses[600:].max(), case.run["max_after_600"], 0.05)


def bowl(demo: dict[str, Any], _runs: Runs) -> Found:
    model = RESTRICTED["bowl-linear-adder"]({"optimizer": "sgd", "lr": 0.1})
    eigenvalues = hessian(lambda w: model.surface(w)[1], np.array([-1.0, 2.5]))
    yield Fact("curvatures", eigenvalues, demo["eigenvalues"])
    critical = critical_rate(Optimizer("sgd"), eigenvalues[-1])
    yield Fact("the critical rate", critical, demo["critical_lr"])
    yield Fact("the critical rate of momentum", critical_rate(Optimizer("momentum"), eigenvalues[-1]), 0.19)
    yield Fact("the best rate", 2 / eigenvalues.sum(), demo["best_lr"])
    yield Fact(
        "the loss's formula",
        [model.surface(w)[0] for w in square(-2, 2, 5)],
        [6 * u * u + 8 * u * v + 6 * v * v for u, v in square(-2, 2, 5) - 1],
        1e-12,
    )


def valley(_demo: dict[str, Any], _runs: Runs) -> Found:
    model = RESTRICTED["valley-two-weight-relu"]({"optimizer": "sgd", "lr": 0.1})
    for w in ([1.0, 1.0], [0.5, 2.0]):
        curvature = hessian(lambda w: model.surface(w)[1], np.array(w))[-1]
        yield Fact(f"the critical rate at {w}", 2 / curvature, 1 / (20 * (w[0] ** 2 + w[1] ** 2)), 1e-5)
    for w, slopes in (([0.0, 0.0], [0, 0]), ([-0.5, 0.5], [0, 0])):
        yield Fact(f"slopes at {w}", model.surface(np.array(w))[1], slopes)


def twins(demo: dict[str, Any], _runs: Runs) -> Found:
    model = RESTRICTED["twin-tanh-saddle"]({"optimizer": "sgd", "lr": 0.1})
    place = np.array(demo["saddle"])
    yield Fact("the saddle's loss", model.surface(place)[0], demo["saddle_loss"], 1e-4)
    yield Fact("the saddle's slopes", model.surface(place)[1], 0.0, 0.0, 1e-4)
    yield Fact("the saddle's curvatures", hessian(lambda w: model.surface(w)[1], place), demo["saddle_eig"], 1e-2)
    for w in demo["minima"]:
        yield Fact(f"the loss at {w}", model.surface(np.array(w, dtype=np.float64))[0], 0.0, 0.0, 1e-25)


def sine(demo: dict[str, Any], _runs: Runs) -> Found:
    surface = SURFACES["sine-neuron-local-minima"]
    for w, loss in (*demo["minima_w_loss"], *demo["maxima_w_loss"]):
        found, slope = surface(np.array([w]))
        yield Fact(f"the loss at {w}", found, loss, 1e-3, 1e-6)
        yield Fact(f"the slope at {w}", slope, 0.0, 0.0, 1e-2)


def two_wells(demo: dict[str, Any], runs: Runs) -> Found:
    surface = SURFACES["double-well-momentum"]
    for name in ("local_min", "barrier", "global_min"):
        w, loss = demo[name]
        yield Fact(f"the loss at the {name}", surface(np.array([w]))[0], loss, 1e-3)
    case, played = runs[2]
    w, memory = played.end.copy(), np.zeros((0, 1))
    apply_update(optimizer_of(case.run), w, surface(w)[1], memory, 301)
    yield Fact("SGD 0.12 goes to and fro", sorted([w[0], played.end[0]]), [1.2169, 1.6402], 1e-4)


def step_lengths(demo: dict[str, Any], _runs: Runs) -> Found:
    for number, run in enumerate(demo["runs"]):
        w, optimizer = np.array([-9.0]), optimizer_of(run)
        memory, lengths, distances = optimizer.memory(1), {}, {}
        for t in range(1, 401):
            before, distances[str(t)] = w[0], abs(w[0] - 1)
            apply_update(optimizer, w, 2 * (w - 1), memory, t)
            lengths[str(t)] = abs(w[0] - before)
        for name, ours in (("step_length", lengths), ("distance", distances)):
            told = run[name]
            yield Fact(f"run {number}: {name}", [ours[t] for t in told], [*told.values()], PRINTED, 1e-13)


def symmetry(_demo: dict[str, Any], runs: Runs) -> Found:
    for case, played in runs:
        w = played.training.network.views(played.training.parameters)[0].w
        equal = case.run.get("init") in ("zeros", "const0.5")
        yield Fact(f"run {case.number}: hidden neurons stay equal", bool((w == w[:, :1]).all()), equal)


def spirals(_demo: dict[str, Any], runs: Runs) -> Found:
    unseen = rows.spirals(1)
    for case, played in runs:
        training = played.training
        yield Fact(f"run {case.number}: parameters", training.network.parameter_count, case.run["params"])
        for name, data in (("train_acc", training.dataset), ("test_acc", unseen)):
            yield Fact(f"run {case.number}: {name}", accuracy(training, data), case.run[name], 0.0, 1e-9)


def accuracy(training: Training, data: Dataset) -> float:
    seen = metrics.score(training.network, training.parameters, data, training.options.loss)
    return seen.right / seen.rows


def deep(demo: dict[str, Any], _runs: Runs) -> Found:
    data = rows.moons()
    for told in demo["gradient_norms"]:
        run = {"optimizer": "sgd", "lr": 1.0, "init": told["init"]}
        network = Network.of(2, *[16] * told["depth"], 1, hidden=told["activation"], output="sigmoid")
        options = options_of(run, "bce")
        w = initial_parameters(network, options.initializer, 0, options.initializer_scale)
        _loss, g = gradient(network, w, data.inputs, data.targets, "binary_cross_entropy")
        norms = [float(np.linalg.norm(pair.w)) for pair in network.views(g)]
        ours = [norms[0], norms[len(norms) // 2], norms[-1]]
        theirs = [told[f"grad_{where}"] for where in ("first", "mid", "last")]
        yield Fact(f"slopes, {told['depth']} × {told['activation']}, {told['init']}", ours, theirs, PRINTED, 0.0)


def overfit(demo: dict[str, Any], _runs: Runs) -> Found:
    data, unseen = rows.noisy_sine(), rows.clean_sine()
    yield Fact("the points", np.hstack([data.inputs, data.targets]), demo["points"], 0.0, 6e-7)
    for case in cases("overfit-and-regularise"):
        training = case.play_part(0).training
        for update, (_train, told) in case.run["train_test"].items():
            if int(update) > 500:
                break  # later ones hang on rounding, as the train losses do
            training.run(int(update) - training.updates)
            test = metrics.score(training.network, training.parameters, unseen, "mse").loss
            yield Fact(f"run {case.number}: test loss at {update}", test, told, 1e-4)


def batches(_demo: dict[str, Any], runs: Runs) -> Found:
    data = rows.noisy_sums()
    design = np.hstack([data.inputs, np.ones((data.rows, 1))])
    best = np.linalg.lstsq(design, data.targets)[1][0] / data.rows
    yield Fact("the lowest loss there is", best, _demo["best_possible_loss"])
    for case, _played in runs:
        if case.run["batch"] == data.rows:
            continue  # its excess is 4e-11 of a loss
        net, _data = NETWORKS["batch-size-noise"](case.run)
        played = of_network(net, data, {**case.run, "seen": range(2000, 4000)}, 4000)
        excess = played.losses[2000:4000] - best
        ours, told = [excess.mean(), excess.std()], [case.run["mean_excess_last2000"], case.run["sd_last2000"]]
        yield Fact(f"run {case.number}: excess of the last 2000", ours, told, 0.01)


def houses(demo: dict[str, Any], _runs: Runs) -> Found:
    for features, name in (("raw", "raw"), ("standardised", "std")):
        task = Task.of(Network.of(2, 1), options_of({"optimizer": "sgd", "lr": 1.0}), rows.houses(features))
        slopes = lambda w, task=task: batch_gradient(task, w, ALL, 0)[1]  # noqa: E731
        eigenvalues = hessian(slopes, np.zeros(3), 1e-3)
        told = demo["curvature"]
        yield Fact(f"{name}: curvatures", eigenvalues, told[f"{name}_eig"], 1e-3)
        yield Fact(f"{name}: the critical rate", 2 / eigenvalues[-1], told[f"{name}_lr_max"], 1e-3)
        yield Fact(f"{name}: λ by power iteration", sharpness(task, np.zeros(3)), told[f"{name}_eig"][-1], 1e-2)


def outlier(_demo: dict[str, Any], runs: Runs) -> Found:
    for (case, played), slope in zip(runs, (2.943, 2.0), strict=True):
        yield Fact(f"slope by {case.run['loss']}", played.training.parameters[0], slope, 1e-3)


def digits(_demo: dict[str, Any], _runs: Runs) -> Found:
    _learn, test = rows.digits()
    for case in cases("digits-8x8"):
        training = case.play_part(0).training
        ours = []
        for epoch in case.run["test_acc_by_epoch"]:
            training.run(int(epoch) * training.epoch_length - training.updates)
            ours.append(accuracy(training, test))
        yield Fact(f"run {case.number}: right of the test rows", ours, [*case.run["test_acc_by_epoch"].values()])


def by_hand(demo: dict[str, Any], _runs: Runs) -> Found:
    p, sample = demo["params"], demo["sample"]
    network, w = (
        Network.of(2, 3, 1),
        np.concatenate([np.ravel(p["W1"]), p["b1"], p["W2"], [p["b2"]]]).astype(np.float64),
    )
    x, y = np.array([sample["a"], sample["b"]], dtype=np.float64), np.array([sample["target"]], dtype=np.float64)
    layers = passes.forward(network, w, x)
    first, last = passes.backward(network, layers, y, "mse")
    told, back = demo["forward"], demo["backward"]
    yield Fact("sums", layers[0].z, told["z"])
    yield Fact("contributions", layers[1].products[:, 0], told["contrib"])
    yield Fact("answer and loss", [layers[1].a[0], passes.loss_of("mse", layers[1], y)], [told["f"], told["loss"]])
    yield Fact("slope of f", last.da[0], back["dL_df"])
    for name, ours in (
        ("dW2", last.dw[:, 0]),
        ("db2", last.db[0]),
        ("dz", first.dz),
        ("dW1", first.dw),
        ("db1", first.db),
    ):
        yield Fact(name, ours, back[name])
    data = rows.table(x[None], y[None])
    for rate, after in demo["after"].items():
        training = Training(network, data, options_of({"optimizer": "sgd", "lr": float(rate)}), w)
        training.run(1)
        yield Fact(f"the answer after a step at {rate}", outputs(network, training.parameters, x[None])[0, 0], after)


def counts(demo: dict[str, Any], _runs: Runs) -> Found:
    told = demo["counts"]
    for shape in ("2-3-1", "2-1000-1000-1 all", "784-128-10", "64-32-10"):
        yield Fact(shape, Network.parse(shape.split()[0]).parameter_count, told[shape])
    deep = Network.of(*[1000] * 100)
    yield Fact("100 layers of 1000, links", deep.connection_count, told["100 layers x 1000 links"])
    yield Fact("MB in float64", Network.parse("2-1000-1000-1").parameter_count * 8 / 1e6, demo["memory_MB_f64"], 0.01)


def landscape(demo: dict[str, Any], _runs: Runs) -> Found:
    """Of Adam's path; at which rates and how long the other two went is not told."""
    data, told = rows.grid(range(5)), demo["adder_231_adam"]
    training = Training(Network.of(2, 3, 1), data, options_of({"optimizer": "adam", "lr": 0.1, "seed": 11}))
    start, path = training.full_loss(), [training.parameters.copy()]
    for _ in range(300):
        training.run(1)
        path.append(training.parameters.copy())
    away = np.array(path) - path[-1]
    _u, s, ways = np.linalg.svd(away, full_matrices=False)
    yield Fact("kept of Adam's path", (s[:2] ** 2).sum() / (s**2).sum(), told["pca_var2"], 2e-3)
    shadow = path[-1] + away[0] @ ways[:2].T @ ways[:2]
    height = metrics.score(training.network, shadow, data, "mse").loss
    yield Fact("its start: true and on the surface", [start, height], told["start"], 2e-3)


def guessing(_demo: dict[str, Any], _runs: Runs) -> Found:
    training = Training(
        Network.of(2, 3, 1), rows.grid(range(5)), options_of({"optimizer": "adam", "lr": 0.1, "seed": 11})
    )
    training.run(300)
    losses = training.curve.view(300).losses
    for level, told in ((0.1, 13), (0.01, 33), (1e-6, 279)):
        yield Fact(f"Adam below {level}", int(np.argmax(losses < level)), told, 0.0)


def opinion(data: Dataset) -> Training:
    """One neuron that has read the reviews to learn from."""
    run = {"optimizer": "adam", "lr": 0.05, "l2": 0.003, "init": "normal0.01"}
    network = Network.of(data.inputs.shape[1], 1, output="sigmoid")
    training = Training(network, data, options_of(run, "bce"))
    training.run(300)
    return training


def sentiment(demo: dict[str, Any], _runs: Runs) -> Found:
    told, data = demo["expect"], made(replace(REVIEWS.recipe, test_share=0.2))
    training = opinion(data)
    yield Fact("reviews to learn from, to test, words", [data.rows, data.tests, len(data.input_names)], [128, 32, 297])
    yield Fact("right of those learned from", accuracy(training, data), told["train_acc"])
    folds = [made(replace(REVIEWS.recipe, test_share=0.2, seed=4 - fold)) for fold in range(5)]
    shares = [accuracy(opinion(fold), fold.held) for fold in folds]
    yield Fact("right of the others, five times", shares, told["five_fold"], 0.0, 6e-4)
    yield Fact("their mean", np.mean(shares), told["five_fold_mean"], 0.0, 6e-4)
    order = [data.input_names[i] for i in np.argsort(training.parameters[:-1])]
    for name, found in (("negative", order[:7]), ("positive", order[:-8:-1])):
        yield Fact(f"the most {name} words", [word in found for word in told[f"top_{name}"]], [True] * 7)
    one, other = "I expected a masterpiece and got a mess", "I expected a mess and got a masterpiece"
    texts = np.array([row_of(text, data.input_names) for text in (one, other)])
    yield Fact("order does not matter", outputs(training.network, training.parameters, texts)[:, 0], [0.47, 0.47], 0.02)


def cats_and_dogs(demo: dict[str, Any], _runs: Runs) -> Found:
    x, y = cats_dogs(600, 0)
    unseen, answers = cats_dogs(400, 1)
    test = rows.table(unseen, answers, classification=True)
    for name, share in demo["hand_rules_test"].items():
        ours = by_rule(HAND_RULES[name], x, y[:, 0], unseen, answers[:, 0])
        yield Fact(f"right by {name}", ours, share, 0.0, 6e-4)
    for name, share in demo["networks"].items():
        kind, count = name.split("_")
        sizes, init = ([256, 1], "glorot_uniform") if kind == "linear" else ([256, 16, 1], "he_normal")
        learn = rows.table(x[: int(count)], y[: int(count)], classification=True)
        run = {"optimizer": "adam", "lr": 0.005, "init": init}
        training = Training(Network.of(*sizes, output="sigmoid"), learn, options_of(run, "bce"))
        training.run(400)
        yield Fact(f"right by {name}", accuracy(training, test), share, 0.0, 6e-4)


HAND_RULES = {
    "pointed_ears": lambda pictures: pictures[:, 1:4, :].mean((1, 2)),
    "floppy_ears": lambda pictures: np.concatenate([pictures[:, 7:11, :3], pictures[:, 7:11, -3:]], 2).mean((1, 2)),
    "snout": lambda pictures: pictures[:, 10:13, 6:10].mean((1, 2)),
}


def by_rule(rule: Callable, x: np.ndarray, y: np.ndarray, unseen: np.ndarray, answers: np.ndarray) -> float:
    """How often one number above the best of 97 thresholds, or below it, tells dogs among pictures not seen."""
    known, new = rule(x.reshape(-1, 16, 16)), rule(unseen.reshape(-1, 16, 16))

    def right(values: np.ndarray, truth: np.ndarray, threshold: float) -> float:
        return max(((values > threshold) == truth).mean(), ((values <= threshold) == truth).mean())

    best = max(np.quantile(known, np.linspace(0.02, 0.98, 97)), key=lambda threshold: right(known, y, threshold))
    return right(new, answers, best)


FACTS: dict[str, Callable[[dict[str, Any], Runs], Found]] = {
    "seed-network": seed_network,
    "infinite-weights": infinite_weights,
    "adder-train-default": adder,
    "dead-relu-trap": dead_relus,
    "adam-late-spike": late_spike,
    "bowl-linear-adder": bowl,
    "valley-two-weight-relu": valley,
    "twin-tanh-saddle": twins,
    "sine-neuron-local-minima": sine,
    "double-well-momentum": two_wells,
    "step-length-vs-distance": step_lengths,
    "zero-init-symmetry": symmetry,
    "spiral-width-depth": spirals,
    "deep-gradients": deep,
    "overfit-and-regularise": overfit,
    "batch-size-noise": batches,
    "feature-scaling": houses,
    "guess-vs-gradient": guessing,
    "loss-choice-outlier": outlier,
    "digits-8x8": digits,
    "backprop-by-hand": by_hand,
    "million-weights": counts,
    "landscape-honesty": landscape,
    "sentiment-book-reviews": sentiment,
    "procedural-cats-dogs": cats_and_dogs,
}
