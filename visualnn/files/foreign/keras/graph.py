"""The layers of a Keras model in the order in which they are computed, models inside models laid out flat.

Read from its config.json, where nothing is trusted and nothing is executed: a class that is not Keras' own is named.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from visualnn.files.errors import Damage
from visualnn.files.fields import Fields

MOST_PARTS = 1000  # layers of all kinds
DEEPEST = 20  # models inside one another
MOST_QUOTED = 40  # letters of a name in a sentence
SEQUENTIAL, FUNCTIONAL, INPUT = "Sequential", "Functional", "InputLayer"
TENSOR = "__keras_tensor__"
OWN = re.compile(r"(tf_)?keras(\.[\w.]+)?")  # modules
HARMLESS = {"training": (None, False), "mask": (None,)}  # what a layer may be called with beside its input


@dataclass(frozen=True, eq=False)
class Part:
    """A layer; `feeds` are the places of those whose outputs it takes, `path` that of its group in the weights."""

    kind: str
    name: str
    config: Fields
    path: str
    feeds: tuple[int, ...]

    def __str__(self) -> str:
        return f"its layer “{short(self.name)}” ({short(self.kind)})"


@dataclass(eq=False)
class Graph:
    """The layers of a model, each after those that feed it; the last one gives the output."""

    parts: list[Part] = field(default_factory=list)

    @classmethod
    def of(cls, model: Fields) -> Graph:
        """That of a config. Raises `Damage` naming what is no part of a plain model."""
        graph = cls()
        end = graph._model(model, "", None, 0)
        if end != len(graph.parts) - 1:
            raise Damage(f"the output of its model is not that of {graph.parts[-1]}")
        return graph

    def _model(self, model: Fields, path: str, source: int | None, depth: int) -> int:
        """Lays out a model whose input is the part at `source`, and returns the place of its output."""
        kind = _own_class(model)
        if depth > DEEPEST:
            raise Damage(f"it has models inside one another, more than {DEEPEST} deep")
        layers = model.object("config").objects("layers")
        if len(layers) > MOST_PARTS:
            raise Damage(f"it has more than {MOST_PARTS:,} layers")
        names = _group_names(layers)
        paths = [f"{path}/layers/{name}".lstrip("/") for name in names]
        if kind == SEQUENTIAL:
            return self._row(layers, paths, source, depth)
        return self._net(model.object("config"), layers, paths, (source, depth))

    def _row(self, layers: list[Fields], paths: list[str], source: int | None, depth: int) -> int:
        """One layer after the other."""
        at = source
        for place, (layer, path) in enumerate(zip(layers, paths, strict=True)):
            is_input = place > 0 and layer.text("class_name") == INPUT  # a second one, which nothing feeds
            at = self._add(layer, path, () if at is None or is_input else (at,), depth)
        if at is None:
            raise Damage("it has no layers")
        return at

    def _net(self, config: Fields, layers: list[Fields], paths: list[str], inside: tuple[int | None, int]) -> int:
        """Layers that say which others feed them."""
        source, depth = inside
        places: dict[str, int] = {}
        for layer, path in zip(layers, paths, strict=True):
            name = layer.text("name")
            feeds = [_place(places, fed, name) for fed in _fed_by(layer, name)]
            if not feeds and source is not None:
                feeds = [source]
            places[name] = self._add(layer, path, tuple(feeds), depth)
        _only(config, "input_layers", "inputs")
        return _place(places, _only(config, "output_layers", "outputs"), "output")

    def _add(self, layer: Fields, path: str, feeds: tuple[int, ...], depth: int) -> int:
        """One part more, or the parts of a model inside; returns the place of the output."""
        kind = _own_class(layer)
        if kind in (SEQUENTIAL, FUNCTIONAL):
            if len(feeds) != 1:
                raise Damage(f"a model inside it ({kind}) has {len(feeds)} inputs")
            return self._model(layer, path, feeds[0], depth + 1)
        config = layer.object("config")
        if kind == INPUT and feeds:  # of a model inside: that which feeds it
            return feeds[0]
        if len(self.parts) == MOST_PARTS:
            raise Damage(f"it has more than {MOST_PARTS:,} layers")
        self.parts.append(Part(kind, config.text("name"), config, path, feeds))
        return len(self.parts) - 1


def short(text: str) -> str:
    """A name from a file, for a sentence."""
    words = " ".join(text.split())
    return words if len(words) <= MOST_QUOTED else f"{words[: MOST_QUOTED - 1]}…"


def snake(name: str) -> str:
    """``BatchNormalization`` as ``batch_normalization``: what Keras calls the group of a layer."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _own_class(fields: Fields) -> str:
    """The class of a layer or model. Raises `Damage` for one that somebody else has written."""
    kind, module = fields.text("class_name"), fields.values.get("module")
    named = fields.values.get("registered_name") in (None, kind)
    if not (named and isinstance(module, str) and OWN.fullmatch(module)):
        what = "model" if not fields.where else "layer"
        raise Damage(f"its {what} of the class “{short(kind)}” is not Keras’ own, and what it does is not in the file")
    return kind


