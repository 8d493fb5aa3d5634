"""What Keras' activations are called here, with the numbers in them, which are not always ours."""

from __future__ import annotations

from typing import Any

from visualnn.files.errors import Damage
from visualnn.files.fields import Fields, finite
from visualnn.files.foreign.keras.graph import OWN, Part, short
from visualnn.nn.functions import HIDDEN_ACTIVATIONS, LEAK

NAMES = {  # as strings; Keras has more names for some than we have
    **{name: name for name in (*HIDDEN_ACTIVATIONS, "softmax") if name != "leaky_relu"},
    "swish": "silu",
    "hard_swish": "hard_silu",
}
LAYERS = ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax")
SLOPE_OF_NAME, SLOPE_OF_LAYER = 0.2, 0.3  # of Keras' leaky ReLU where nothing else is said


def of_dense(part: Part) -> str:
    """The activation of a Dense layer."""
    return _named(part, part.config.values.get("activation"))


def of_layer(part: Part) -> str:
    """The activation that a layer of its own is."""
    if part.kind == "Activation":
        return _named(part, part.config.get("activation"))
    return _layered(part, part.kind, part.config)


def _named(part: Part, value: Any) -> str:
    """An activation by its name, or one that is a layer itself."""
    if value is None:
        return "linear"
    if isinstance(value, dict):
        return _object(part, Fields(value, part.config.where))
    if value == "leaky_relu":
        raise _other_slope(part, SLOPE_OF_NAME)
    if not isinstance(value, str) or value not in NAMES:
        raise Damage(f"{part} has the activation “{short(str(value))}”, which this program does not have")
    return NAMES[value]


def _object(part: Part, fields: Fields) -> str:
    kind, module = fields.text("class_name"), fields.values.get("module")
    if kind in LAYERS and kind != "Activation" and isinstance(module, str) and OWN.fullmatch(module):
        return _layered(part, kind, fields.object("config"))
    said = fields.values.get("config") if kind == "function" else kind
    raise Damage(f"{part} has the activation “{short(str(said))}”, whose program the file does not hold")


def _layered(part: Part, kind: str, config: Fields) -> str:
    match kind:
        case "ReLU":
            return _relu(part, config)
        case "LeakyReLU":
            return _leaky(part, _amount(config, "negative_slope", _amount(config, "alpha", SLOPE_OF_LAYER)))
        case "ELU":
            return _only(part, config, "alpha", 1.0, "elu")
        case _:
            axis = config.values.get("axis", -1)
            if axis not in (-1, 1):
                raise Damage(f"{part} has the axis {short(str(axis))}; only that of all outputs can be shown")
            return "softmax"


def _relu(part: Part, config: Fields) -> str:
    if config.values.get("max_value") is not None:
        raise Damage(f"{part} has a greatest value of {_amount(config, 'max_value', 0.0):g}; ReLU has none here")
    _only(part, config, "threshold", 0.0, "relu")
    return _leaky(part, _amount(config, "negative_slope", 0.0))


def _leaky(part: Part, slope: float) -> str:
    if slope == 0:
        return "relu"
    if abs(slope - LEAK) > 1e-9:  # the number of 32 bits that is nearest to ours is as good
        raise _other_slope(part, slope)
    return "leaky_relu"


def _other_slope(part: Part, slope: float) -> Damage:
    return Damage(f"{part} is a leaky ReLU with a slope of {slope:g} below 0; here it is {LEAK:g}")


def _only(part: Part, config: Fields, key: str, value: float, name: str) -> str:
    """Our name for it, if a number in it is as it is here."""
    given = _amount(config, key, value)
    if given != value:
        raise Damage(f"{part} has {key} = {given:g}; here it is {value:g}")
    return name


def _amount(config: Fields, key: str, default: float) -> float:
    value = config.values.get(key)
    if value is None:
        return default
    number = finite(value)
    if number is None:
        raise config.wrong(key, "a number")
    return number
