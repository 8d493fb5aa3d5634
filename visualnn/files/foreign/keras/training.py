"""How a Keras model was to be trained, as far as that can be said here; what cannot is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from visualnn.files.fields import finite
from visualnn.files.foreign.keras.chain import Chain
from visualnn.files.foreign.keras.graph import short, snake
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import losses_for
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options

Values = Mapping[str, Any]

OPTIMIZERS = {  # by their classes: our name, and the constants that Keras has where nothing else is said
    "SGD": ("sgd", {"rate": 0.01, "momentum": 0.0}),
    "RMSprop": ("rmsprop", {"rho": 0.9}),
    "Adagrad": ("adagrad", {}),
    "Adam": ("adam", {}),
    "AdamW": ("adamw", {"weight_decay": 0.004}),
    "Nadam": ("nadam", {}),
    "Lion": ("lion", {"beta2": 0.99}),
}
FIRST = {"rate": 0.001, "eps": 1e-7}  # of all others
CONSTANTS = {
    "learning_rate": "rate",
    "momentum": "momentum",
    "beta_1": "beta1",
    "beta_2": "beta2",
    "epsilon": "eps",
    "rho": "rho",
    "weight_decay": "weight_decay",
}
USUAL: dict[str, tuple[Any, ...]] = {  # what we have nothing for, unless it is as here
    "amsgrad": (None, False),
    "centered": (None, False),
    "use_ema": (None, False),
    "clipnorm": (None,),
    "gradient_accumulation_steps": (None, 1),
    "initial_accumulator_value": (None, 0.0),
    "from_logits": (None, False),
    "label_smoothing": (None, 0.0),
    "delta": (None, 1.0),  # of Huber's loss
}
LOSSES = {
    "mse": "mse",
    "mean_squared_error": "mse",
    "mae": "mae",
    "mean_absolute_error": "mae",
    "huber": "huber",
    "hinge": "hinge",
    "binary_crossentropy": "binary_cross_entropy",
    "categorical_crossentropy": "cross_entropy",
    "sparse_categorical_crossentropy": "cross_entropy",
}


def training(compiled: Any, chain: Chain, options: Options) -> tuple[Options, list[str]]:
    """The options that a model was compiled with, else those given; and what is to be said about it."""
    notes = _left_out(chain)
    options = replace(options, dropout=_dropout(chain), **_penalties(chain))
    if not isinstance(compiled, dict) or not compiled.get("optimizer"):
        return options, [*notes, "The file does not say how it was trained."]
    (kind, config), (name, loss) = _object(compiled["optimizer"]), _object(_one(compiled.get("loss")))
    try:
        options = replace(options, **_optimizer(kind, config))
        notes.append(f"Training goes on with {kind}, rate {options.optimizer.rate:g}, but without what it remembered.")
    except VisualNNError:
        notes.append(f"Its optimizer ({short(kind)}) is not one of those here.")
    ours = LOSSES.get(snake(name))
    if ours in losses_for(chain.columns[-1].activation):
        options = replace(options, loss=ours)
    else:
        notes.append(f"Its loss ({short(name) or 'none'}) is not one of those for this output.")
    return options, notes + _strange(config, loss)


def _object(value: Any) -> tuple[str, Values]:
    """Class and constants of something that Keras has written down."""
    if isinstance(value, dict):
        config = value.get("config")
        return str(value.get("class_name", "")), config if isinstance(config, dict) else {}
    name = value if isinstance(value, str) else ""
    return next((kind for kind in OPTIMIZERS if kind.lower() == name.lower()), name), {}


def _one(value: Any) -> Any:
    """The loss of the one output, however it is said."""
    if isinstance(value, dict) and "class_name" not in value and len(value) == 1:
        return next(iter(value.values()))
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _optimizer(kind: str, config: Values) -> dict[str, Any]:
    """Optimizer and clipping. Raises `VisualNNError` for one that we do not have."""
    if kind not in OPTIMIZERS:
        raise VisualNNError("unknown")
    name, constants = OPTIMIZERS[kind]
    given = {ours: _plain(config.get(key)) for key, ours in CONSTANTS.items()}
    values = FIRST | constants | {ours: value for ours, value in given.items() if value is not None}
    if name == "sgd" and values["momentum"]:
        name = "nesterov" if config.get("nesterov") is True else "momentum"
    clips = {"clip_norm": _plain(config.get("global_clipnorm")), "clip_value": _plain(config.get("clipvalue"))}
    return {"optimizer": Optimizer(name, **values), **{key: value for key, value in clips.items() if value}}


def _plain(value: Any) -> float | None:
    """A number as it was typed: what Keras keeps is the nearest of 32 bits. Of a schedule where it begins."""
    if isinstance(value, dict) and isinstance(value.get("config"), dict):
        value = value["config"].get("initial_learning_rate")
    number = finite(value)
    if number is None or abs(number) > 1e30:
        return None
    return float(str(np.float32(number))) if float(np.float32(number)) == number else number


def _strange(config: Values, loss: Values) -> list[str]:
    """What optimizer and loss do there beyond what they do here."""
    keys = [key for key, usual in USUAL.items() if config.get(key) not in usual or loss.get(key) not in usual]
    if isinstance(config.get("learning_rate"), dict):
        keys.append(f"its schedule ({short(_object(config['learning_rate'])[0])})")
    return [f"Not taken over: {', '.join(keys)}."] if keys else []


def _left_out(chain: Chain) -> list[str]:
    """Layers that only act while it learns, and those that are part of the weights now."""
    scales = [scale.part for column in chain.columns for scale in (*column.before, *column.after)]
    notes = []
    if scales:
        names = ", ".join(f"“{short(part.name)}” ({part.kind})" for part in scales[:8])
        notes.append(f"Part of the weights now: {names}{' and more' if len(scales) > 8 else ''}.")
    idle = ", ".join(f"“{short(part.name)}” ({part.kind})" for part in chain.idle[:8])
    if idle:
        notes.append(f"Left out, for they only act in training: {idle}{' and more' if len(chain.idle) > 8 else ''}.")
    if chain.dropouts and not _dropout(chain):
        notes.append("Its Dropout layers are left out: here all hidden layers have the same, and nothing else has.")
    return notes


def _dropout(chain: Chain) -> float:
    """Ours is for all hidden layers alike; 0 where that is not what the model has."""
    places, rates = [place for place, _ in chain.dropouts], {rate for _, rate in chain.dropouts}
    return rates.pop() if places == list(range(1, len(chain.columns))) and len(rates) == 1 else 0.0


def _penalties(chain: Chain) -> dict[str, Any]:
    """L1 and L2 that all kernels share."""
    found = {_penalty(column.part.config.values.get("kernel_regularizer")) for column in chain.columns}
    l1, l2 = found.pop() if len(found) == 1 else (0.0, 0.0)
    return {"l1": l1, "l2": l2}


def _penalty(value: Any) -> tuple[float, float]:
    kind, config = _object(value)
    if kind not in ("L1", "L2", "L1L2"):
        return 0.0, 0.0
    l1, l2 = (max(_plain(config.get(key)) or 0.0, 0.0) for key in ("l1", "l2"))
    return l1, l2
