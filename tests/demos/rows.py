"""The data of the demonstrations, made from what their recipes say."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from visualnn.nn.data import Dataset

DATA = Path(__file__).parents[1] / "data"


@cache
def demos() -> dict[str, dict[str, Any]]:
    """All demonstrations by their id, in the order of the lessons."""
    listed = json.loads((DATA / "demos.json").read_text(encoding="utf-8"))["demos"]
    return {demo["id"]: demo for demo in listed}


def column(values: np.ndarray) -> np.ndarray:
    return np.reshape(values, (-1, 1)).astype(np.float64)


def table(x: np.ndarray, y: np.ndarray, *, classification: bool = False) -> Dataset:
    names = tuple(f"x{i + 1}" for i in range(x.shape[1]))
    return Dataset("demo", np.array(x, dtype=np.float64), np.array(y, dtype=np.float64), names, classification)


def grid(values: range) -> Dataset:
    pairs = np.array([(a, b) for a in values for b in values], dtype=np.float64)
    return table(pairs, pairs.sum(axis=1, keepdims=True))


def differences() -> Dataset:
    pairs = grid(range(1, 6)).inputs
    return table(pairs, column(abs(pairs[:, 0] - pairs[:, 1])))


def signs() -> Dataset:
    points = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
    return table(points, column(np.array([0, 1, 1, 0])), classification=True)


def spirals(seed: int = 0) -> Dataset:
    rng, t, arms = np.random.default_rng(seed), np.linspace(0.05, 1, 100), []
    for arm in (0, 1):
        angle = t * 1.5 * 2 * np.pi + 2 * np.pi * arm / 2
        arms.append(np.c_[t * np.cos(angle), t * np.sin(angle)] + rng.normal(0, 0.02, (100, 2)))
    return table(np.concatenate(arms), column(np.repeat([0, 1], 100)), classification=True)


def moons() -> Dataset:
    rng, t = np.random.default_rng(0), np.linspace(0, np.pi, 100)
    points = np.concatenate([np.c_[np.cos(t), np.sin(t)], np.c_[1 - np.cos(t), 0.5 - np.sin(t)]])
    return table(points + rng.normal(0, 0.1, (200, 2)), column(np.repeat([0, 1], 100)), classification=True)


def noisy_sine() -> Dataset:
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(-1, 1, 12))
    return table(column(x), column(np.sin(np.pi * x) + rng.normal(0, 0.25, 12)))


def clean_sine() -> Dataset:
    x = np.linspace(-1, 1, 201)
    return table(column(x), column(np.sin(np.pi * x)))


def noisy_sums() -> Dataset:
    rng = np.random.default_rng(0)
    pairs = rng.uniform(0, 4, (256, 2))
    return table(pairs, pairs.sum(axis=1, keepdims=True) + rng.normal(0, 0.5, (256, 1)))


def houses(features: str) -> Dataset:
    rng = np.random.default_rng(0)
    rows = np.c_[rng.uniform(50, 250, 100), rng.integers(1, 7, 100)]
    prices = column(rows @ [2, 15] + 20)
    return table((rows - rows.mean(axis=0)) / rows.std(axis=0) if features == "standardised" else rows, prices)


def outlier() -> Dataset:
    x = np.linspace(0, 5, 20)
    y = 2 * x + 1
    y[15] += 30
    return table(column(x), column(y))


@cache
def digits() -> tuple[Dataset, Dataset]:
    """Those to learn from and those to test with."""
    path = Path(__file__).parents[2] / "resources" / "data" / "digits.npz"
    with np.load(path, allow_pickle=False) as stored:
        pixels, labels = stored["pixels"] / 16.0, np.eye(10)[stored["labels"]]
    order = np.random.default_rng(0).permutation(len(pixels))
    learn, test = order[:1437], order[1437:]
    return (
        table(pixels[learn], labels[learn], classification=True),
        table(pixels[test], labels[test], classification=True),
    )


def all_digits() -> Dataset:
    """Both together."""
    learn, test = digits()
    inputs, targets = (np.vstack(pair) for pair in ((learn.inputs, test.inputs), (learn.targets, test.targets)))
    return table(inputs, targets, classification=True)
