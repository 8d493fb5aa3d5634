"""What a link to the Playground says: its properties, read as the page reads them where that has a meaning.

A link is ``https://playground.tensorflow.org/#activation=tanh&batchSize=10&…``, the same of a copy of the page
elsewhere, or what follows the # alone. What is missing is as when the page opens; of what is there twice the last one
counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from urllib.parse import quote, unquote

from visualnn.files.errors import Damage

LONGEST = 10_000  # characters of a link
MOST_LAYERS = 100
HOST = "playground.tensorflow.org"
ADDRESS = re.compile(rf"(?:[a-z][a-z0-9+.-]*://[^\s#]*|{re.escape(HOST)}[^\s#]*)?(?:#(?P<fragment>[^\r\n]*))?", re.I)
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")

ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")
PENALTIES = ("none", "L1", "L2")
PROBLEMS = ("classification", "regression")
DATASETS = ("circle", "xor", "gauss", "spiral")
REG_DATASETS = ("reg-plane", "reg-gauss")
FEATURES = ("x", "y", "xSquared", "ySquared", "xTimesY", "sinX", "sinY")  # in the order of the page
FIRST_FEATURES = ("x", "y")  # switched on when the page opens
WITHOUT_EFFECT = ("cosX", "cosY")  # which the page knows by name, but has no inputs for
NUMBERS = ("batchSize", "learningRate", "regularizationRate", "noise", "percTrainData")
CHOICES = {
    "activation": ACTIVATIONS,
    "regularization": PENALTIES,
    "problem": PROBLEMS,
    "dataset": DATASETS,
    "regDataset": REG_DATASETS,
}
LOOKS = ("showTestData", "discretize", "collectStats", "tutorial", "hideText")  # say nothing about the network
HIDDEN = "_hide"  # ends the name of a part of the page that is not shown
SAFE = "".join(map(chr, range(33, 127))).translate(str.maketrans("", "", '"<>`'))  # characters as browsers leave them
NO_SEED = "0"
MOST_NOISE, TOO_NOISY = 80.0, 50.0  # beyond the first the page takes the second
KNOWN = frozenset((*CHOICES, *NUMBERS, *FEATURES, *WITHOUT_EFFECT, *LOOKS, "networkShape", "seed", "initZero"))


@dataclass(frozen=True, slots=True)
class Settings:
    """A link, understood. `noise` and `share` are percentages; `idle` are properties without effect."""

    activation: str
    penalty: str
    penalty_rate: float
    regression: bool
    points: str  # which set of them
    batch: int
    rate: float
    noise: float
    share: float  # of the points to learn from
    hidden: tuple[int, ...]
    seed: str
    seeded: bool  # whether the link names the seed
    features: tuple[str, ...]
    zeros: bool  # whether weights and biases start at 0
    idle: tuple[str, ...]


def is_link(text: str) -> bool:
    """Whether a text is a link to the Playground, right or wrong."""
    text = text.strip()
    found = ADDRESS.fullmatch(text) if text and len(text) <= 100 * LONGEST else None
    if found is None:
        return False
    names = {each.partition("=")[0] for each in (found["fragment"] or "").split("&") if "=" in each}
    return bool(names & KNOWN) or _host(text) == HOST


def settings(link: str) -> Settings:
    """The settings of a link. Raises `Damage` naming the property that cannot be."""
    found = ADDRESS.fullmatch(link.strip()) if len(link) <= LONGEST else None
    if found is None:
        raise Damage("it is no link to the Playground" if len(link) <= LONGEST else "it is too long")
    pairs = (each.partition("=")[::2] for each in (found["fragment"] or "").split("&"))
    values = {name: value for name, value in pairs if name}
    regression = _choice(values, "problem", "classification") == "regression"
    sets = _choice(values, "dataset", "circle"), _choice(values, "regDataset", "reg-plane")
    noise = _number(values, "noise", 0.0)
    return Settings(
        activation=_choice(values, "activation", "tanh"),
        penalty=_choice(values, "regularization", "none"),
        penalty_rate=_number(values, "regularizationRate", 0.0, low=0.0),
        regression=regression,
        points=sets[regression],
        batch=_batch(values),
        rate=_rate(values),
        noise=max(0.0, noise) if noise <= MOST_NOISE else TOO_NOISY,
        share=_number(values, "percTrainData", 50.0, low=0.0, high=100.0),
        hidden=_sizes(values),
        seed=_seed(values) or NO_SEED,
        seeded=bool(_seed(values)),
        features=_features(values),
        zeros=_flag(values, "initZero", default=False),
        idle=tuple(name for name in values if _is_idle(values, name)),
    )


def _host(text: str) -> str:
    return re.split(r"[/?#:]", re.sub(r"^[a-z][a-z0-9+.-]*://", "", text.lower()))[0]


def _value(values: Mapping[str, str], name: str) -> str:
    """What a property says; nothing where it is missing or empty."""
    return unquote(values.get(name, "")).strip()


def _choice(values: Mapping[str, str], name: str, default: str) -> str:
    value, known = _value(values, name) or default, CHOICES[name]
    if value not in known:
        raise Damage(f"its {name} is “{short(value)}”; known are {', '.join(known)}")
    return value


def _number(values: Mapping[str, str], name: str, default: float, *, low: float = -1e9, high: float = 1e9) -> float:
    text = _value(values, name)
    number = float(text) if NUMBER.fullmatch(text) else default
    if (text and not NUMBER.fullmatch(text)) or not (isfinite(number) and low <= number <= high):
        limits = f"from {low:g}" + ("" if high == 1e9 else f" to {high:g}") if low == 0.0 else "that can be"
        raise Damage(f"its {name} is “{short(text)}”, not a number {limits}")
    return number


def _rate(values: Mapping[str, str]) -> float:
    rate = _number(values, "learningRate", 0.03)
    if rate <= 0:
        raise Damage(f"its learningRate is {rate:g}; nothing is learned but with one above 0")
    return rate


def _batch(values: Mapping[str, str]) -> int:
    batch = _number(values, "batchSize", 10.0)
    if batch < 1 or batch != int(batch):
        raise Damage(f"its batchSize is “{short(_value(values, 'batchSize'))}”, not a whole number from 1")
    return int(batch)


def _sizes(values: Mapping[str, str]) -> tuple[int, ...]:
    """The hidden layers; an empty list is none."""
    if "networkShape" not in values:
        return 4, 2
    text = _value(values, "networkShape")
    sizes = [size.strip() for size in text.split(",")] if text else []
    if len(sizes) > MOST_LAYERS:
        raise Damage(f"its networkShape has {len(sizes):,} hidden layers; up to {MOST_LAYERS} can be opened")
    if not all(re.fullmatch(r"0*[1-9][0-9]{0,8}", size) for size in sizes):
        raise Damage(f"its networkShape is “{short(text)}”, not whole numbers from 1 with commas between them")
    return tuple(map(int, sizes))


def _seed(values: Mapping[str, str]) -> str:
    """As the page finds it in the address: what may not stand there browsers write as %20."""
    seed = values.get("seed", "")
    return quote(seed, safe=SAFE, errors="replace") if seed.strip() else ""


def _features(values: Mapping[str, str]) -> tuple[str, ...]:
    """The inputs that are switched on; one that is hidden is none."""
    shown = [name for name in FEATURES if values.get(name + HIDDEN) != "true"]
    chosen = tuple(name for name in shown if _flag(values, name, default=name in FIRST_FEATURES))
    if not chosen:
        raise Damage(f"it has no inputs: one of {', '.join(FEATURES)} must be true")
    return chosen


def _flag(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = _value(values, name)
    if text not in ("", "true", "false"):
        raise Damage(f"its {name} is “{short(text)}”, neither true nor false")
    return default if not text else text == "true"


def _is_idle(values: Mapping[str, str], name: str) -> bool:
    """Whether nobody knows a property, or nobody heeds it: with the page's looks there is nothing to heed."""
    if name in WITHOUT_EFFECT:
        return _flag(values, name, default=False)
    return name not in KNOWN and not name.endswith(HIDDEN)


def short(text: str) -> str:
    """What a link says, for a sentence."""
    words = " ".join(text.encode("utf-8", "replace").decode().split())
    return words if len(words) <= 40 else f"{words[:39]}…"
