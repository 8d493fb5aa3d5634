"""Whether what a model adds of earlier results is a network's shortcut, which follows a rule (see `Network`)."""

from __future__ import annotations

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.layers import Chain
from visualnn.nn.network import Layer, Network

RULE = "a shortcut over k layers lands on every k-th hidden layer after the first that is as wide as where it began"


def shortcut_of(found: Chain) -> int:
    """How many layers the shortcuts skip, 0 without any. Raises `Damage` where they do not follow the rule."""
    if not found.skips:
        return 0
    last = len(found.layers)
    places = {name: last - place for place, name in enumerate(found.columns)}  # columns count from the input, 0
    sources = {last - place: (places.get(skip.source), skip.step) for place, skip in found.skips.items()}
    first = min(sources)
    k = first - (sources[first][0] or first)
    rule = _landing(found, k)
    for column, (source, step) in sources.items():
        if not source or rule.get(column) != source:
            raise Damage(f"{step} adds earlier results where no shortcut can: here {RULE}")
    missing = sorted(rule.keys() - sources.keys())
    if missing:
        raise Damage(f"it has shortcuts over {k} layers, but none on its layer {missing[0]}: here {RULE}")
    return k


def _landing(found: Chain, k: int) -> dict[int, int]:
    """For each column on which a shortcut over k layers would land the one where it begins."""
    if k <= 0:
        return {}
    layers = tuple(Layer(w.shape[1]) for w, _, _ in reversed(found.layers))
    shortcuts = Network(found.layers[-1][0].shape[0], layers, k).shortcuts
    return {column: source for column, source in enumerate(shortcuts) if source is not None}
