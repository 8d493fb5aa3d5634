"""The data of a project as plain JSON values and arrays, and back.

A built-in set is kept by its recipe, all others row by row::

    {"source": "recipe", "recipe": "spirals", "rows": null, "noise": 0.1, "seed": 0, "test_share": 0.3, "scaled": false}
    {"source": "inline", "name": …, "rows": 81, "tests": 20, "input_names": […], "output_names": […],
     "classification": …, "rule": …, "image": [8, 8] or null, "classes": […], "texts": […],
     "scaling": null or {"mean": […], "spread": […], "target_mean": […], "target_spread": […]}

with the arrays ``inputs`` (rows, inputs) and ``targets`` (rows, outputs), and where rows are held back ``test_inputs``
(tests, inputs) and ``test_targets`` (tests, outputs). Data that stand in the file already are named by their place::

    {"source": "same", "as": "data"}
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from visualnn.files.arrays import Numbers, Shapes, same_bits
from visualnn.files.errors import Damage
from visualnn.files.fields import Fields, are_whole
from visualnn.nn.dataset import NONE, RULES, Dataset, Recipe
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.recipes import SOURCES, made
from visualnn.nn.scaling import Scaling

MAX_VALUES = 200_000_000  # numbers in a data set
SCALING = ("mean", "spread", "target_mean", "target_spread")

NOWHERE: Mapping[str, Dataset] = MappingProxyType({})


class DataPlace(NamedTuple):
    """Where data stand in a file: their values, what the names of their arrays begin with, and what is known so far."""

    fields: Fields
    where: str
    ends: tuple[int, int]  # inputs and outputs
    rows: int  # to learn from
    shapes: Shapes  # of their arrays


def recipe_of(data: Dataset) -> Recipe | None:
    """The recipe that makes exactly this data set, if one does."""
    if data.name not in SOURCES:
        return None
    recipe = data.recipe or SOURCES[data.name].recipe
    try:
        again = made(recipe)
    except VisualNNError:
        return None
    return recipe if data is again or _are_same(data, again) else None


def data_values(data: Dataset, known: Mapping[str, Dataset] = NOWHERE) -> dict[str, Any]:
    """The JSON values of a data set, where others are `known` by their places."""
    for place, other in known.items():
        if data is other or (_are_same(data, other) and data.recipe == other.recipe):
            return {"source": "same", "as": place}
    recipe = recipe_of(data)
    if recipe is not None:
        return _recipe_values(recipe)
    return {
        "source": "inline",
        "name": data.name,
        "rows": data.rows,
        "tests": data.tests,
        "input_names": list(data.input_names),
        "output_names": list(data.output_names),
        "classification": data.classification,
        "rule": data.rule,
        "image": None if data.image is None else list(data.image),
        "classes": list(data.classes),
        "texts": list(data.texts),
        "scaling": None if data.scaling is None else {key: getattr(data.scaling, key).tolist() for key in SCALING},
    }


def data_arrays(data: Dataset, values: Mapping[str, Any]) -> dict[str, Matrix]:
    """The arrays that complete the values."""
    if values["source"] != "inline":
        return {}
    held = {"test_inputs": data.test_inputs, "test_targets": data.test_targets} if data.tests else {}
    return {"inputs": data.inputs, "targets": data.targets, **held}


def data_place(data: Fields, network: Network, known: dict[str, DataPlace]) -> DataPlace:
    """The data that values tell of, which are from now on `known`. Raises `VisualNNError` for what cannot be data."""
    if data.text("source") == "same":
        place = known.get(data.text("as"))
        if place is None:
            raise data.wrong("as", "the place of data that stand before them")
        if place.ends != (network.inputs, network.outputs):
            raise Damage(f"its “{data.where[:-1]}” do not fit the network {network}")
        return place._replace(shapes={})
    place = DataPlace(data, data.where.removesuffix("data."), *_rows_and_shapes(data, network))
    known[data.where.removesuffix(".")] = place
    return place


def dataset(place: DataPlace, numbers: Numbers, made_before: dict[str, Dataset]) -> Dataset:
    """The data set of the values and the arrays; the same one for the same place."""
    if place.where not in made_before:
        made_before[place.where] = _dataset(place, numbers)
    return made_before[place.where]


def _rows_and_shapes(data: Fields, network: Network) -> tuple[tuple[int, int], int, Shapes]:
    ends = network.inputs, network.outputs
    match data.text("source"):
        case "inline":
            return ends, data.whole("rows", 1), _inline_shapes(data, network)
        case "recipe":
            recipe = _recipe(data)
            SOURCES[recipe.name].checked(recipe)
            return ends, made(recipe).rows, {}
        case source:
            raise Damage(f"its data come from “{source}”, which this program does not know")


def _dataset(place: DataPlace, numbers: Numbers) -> Dataset:
    data, where = place.fields, place.where
    if data.text("source") == "recipe":
        return made(_recipe(data))
    tests = data.whole("tests")
    return Dataset(
        name=data.text("name"),
        inputs=numbers.finite(where + "inputs"),
        targets=numbers.finite(where + "targets"),
        input_names=data.texts("input_names"),
        classification=data.flag("classification"),
        rule=None if data.get("rule") is None else data.text("rule"),
        image=_image(data),
        classes=data.texts("classes"),
        test_inputs=numbers.finite(where + "test_inputs") if tests else NONE,
        test_targets=numbers.finite(where + "test_targets") if tests else NONE,
        output_names=data.texts("output_names"),
        scaling=_scaling(data),
        texts=data.texts("texts"),
    )


def _are_same(data: Dataset, other: Dataset) -> bool:
    """Whether two data sets hold the same words and numbers, whatever made them."""
    pairs = zip(_arrays(data), _arrays(other), strict=False)
    return _words(data) == _words(other) and all(same_bits(*pair) for pair in pairs)


def _words(data: Dataset) -> tuple[object, ...]:
    names = data.name, data.input_names, data.output_names, data.classes, data.texts
    return *names, data.classification, data.rule, data.image, data.scaling is None


def _arrays(data: Dataset) -> tuple[Matrix, ...]:
    scaling = () if data.scaling is None else data.scaling.arrays
    return data.inputs, data.targets, data.test_inputs, data.test_targets, *scaling


def _recipe_values(recipe: Recipe) -> dict[str, Any]:
    return {
        "source": "recipe",
        "recipe": recipe.name,
        "rows": recipe.rows,
        "noise": None if recipe.noise is None else float(recipe.noise),
        "seed": recipe.seed,
        "test_share": float(recipe.test_share),
        "scaled": recipe.scaled,
    }


def _recipe(data: Fields) -> Recipe:
    name = data.text("recipe")
    if name not in SOURCES:
        raise Damage(f"its data are made by “{name}”, which this program does not know")
    rows, noise = data.whole_or_none("rows"), data.number_or_none("noise")
    return Recipe(name, rows, noise, data.whole("seed"), data.number("test_share"), data.flag("scaled"))


def _inline_shapes(data: Fields, network: Network) -> Shapes:
    rows, tests = data.whole("rows", 1), data.whole("tests")
    if (rows + tests) * (network.inputs + network.outputs) > MAX_VALUES:
        raise Damage(f"its data hold more than {MAX_VALUES:,} numbers")
    _check_names(data, network)
    if data.get("rule") is not None:
        _check_rule(data.text("rule"), network)
    _check_image(data, network)
    texts = len(data.texts("texts"))
    if texts not in (0, rows + tests):
        raise Damage(f"its data have {texts:,} texts for {rows + tests:,} rows")
    for key, size in zip(SCALING, (network.inputs, network.inputs, network.outputs, network.outputs), strict=True):
        _check_scaling(data, key, size)
    shapes: Shapes = {"inputs": (rows, network.inputs), "targets": (rows, network.outputs)}
    held: Shapes = {"test_inputs": (tests, network.inputs), "test_targets": (tests, network.outputs)}
    found = shapes | held if tests else shapes
    return {data.where.removesuffix("data.") + name: shape for name, shape in found.items()}


def _check_names(data: Fields, network: Network) -> None:
    names, answers, classes = (len(data.texts(key)) for key in ("input_names", "output_names", "classes"))
    if names != network.inputs:
        raise Damage(f"its data name {names} inputs; the network has {network.inputs}")
    if answers not in (0, network.outputs):
        raise Damage(f"its data name {answers} outputs; the network has {network.outputs}")
    if classes not in (0, network.outputs) and (classes, network.outputs) != (2, 1):
        raise Damage(f"its data name {classes} classes; the network has {network.outputs} outputs")


def _check_rule(rule: str, network: Network) -> None:
    if rule not in RULES:
        raise Damage(f"its data follow the rule “{rule}”, which this program does not know")
    if RULES[rule](np.zeros((1, network.inputs))).shape != (1, network.outputs):
        raise Damage(f"its data follow the rule “{rule}”, which does not fit the network {network}")


def _check_image(data: Fields, network: Network) -> None:
    image = _image(data)
    if image is not None and image[0] * image[1] != network.inputs:
        raise Damage(f"its pictures have {image[0]}×{image[1]} pixels; the network has {network.inputs} inputs")


def _image(data: Fields) -> tuple[int, int] | None:
    image = data.get("image")
    if image is None:
        return None
    if not are_whole(image, 2) or min(image) < 1:
        raise data.wrong("image", "two whole numbers from 1")
    return image[0], image[1]


def _check_scaling(data: Fields, key: str, size: int) -> None:
    if data.get("scaling") is None:
        return
    scaling = data.object("scaling")
    values = scaling.numbers(key)
    if len(values) != size or ("spread" in key and min(values) <= 0):
        raise scaling.wrong(key, f"{size} numbers" + (" above 0" if "spread" in key else ""))


def _scaling(data: Fields) -> Scaling | None:
    if data.get("scaling") is None:
        return None
    scaling = data.object("scaling")
    mean, spread, target_mean, target_spread = (_vector(scaling.numbers(key)) for key in SCALING)
    return Scaling(mean, spread, target_mean, target_spread)


def _vector(values: list[float]) -> Vector:
    return np.array(values, dtype=np.float64)
