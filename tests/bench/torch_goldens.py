"""Writes tests/data/torch.json: what PyTorch says about gradients, optimizers, clipping and schedules.

    PYTHONPATH=. python tests/bench/torch_goldens.py      (needs torch, NumPy and visualnn)

Everything is float64 and by torch's own functions, optimizers and schedulers; only Lion, which torch does not have,
is written out from its paper. The tests read the file and need no torch. Not a test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_, clip_grad_value_
from torch.optim import lr_scheduler

from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for

OUT = Path(__file__).parents[1] / "data" / "torch.json"
UPDATES = 50
SHOWN = (1, 2, 3, 5, 10, 20, 30, 40, 50)
Z = [-30.0, -3.5, -3.0, -2.0, -1.0, -0.25, 0.0, 0.25, 1.0, 2.0, 3.0, 3.5, 30.0]  # the bends among them

torch.set_default_dtype(torch.float64)

TORCHS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "hard_tanh": functional.hardtanh,
    "hard_sigmoid": lambda z: functional.relu6(z + 3.0) / 6.0,  # hardsigmoid takes 1/6 from float32 in its slope
    "hard_silu": functional.hardswish,
    "linear": lambda z: z,
    "softmax": lambda z: functional.softmax(z, dim=-1),
}
LOSSES: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {  # of sums, activations, targets
    "mse": lambda _z, a, y: functional.mse_loss(a, y),
    "mae": lambda _z, a, y: functional.l1_loss(a, y),
    "huber": lambda _z, a, y: functional.huber_loss(a, y),
    "hinge": lambda _z, a, y: functional.margin_ranking_loss(a, torch.zeros_like(a), 2.0 * y - 1.0, margin=1.0),
    "binary_cross_entropy": lambda z, _a, y: functional.binary_cross_entropy_with_logits(z, y),
    "cross_entropy": lambda z, _a, y: functional.cross_entropy(z, y),
}


class Perceptron:
    """A multilayer perceptron with torch's tensors, one weight and one bias tensor a layer."""

    def __init__(self, sizes: list[int], activations: list[str], values: np.ndarray, shortcut: int = 0) -> None:
        self.sizes, self.activations, self.shortcut = sizes, activations, shortcut
        self.tensors: list[Tensor] = []
        start = 0
        for n_in, n_out in pairwise(sizes):
            for shape in ((n_in, n_out), (n_out,)):
                count = int(np.prod(shape))
                part = torch.tensor(values[start : start + count].reshape(shape))
                self.tensors.append(part.requires_grad_())
                start += count

    def loss(self, x: Tensor, y: Tensor, loss: str, l1: float = 0.0, l2: float = 0.0) -> Tensor:
        a = [x]
        for layer, activation in enumerate(self.activations):
            w, b = self.tensors[2 * layer : 2 * layer + 2]
            z = a[-1] @ w + b
            a.append(TORCHS[activation](z))
            column, k = layer + 1, self.shortcut
            if k and column > k and (column - 1) % k == 0 and column < len(self.activations):
                a[-1] = a[-1] + a[column - k]
        weights = self.tensors[::2]
        penalty = l1 * sum(w.abs().sum() for w in weights) + l2 * sum((w * w).sum() for w in weights)
        return LOSSES[loss](z, a[-1], y) + penalty

    def flat(self) -> list[float]:
        return torch.cat([t.detach().ravel() for t in self.tensors]).tolist()

    def gradient(self) -> list[float]:
        return torch.cat([t.grad.ravel() for t in self.tensors]).tolist()


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, algorithm 2."""

    def __init__(self, tensors: list[Tensor], lr: float, betas: tuple[float, float], weight_decay: float) -> None:
        super().__init__(tensors, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                m = self.state[w].setdefault("m", torch.zeros_like(w))
                c = beta1 * m + (1 - beta1) * w.grad
                w -= group["lr"] * (torch.sign(c) + group["weight_decay"] * w)
                m.copy_(beta2 * m + (1 - beta2) * w.grad)


def optimizer_of(tensors: list[Tensor], name: str, rate: float, **own: float) -> torch.optim.Optimizer:
    betas = (own.get("beta1", 0.9), own.get("beta2", 0.999))
    eps, wd = own.get("eps", 1e-8), own.get("weight_decay", 0.0)
    match name:
        case "sgd":
            return torch.optim.SGD(tensors, lr=rate)
        case "momentum" | "nesterov":
            return torch.optim.SGD(tensors, lr=rate, momentum=own["momentum"], nesterov=name == "nesterov")
        case "adagrad":
            return torch.optim.Adagrad(tensors, lr=rate, eps=eps)
        case "rmsprop":
            return torch.optim.RMSprop(tensors, lr=rate, alpha=own.get("rho", 0.99), eps=eps)
        case "adam":
            return torch.optim.Adam(tensors, rate, betas, eps, wd, decoupled_weight_decay=True)
        case "adamw":
            return torch.optim.AdamW(tensors, rate, betas, eps, wd)
        case "nadam":
            return torch.optim.NAdam(tensors, rate, betas, eps, wd, decoupled_weight_decay=True)
        case "lion":
            return Lion(tensors, rate, betas, wd)
    raise ValueError(name)


def schedulers_of(optimizer: torch.optim.Optimizer, rate: float, **own: Any) -> list[Any]:
    """torch's schedulers for a schedule of ours; several multiply."""
    name, gamma, floor = own.get("name", "constant"), own.get("gamma", 0.5), own.get("floor", 0.0)
    period, warmup = own.get("period", 100), own.get("warmup", 0)
    found: list[Any] = []
    if warmup:
        found.append(lr_scheduler.LinearLR(optimizer, 1.0 / warmup, 1.0, total_iters=warmup - 1))
    match name:
        case "step":
            found.append(lr_scheduler.StepLR(optimizer, period, gamma))
        case "exponential":
            found.append(lr_scheduler.ExponentialLR(optimizer, gamma ** (1.0 / period)))
        case "cosine":
            found.append(lr_scheduler.CosineAnnealingLR(optimizer, period, eta_min=floor * rate))
        case "plateau":
            patience = own.get("patience", 10)
            found.append(
                lr_scheduler.ReduceLROnPlateau(optimizer, factor=gamma, patience=patience, min_lr=floor * rate)
            )
    return found


