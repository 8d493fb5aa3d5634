"""A trainer of its own, to compare ours with: NumPy, one matrix a layer, written as the lessons write it.

It shares nothing with `visualnn` but the names. Weights are drawn layer by layer from ``default_rng(seed)``, biases are
0; the batches of an epoch follow one permutation of ``default_rng(10_000 + seed)``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

Arrays = list[np.ndarray]
CONSTANTS = {"adagrad": 1e-10}


class Net(NamedTuple):
    sizes: list[int]
    hidden: str = "relu"
    loss: str = "mse"


def first_weights(sizes: list[int], seed: int, kind: str) -> Arrays:
    rng, parts = np.random.default_rng(seed), []
    for i, o in pairwise(sizes):
        if kind == "glorot_uniform":
            w = rng.uniform(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)), (i, o))
        elif kind == "he_normal":
            w = rng.normal(0, np.sqrt(2 / i), (i, o))
        elif kind.startswith("normal"):
            w = rng.normal(0, float(kind[6:]), (i, o))
        else:
            w = np.full((i, o), {"zeros": 0.0, "const0.5": 0.5}[kind])
        parts += [w, np.zeros((1, o))]
    return parts


def bend(z: np.ndarray, kind: str) -> np.ndarray:
    if kind == "sigmoid":
        return 1 / (1 + np.exp(-np.clip(z, -500, 500)))
    return {"relu": np.maximum(z, 0), "leaky": np.where(z > 0, z, 0.01 * z), "tanh": np.tanh(z)}.get(kind, z)


def slope(z: np.ndarray, a: np.ndarray, kind: str) -> np.ndarray:
    slopes = {"relu": (z > 0) * 1.0, "leaky": np.where(z > 0, 1.0, 0.01), "tanh": 1 - a * a, "sigmoid": a * (1 - a)}
    return slopes.get(kind, np.ones_like(z))


def outputs(net: Net, parts: Arrays, x: np.ndarray) -> tuple[Arrays, Arrays]:
    """Activations and sums of every layer; the last one's sums are left as they are."""
    a, z = [x], []
    for layer in range(0, len(parts), 2):
        z.append(a[-1] @ parts[layer] + parts[layer + 1])
        a.append(z[-1] if layer + 2 == len(parts) else bend(z[-1], net.hidden))
    return a, z


def loss_of(kind: str, out: np.ndarray, y: np.ndarray) -> float:
    if kind == "bce":
        return (np.maximum(out, 0) - out * y + np.log1p(np.exp(-np.abs(out)))).mean()
    if kind == "ce":
        shifted = out - out.max(-1, keepdims=True)
        return -((shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))) * y).sum(-1).mean()
    return (np.abs(out - y) if kind == "mae" else (out - y) ** 2).mean()


def gradient(net: Net, parts: Arrays, x: np.ndarray, y: np.ndarray, l2: float = 0.0) -> tuple[Arrays, float]:
    a, z = outputs(net, parts, x)
    out, g = a[-1], [np.empty(0)] * len(parts)
    if net.loss in ("mse", "mae"):
        d = (2 * (out - y) if net.loss == "mse" else np.sign(out - y)) / out.size
    else:
        e = np.exp(out - out.max(-1, keepdims=True))
        d = ((bend(out, "sigmoid") if net.loss == "bce" else e / e.sum(-1, keepdims=True)) - y) / len(x)
    for layer in range(len(z) - 1, -1, -1):
        g[2 * layer] = a[layer].T @ d + 2 * l2 * parts[2 * layer]
        g[2 * layer + 1] = d.sum(0, keepdims=True)
        if layer:
            d = (d @ parts[2 * layer].T) * slope(z[layer - 1], a[layer], net.hidden)
    return g, float(loss_of(net.loss, out, y))


def stepping(run: dict[str, Any]) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The demonstration's optimizer for one array: what the next update takes away from it, given its gradient."""
    kind, rate, mu = run["optimizer"], run["lr"], run.get("mu", 0.9)
    eps, memory = CONSTANTS.get(kind, 1e-8), {"m": 0.0, "s": 0.0, "t": 0}

    def step(_w: np.ndarray, g: np.ndarray) -> np.ndarray:
        memory["t"] += 1
        m, s, t = memory["m"], memory["s"], memory["t"]
        if kind == "sgd":
            return rate * g
        if kind in ("momentum", "nesterov"):
            memory["m"] = m = mu * m + g
            return rate * (m if kind == "momentum" else g + mu * m)
        if kind == "adam":
            memory["m"], memory["s"] = m, s = 0.9 * m + (1 - 0.9) * g, 0.999 * s + (1 - 0.999) * g * g
            return rate * (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + eps)
        memory["s"] = s = s + g * g if kind == "adagrad" else 0.99 * s + (1 - 0.99) * g * g
        return rate * g / (np.sqrt(s) + eps)

    return step


def curve(net: Net, run: dict[str, Any], x: np.ndarray, y: np.ndarray, updates: int) -> np.ndarray:
    """The loss before each of the first updates, and after the last: over all rows, or over those of the next batch."""
    seed, batch = run.get("seed", 0), min(run.get("batch") or len(x), len(x))
    parts, whole = first_weights(net.sizes, seed, run.get("init", "glorot_uniform")), run.get("told") != "batch"
    steps, rng, losses = [stepping(run) for _ in parts], np.random.default_rng(10_000 + seed), []
    line = np.arange(0)
    for _ in range(updates + 1):
        line = line if line.size else (rng.permutation(len(x)) if batch < len(x) else np.arange(len(x)))
        rows, line = line[:batch], line[batch:]
        g, loss = gradient(net, parts, x[rows], y[rows], run.get("l2", 0.0))
        losses.append(float(loss_of(net.loss, outputs(net, parts, x)[0][-1], y)) if whole and batch < len(x) else loss)
        parts = [w - step(w, part) for w, part, step in zip(parts, g, steps, strict=True)]
    return np.array(losses)


def descent(surface: Callable[..., tuple[float, np.ndarray]], run: dict[str, Any], updates: int) -> np.ndarray:
    """The same for a function of a few numbers that knows its slopes."""
    w, step, losses = np.array(run["start"], dtype=np.float64), stepping(run), []
    for _ in range(updates + 1):
        loss, g = surface(w)
        losses.append(loss)
        w = w - step(w, g)
    return np.array(losses)
