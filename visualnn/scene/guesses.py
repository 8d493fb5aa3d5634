"""What a network takes its input for: the strongest classes, each with how sure it is, and that in one sentence.

Shares are written in percent where they are shares: those of a softmax, which come to 1 together and are all that may
be called “sure”, and those of sigmoids, each of which speaks for itself. A single sigmoid that decides between two
classes gives p to the one and 1 − p to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from visualnn.nn.metrics import Score
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.formula import Part, Sentence, full, precise, value, words

MOST = 3  # guesses shown
SHARES = ("softmax", "sigmoid")
NUMERALS = tuple("0123456789")
VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Guess:
    """A class, how far its bar reaches, and that in words."""

    name: str
    share: float  # of the bar, 0 to 1
    text: str  # 93.7 %
    exact: str


def guesses(project: Project, output: Vector, most: int = MOST) -> tuple[Guess, ...]:
    """The strongest first. None where the outputs are no classes."""
    names, values = class_names(project), class_values(project, output)
    if len(names) != len(values):
        return ()
    order = np.argsort(-np.nan_to_num(values), kind="stable")[:most]
    shares = project.network.activations[-1] in SHARES
    return tuple(_guess(names[k], float(values[k]), shares=shares) for k in order)


def class_names(project: Project) -> tuple[str, ...]:
    """What the outputs stand for; () where they are no classes."""
    data = project.data
    if not data.classification:
        return ()
    if data.classes:
        return data.classes
    return ("class 0", "class 1") if project.network.outputs == 1 else project.names[-1]


def class_values(project: Project, output: Vector) -> Vector:
    """One number for each class: where a single sigmoid decides between two, p and 1 − p."""
    if project.network.outputs == 1 and project.network.activations[-1] == "sigmoid":
        return np.array([1.0 - output[0], output[0]])
    return output


def _guess(name: str, v: float, *, shares: bool) -> Guess:
    if shares and isfinite(v):
        return Guess(name, v, percent(v), full(v))
    return Guess(name, min(max(v, 0.0), 1.0) if isfinite(v) else 0.0, precise(v), full(v))


def percent(share: float) -> str:
    """With one decimal, and never 0 or 100 where it is not."""
    text = f"{100 * share:.1f} %"
    if share > 0 and text == "0.0 %":
        return "< 0.1 %"
    if share < 1 and text == "100.0 %":
        return "> 99.9 %"
    return text


def sentence(project: Project, output: Vector) -> Sentence:
    """What the network reads, and how sure it is."""
    found = guesses(project, output, 1)
    if not found or not np.isfinite(output).all():
        return (Part("The network’s answer is no number."),) if found else ()
    best, verb = found[0], "reads" if is_numerals(project) else "sees"
    name = Part(best.name, "accent")
    kind = project.network.activations[-1]
    if kind in SHARES:
        share = Part(best.text.replace("> ", "more than "), "text")
        sure = " sure" if kind == "softmax" else ""
        return words(f"The network {verb} {article(best.name)} {{}}: {{}}{sure}.", name, share)
    v = float(class_values(project, output).max())
    return words(f"The strongest answer is {article(best.name)} {{}}: {{}}.", name, value(v, precise(v)))


def article(name: str) -> str:
    """“an” before what is spoken with a vowel: an 8, an owl."""
    return "an" if name[:1].lower() in VOWELS or name[:1] == "8" or name in ("11", "18") else "a"


def is_numerals(project: Project) -> bool:
    """Whether the classes are digits."""
    return project.data.classes == NUMERALS


def right_words(project: Project, score: Score | None) -> tuple[str, str]:
    """How well it does on rows that it did not learn from, to be read on in bold; ("", "") if that is not known."""
    if score is None or score.right is None or not score.rows:
        return "", ""
    noun = "digit" if is_numerals(project) else "picture" if project.data.image else "row"
    rest = "" if score.rows == 1 else "s"
    return f"On {score.rows:,} unseen {noun}{rest}: ", f"{right_percent(score.right, score.rows)} right"


def right_percent(right: int, rows: int) -> str:
    """Rounded, but 100 % only if all are right and 0 % only if none is."""
    if right in (0, rows):
        return "100 %" if right else "0 %"
    return f"{min(max(100 * right / rows, 0.1), 99.9):.1f} %"


def truth(project: Project) -> str:
    """The class of the row on the stage as the data have it; "" if they do not know such a row."""
    answer, names = project.data.target_of(project.sample), class_names(project)
    if answer is None or not names or not np.isfinite(answer).all():
        return ""
    index = int(answer[0] > 0.5) if len(answer) == 1 else int(answer.argmax())
    return names[index] if index < len(names) else ""