def advance(schedulers: list[Any], loss: float) -> None:
    for scheduler in schedulers:
        scheduler.step(*([loss] if isinstance(scheduler, lr_scheduler.ReduceLROnPlateau) else []))


def points() -> dict[str, Any]:
    """Every activation and its slope, at its bends too."""
    found = {}
    for name in HIDDEN_ACTIVATIONS:
        z = torch.tensor(Z, requires_grad=True)
        a = TORCHS[name](z)
        a.sum().backward()
        found[name] = {"a": a.tolist(), "slope": z.grad.tolist()}
    return {"z": Z, "activations": found}


def gradients() -> dict[str, Any]:
    """The slopes of every fitting loss behind every activation, in a network with a shortcut."""
    rng = np.random.default_rng(7)
    sizes = [2, 3, 3, 2]
    values, x = rng.normal(0, 0.9, 29), rng.normal(0, 1.2, (5, 2))
    numbers, classes = rng.normal(0, 1.5, (5, 2)), np.eye(2)[[0, 1, 1, 0, 1]]
    penalties = [(0.0, 0.0)] * 3 + [(0.03, 0.0), (0.0, 0.02), (0.01, 0.04)]
    cases = []
    for activation in ACTIVATIONS:
        for loss in losses_for(activation):
            l1, l2 = penalties[len(cases) % len(penalties)]
            hidden = activation if activation in HIDDEN_ACTIVATIONS else "tanh"
            network = Perceptron(sizes, [hidden, hidden, activation], values, shortcut=1)
            y = torch.tensor(numbers if loss in ("mse", "mae", "huber") else classes)
            network.loss(torch.tensor(x), y, loss, l1, l2).backward()
            bare = network.loss(torch.tensor(x), y, loss).item()
            case = {"hidden": hidden, "output": activation, "loss": loss, "l1": l1, "l2": l2}
            cases.append({**case, "value": bare, "gradient": network.gradient()})
    fixed = {"parameters": values.tolist(), "inputs": x.tolist(), "numbers": numbers.tolist()}
    return {"sizes": sizes, "shortcut": 1, **fixed, "classes": classes.tolist(), "cases": cases}


