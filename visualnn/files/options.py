"""The shape of a network and how to train it, as plain JSON values, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from visualnn.files.errors import Damage
from visualnn.files.fields import Fields
from visualnn.nn.network import MAX_LAYERS, Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule

MAX_UPDATES = 10**12  # of a schedule
CONSTANTS = ("rate", "momentum", "beta1", "beta2", "eps", "rho", "weight_decay")  # of an optimizer


def network_values(network: Network) -> dict[str, Any]:
    """The JSON values of a network's shape."""
    layers = [asdict(layer) for layer in network.layers]
    return {"inputs": network.inputs, "layers": layers, "shortcut": network.shortcut}


def options_values(options: Options) -> dict[str, Any]:
    """The JSON values of training options."""
    return asdict(options)


def network_of(fields: Fields) -> Network:
    """The network. Raises `VisualNNError` for what cannot be one."""
    layers = fields.objects("layers")
    if len(layers) > MAX_LAYERS:
        raise Damage(f"its network has {len(layers):,} layers; the limit is {MAX_LAYERS:,}")
    return Network(
        fields.whole("inputs", 1),
        tuple(Layer(layer.whole("units", 1), layer.text("activation")) for layer in layers),
        fields.whole("shortcut", 0, MAX_LAYERS),
    )


def options_of(fields: Fields) -> Options:
    """The options. Raises `VisualNNError` for values that cannot train."""
    rule = fields.object("optimizer")
    constants = {key: rule.number(key) for key in CONSTANTS}
    return Options(
        optimizer=Optimizer(rule.text("name"), **constants),
        loss=fields.text("loss"),
        batch_size=fields.whole_or_none("batch_size", 1),
        initializer=fields.text("initializer"),
        seed=fields.whole("seed"),
        goal=fields.number_or_none("goal"),
        initializer_scale=fields.number("initializer_scale"),
        schedule=_schedule(fields.object("schedule")),
        l1=fields.number("l1"),
        l2=fields.number("l2"),
        dropout=fields.number("dropout"),
        clip_value=fields.number_or_none("clip_value"),
        clip_norm=fields.number_or_none("clip_norm"),
        precision=fields.text("precision"),
        epochs=fields.whole_or_none("epochs", 1),
        patience=fields.whole_or_none("patience", 1),
    )


def _schedule(fields: Fields) -> Schedule:
    return Schedule(
        name=fields.text("name"),
        period=fields.whole("period", 1, MAX_UPDATES),
        gamma=fields.number("gamma"),
        warmup=fields.whole("warmup", 0, MAX_UPDATES),
        patience=fields.whole("patience", 0, MAX_UPDATES),
        floor=fields.number("floor"),
    )
