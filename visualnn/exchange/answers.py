"""How a predict.py says what the network answers: numbers, or where the data have classes first the class.

A name of a class is a text in the program and nothing else, on one line.
"""

from __future__ import annotations

from visualnn.exchange.rows import short
from visualnn.nn.metrics import decision
from visualnn.project import Project
from visualnn.scene.guesses import SHARES, class_names

WIDE = 100  # letters of a line
NUMBERS = """\
    for said in {answers}.tolist():
        print(*said)"""
CLASSES = """\
    right = [] if numbers else [class_of(y)[0] for y in data.y[:SHOWN].tolist()]
    for row, said in enumerate({answers}.tolist()):
        name, share = class_of(said)
        note = f"  right: {{right[row]}}" if right else ""
        print(f"{{name}}{share}{{note}} ", *said)"""
SEVERAL = '''\
def class_of(outputs):
    """The class that is the largest output, and that output."""
    k = max(range(len(outputs)), key=outputs.__getitem__)
    return CLASSES[k], outputs[k]
'''
SINGLE = '''\
def class_of(outputs):
    """One of two classes, and {what}."""
    k = int(outputs[0] > {threshold})
    return CLASSES[k], {share}
'''


def classes(project: Project) -> str:
    """The lines before `main`: what the classes are called, and which one outputs name; "" where there are none."""
    if not project.data.classification:
        return ""
    return f"{_listed(_names(project))}\n\n\n{_class_of(project)}"


def told(project: Project, answers: str) -> str:
    """The lines that print what is said about rows; `answers` is an array of it, as Python."""
    if not project.data.classification:
        return NUMBERS.format(answers=answers)
    share = "  ({share:.4f})" if project.network.activations[-1] in SHARES else ""
    return CLASSES.format(answers=answers, share=share)


def _class_of(project: Project) -> str:
    if project.network.outputs > 1:
        return SEVERAL
    is_share, threshold = project.network.activations[-1] in SHARES, decision(project.options.loss)
    what, share = ("its share", "outputs[0] if k else 1 - outputs[0]") if is_share else ("the output", "outputs[0]")
    return SINGLE.format(what=what, share=share, threshold=threshold)


def _names(project: Project) -> list[str]:
    """One for each class."""
    count = max(2, project.network.outputs)
    known = class_names(project)
    found = known if len(known) == count else ("",) * count
    return [short(name) or f"class {k}" for k, name in enumerate(found)]


def _listed(names: list[str]) -> str:
    """On one line, or a line each."""
    line = f"CLASSES = {names!r}"
    return line if len(line) <= WIDE else "\n".join(["CLASSES = [", *(f"    {name!r}," for name in names), "]"])