def recipes() -> Iterator[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """What is trained how: a name, the optimizer, other options, the schedule."""
    rules = {
        "sgd": {"rate": 0.1},
        "momentum": {"rate": 0.02, "momentum": 0.9},
        "nesterov": {"rate": 0.02, "momentum": 0.9},
        "adagrad": {"rate": 0.2, "eps": 1e-10},
        "rmsprop": {"rate": 0.01},
        "adam": {"rate": 0.05},
        "adamw": {"rate": 0.05, "weight_decay": 0.01},
        "nadam": {"rate": 0.05},
        "lion": {"rate": 0.01, "beta2": 0.99},
    }
    for name, own in rules.items():
        yield name, {"name": name, **own}, {}, {}
    for name in ("adam", "adamw", "nadam", "lion"):
        yield f"{name}, strong weight decay", {"name": name, **rules[name], "weight_decay": 0.5}, {}, {}
    for name in ("adam", "nadam", "lion"):
        yield f"{name}, other constants", {"name": name, "rate": 0.005, "beta1": 0.7, "beta2": 0.9, "eps": 1e-3}, {}, {}
    yield "momentum 0.5", {"name": "momentum", "rate": 0.1, "momentum": 0.5}, {}, {}
    yield "nesterov 0.5", {"name": "nesterov", "rate": 0.1, "momentum": 0.5}, {}, {}
    yield "rmsprop, other constants", {"name": "rmsprop", "rate": 0.005, "rho": 0.8, "eps": 1e-3}, {}, {}
    sgd, adam = {"name": "sgd", **rules["sgd"]}, {"name": "adam", **rules["adam"]}
    yield "sgd, l1 and l2", sgd, {"l1": 0.02, "l2": 0.05}, {}
    yield "adam, clipped by value", adam, {"clip_value": 0.05}, {}
    yield "momentum, clipped by norm", {"name": "momentum", **rules["momentum"]}, {"clip_norm": 0.2}, {}
    yield "sgd, clipped by value, then norm", sgd, {"clip_value": 0.1, "clip_norm": 0.15}, {}
    yield "sgd in steps", sgd, {}, {"name": "step", "period": 7, "gamma": 0.6}
    yield "adam, exponential after warm-up", adam, {}, {"name": "exponential", "period": 10, "gamma": 0.5, "warmup": 8}
    yield "nadam, cosine", {"name": "nadam", **rules["nadam"]}, {}, {"name": "cosine", "period": 50, "floor": 0.05}
    steep = {"name": "sgd", "rate": 0.9}
    yield "sgd, plateau", steep, {}, {"name": "plateau", "gamma": 0.5, "patience": 1, "floor": 0.01}


def runs() -> dict[str, Any]:
    """Where a small network is after some updates."""
    rng = np.random.default_rng(11)
    sizes = [2, 3, 1]
    values, x, y = rng.normal(0, 0.8, 13), rng.normal(0, 1, (6, 2)), rng.normal(0, 1, (6, 1))
    cases = []
    for label, rule, options, schedule in recipes():
        network = Perceptron(sizes, ["tanh", "linear"], values)
        optimizer = optimizer_of(network.tensors, **rule)
        schedulers = schedulers_of(optimizer, rule["rate"], **schedule)
        shown, rates = {}, []
        for update in range(1, UPDATES + 1):
            optimizer.zero_grad()
            network.loss(torch.tensor(x), torch.tensor(y), "mse", options.get("l1", 0), options.get("l2", 0)).backward()
            clip(network.tensors, options)
            rates.append(optimizer.param_groups[0]["lr"])
            bare = network.loss(torch.tensor(x), torch.tensor(y), "mse").item()
            optimizer.step()
            advance(schedulers, bare)
            if update in SHOWN:
                shown[str(update)] = network.flat()
        if schedule.get("name") == "plateau":
            assert len(set(rates)) > 2, "the rate must have fallen"
        cases.append({"name": label, "optimizer": rule, "options": options, "schedule": schedule, "parameters": shown})
    fixed = {"parameters": values.tolist(), "inputs": x.tolist(), "targets": y.tolist()}
    return {"sizes": sizes, "activations": ["tanh", "linear"], "loss": "mse", **fixed, "cases": cases}


def clip(tensors: list[Tensor], options: dict[str, Any]) -> None:
    if "clip_value" in options:
        clip_grad_value_(tensors, options["clip_value"])
    if "clip_norm" in options:
        clip_grad_norm_(tensors, options["clip_norm"])


def clipping() -> list[dict[str, Any]]:
    """Gradients before and after."""
    rng = np.random.default_rng(3)
    found = []
    for options in (
        {"clip_norm": 1.0},
        {"clip_norm": 1e6},
        {"clip_norm": 1e-7},
        {"clip_value": 0.5},
        {"clip_value": 1e6},
        {"clip_value": 0.5, "clip_norm": 1.0},
    ):
        g = rng.normal(0, 1, 13)
        tensors = [torch.zeros(2, 3), torch.zeros(3), torch.zeros(3, 1), torch.zeros(1)]
        for tensor, part in zip(tensors, torch.tensor(g).split([6, 3, 3, 1]), strict=True):
            tensor.grad = part.clone().reshape(tensor.shape)
        clip(tensors, options)
        after = torch.cat([tensor.grad.ravel() for tensor in tensors]).tolist()
        found.append({"options": options, "before": g.tolist(), "after": after})
    return found


def schedules() -> list[dict[str, Any]]:
    """The rate of each update; for plateaus also the losses it went by."""
    rng = np.random.default_rng(5)
    stairs = [1.0, 0.9, 0.9, 0.89995, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.7, 0.69993, 0.6999] * 4
    noisy = (np.exp(-np.arange(60) / 15) + rng.uniform(0, 0.4, 60)).tolist()
    broken = [1.0, float("inf"), 0.5, *[float("nan")] * 5, 0.4, *[0.4] * 20]
    found = []
    for schedule, losses in (
        ({"name": "constant"}, [1.0] * 20),
        ({"name": "step", "period": 7, "gamma": 0.6}, [1.0] * 60),
        ({"name": "step", "period": 1, "gamma": 0.9}, [1.0] * 60),
        ({"name": "exponential", "period": 1, "gamma": 0.95}, [1.0] * 60),
        ({"name": "exponential", "period": 20, "gamma": 0.3}, [1.0] * 60),
        ({"name": "cosine", "period": 40}, [1.0] * 41),
        ({"name": "cosine", "period": 40, "floor": 0.1}, [1.0] * 41),
        ({"name": "constant", "warmup": 10}, [1.0] * 30),
        ({"name": "step", "period": 7, "gamma": 0.6, "warmup": 10}, [1.0] * 40),
        ({"name": "exponential", "period": 5, "gamma": 0.7, "warmup": 4}, [1.0] * 40),
        ({"name": "plateau", "gamma": 0.5, "patience": 2}, stairs),
        ({"name": "plateau", "gamma": 0.1, "patience": 0, "floor": 0.005}, stairs),
        ({"name": "plateau", "gamma": 0.7, "patience": 3}, noisy),
        ({"name": "plateau", "gamma": 0.5, "patience": 1}, broken),
    ):
        rate = 0.3
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)
        schedulers = schedulers_of(optimizer, rate, **schedule)
        rates = []
        for loss in losses:
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            advance(schedulers, loss)
        case = {"schedule": schedule, "rate": rate, "rates": rates}
        found.append({**case, "losses": losses} if schedule["name"] == "plateau" else case)
    return found


def lines(value: Any, depth: int) -> str:
    """JSON with one line for each thing `depth` levels down."""
    if depth and isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {lines(part, depth - 1)}" for key, part in value.items()) + "\n}"
    if depth and isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(lines(part, depth - 1) for part in value) + "\n]"
    return json.dumps(value)


def main() -> None:
    about = "Computed with PyTorch in float64 by tests/bench/torch_goldens.py."
    book = {"about": about, "torch": torch.__version__, "points": points(), "gradients": gradients(), "runs": runs()}
    book |= {"clipping": clipping(), "schedules": schedules()}
    depths = {"points": 2, "gradients": 2, "runs": 2, "clipping": 1, "schedules": 1}
    parts = (f"{json.dumps(key)}: {lines(value, depths.get(key, 0))}" for key, value in book.items())
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