def _group_names(layers: list[Fields]) -> list[str]:
    """What the groups of layers in the weights are called: by their classes, numbered."""
    counts: Counter[str] = Counter()
    names = []
    for layer in layers:
        name = snake(layer.text("class_name"))
        names.append(f"{name}_{counts[name]}" if counts[name] else name)
        counts[name] += 1
    return names


def _fed_by(layer: Fields, name: str) -> list[str]:
    """The names of the layers that feed one. Raises `Damage` for what is no plain call of it."""
    nodes, kind = layer.get("inbound_nodes"), layer.text("class_name")
    words = f"its layer “{short(name)}” ({short(kind)})"
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise Damage(f"{words} is wired as Keras did before version 3; load the model in Keras 3 and save it again")
    if len(nodes) > 1:
        raise Damage(f"{words} is used {len(nodes):,} times; a layer can be shown once")
    args, kwargs = ([], {}) if not nodes else (nodes[0].get("args"), nodes[0].get("kwargs"))
    if not isinstance(kwargs, dict) or any(value not in HARMLESS.get(key, ()) for key, value in kwargs.items()):
        raise Damage(f"{words} is called with more than its input")
    tensors = args[0] if isinstance(args, list) and len(args) == 1 and isinstance(args[0], list) else args
    sources = [_history(each) for each in tensors] if isinstance(tensors, list) else [None]
    if None in sources:
        raise Damage(f"{words} is called with more than the outputs of other layers")
    return [source for source in sources if source is not None]


def _history(tensor: Any) -> str | None:
    """The layer whose first and only output a tensor is."""
    if not isinstance(tensor, dict) or tensor.get("class_name") != TENSOR or not isinstance(tensor.get("config"), dict):
        return None
    return _origin(tensor["config"].get("keras_history"))


def _origin(history: Any) -> str | None:
    if not isinstance(history, list) or len(history) != 3 or not isinstance(history[0], str) or history[1:] != [0, 0]:
        return None
    return history[0]


def _only(config: Fields, key: str, what: str) -> str:
    """The one input or output of a model."""
    value = config.get(key)
    found = [value] if _origin(value) is not None else value
    if not isinstance(found, list) or len(found) != 1:
        count = f"{len(found):,} {what}" if isinstance(found, list | dict) else f"{what} that are unclear"
        raise Damage(f"its model has {count}; one can be shown")
    origin = _origin(found[0])
    if origin is None:
        raise config.wrong(key, "the first output of a layer")
    return origin


def _place(places: dict[str, int], name: str, where: str) -> int:
    if name not in places:
        raise Damage(f"in its model “{short(where)}” takes “{short(name)}”, which does not come before it")
    return places[name]
