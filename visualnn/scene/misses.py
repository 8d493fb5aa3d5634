"""How far an answer is off, and how the loss comes from that, in plain words."""

from __future__ import annotations

from visualnn.nn.functions import HUBER_DELTA
from visualnn.nn.trace import Trace
from visualnn.scene.formula import Part, Sentence, precise, short, value, words


def loss_sentence(trace: Trace, output: int | None) -> Sentence:
    """How far one output is off; with None what the loss is."""
    assert trace.target is not None
    assert trace.loss is not None
    if output is not None:
        target, out = float(trace.target[output]), float(trace.output[output])
        if trace.loss_name == "hinge":
            return _side(target, out)
        return words(
            "It should be {}. It misses by {}.",
            value(target, short(target)),
            value(out - target, precise(out - target)),
        )
    loss = value(trace.loss, precise(trace.loss))
    single = trace.target.size == 1
    near = all(abs(a - y) <= HUBER_DELTA for a, y in zip(trace.output.tolist(), trace.target.tolist(), strict=True))
    return words(_loss_words(trace.loss_name, single=single, near=near), loss)


def _loss_words(name: str, *, single: bool, near: bool) -> str:
    """How the loss comes from the misses; `near` if none of them is larger than 1."""
    match name:
        case "mse":
            return "Squared, the loss is {}." if single else "The mean square is the loss: {}."
        case "mae":
            return "Without its sign, this is the loss: {}." if single else "The mean miss is the loss: {}."
        case "huber" if near:
            return "Half its square is the loss: {}." if single else "Half the mean square is the loss: {}."
        case "huber":
            return (
                "It misses by more than 1, so the loss is that less one half: {}."
                if single
                else "Half the square of small misses, large ones less one half: the mean is the loss, {}."
            )
        case "hinge":
            return "What is missing is the loss: {}." if single else "The mean of what is missing is the loss: {}."
    return "The cross-entropy of this answer is the loss: {}."


def _side(target: float, out: float) -> Sentence:
    """On which side of what the output should be for the hinge loss, which takes the classes 0 and 1 for ∓1."""
    side = 2.0 * target - 1.0
    if side not in (-1.0, 1.0):
        return words("Its class counts as {}.", value(side, short(side)))
    wanted = words(f"It should be at {'least' if side > 0 else 'most'} {{}}", value(side, short(side)))
    missing = 1.0 - side * out
    if missing <= 0:
        return (*wanted, Part(", and it is."))
    return (*wanted, *words(". It misses that by {}.", value(missing, precise(missing))))
