"""``visualnn steps``: one whole update, number by number."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visualnn.cli.arguments import DOCUMENT, DOCUMENT_HELP, Parser, WrongUseError, number, opened, positive
from visualnn.cli.output import say, say_json

if TYPE_CHECKING:
    from visualnn.nn.network import Vector
    from visualnn.nn.options import Options
    from visualnn.nn.trace import Trace
    from visualnn.project import Project
    from visualnn.scene.sentences import Story
    from visualnn.scene.steps import StepRecord

MOST_STEPS = 500_000
RATE = 0.01  # of an optimizer that is not the document's
DESCRIPTION = """\
Follows one row through forward pass, loss, backward pass and update, and prints every number on the way.

The update is the first one of plain gradient descent, unless another optimizer is named."""
EXAMPLES = """\
examples:
  visualnn steps adder 2 2
  visualnn steps adder 2 2 --target 4 --rate 0.02
  visualnn steps adder 2 2 --target 4 --optimizer adam --json"""


def steps(name: str, arguments: list[str]) -> int:
    """``visualnn steps FILE|EXAMPLE|SHAPE [X...]``: one whole update, number by number."""
    options = _parser(name).parse_intermixed_args(arguments)
    project = opened(options.document)
    x = _row(options.inputs, project.sample, project.network.inputs, Path(options.document).name, "input")
    target = _target(options, project, x)
    story = _story(project, x, target, _training(project, options))
    if len(story.timeline) > MOST_STEPS:
        raise WrongUseError(f"{project.network} has {len(story.timeline):,} steps; at most {MOST_STEPS:,} are listed.")
    say_json(_told(story)) if options.json else _say(story)
    return 0


def _parser(name: str) -> Parser:
    from visualnn.nn.functions import LOSSES
    from visualnn.nn.optimizers import OPTIMIZERS

    parser = Parser(name, DESCRIPTION, EXAMPLES)
    parser.add_argument("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    parser.add_argument("inputs", nargs="*", metavar="X", help="a number for each input (default: the document’s row)")
    parser.add_argument("--target", nargs="+", metavar="Y", help="what the outputs should be (default: as in the data)")
    parser.add_argument("--rate", type=positive, metavar="R", help="learning rate (default: the document’s, or 0.01)")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, metavar="NAME", default="sgd", help="default: sgd")
    parser.add_argument("--loss", choices=LOSSES, metavar="NAME", help="default: the document’s")
    parser.add_argument("--json", action="store_true", help="print steps and layers as one object")
    return parser


def _row(typed: list[str], shown: Vector, wanted: int, document: str, what: str) -> Vector:
    """The numbers that were typed, or those of the document."""
    import numpy as np

    if not typed:
        return shown
    numbers = [number(text, f"{'an' if what == 'input' else 'a'} {what}") for text in typed]
    if len(numbers) != wanted:
        raise WrongUseError(f"{document} takes {wanted} {what}{'s' * (wanted != 1)}, not {len(numbers)}.")
    return np.array(numbers)


def _target(options: argparse.Namespace, project: Project, x: Vector) -> Vector:
    import numpy as np

    known = project.answer if x is project.sample else project.data.target_of(x)
    if options.target is None and known is None:
        raise WrongUseError("these inputs are not in the data: say with --target what the answer should be.")
    wanted, document = project.network.outputs, Path(options.document).name
    return _row(options.target or [], known if known is not None else np.empty(0), wanted, document, "target")


def _training(project: Project, typed: argparse.Namespace) -> Options:
    """The document's options with what was typed in their place. Raises `WrongUseError` for a loss that cannot be."""
    from visualnn.nn.functions import losses_for

    own = project.options.optimizer
    rule = own if typed.optimizer == own.name else replace(own, rate=RATE).renamed(typed.optimizer)
    if typed.rate is not None:
        rule = replace(rule, rate=typed.rate)
    loss = typed.loss or project.options.loss
    fitting = losses_for(project.network.activations[-1])
    if loss not in fitting:
        raise WrongUseError(
            f"the loss “{loss}” does not fit the output activation “{project.network.activations[-1]}”; "
            f"use {' or '.join(fitting)}."
        )
    return replace(project.options, optimizer=rule, loss=loss)


def _story(project: Project, x: Vector, target: Vector, options: Options) -> Story:
    from visualnn.nn.trace import trace
    from visualnn.scene.sentences import story_of

    made = trace(project.network, project.parameters, x, target=target, options=options, mask=project.mask)
    return story_of(project, made)


def _say(story: Story) -> None:
    from visualnn.scene.formula import plain
    from visualnn.scene.steps import records

    trace, phase = story.trace, ""
    for record in records(story):
        if record.phase != phase:
            phase = record.phase
            say(phase)
        say(f"{record.number:>7}  {plain(record.formula):44} {plain(record.sentence)}")
    say(f"output {' '.join(map(repr, trace.output.tolist()))}")
    say(f"loss {trace.loss!r}, after the update {trace.loss_after!r}")


def _told(story: Story) -> dict[str, Any]:
    from visualnn.scene.steps import records

    trace = story.trace
    return {
        "steps": [_step(record) for record in records(story)],
        "layers": _layers(trace),
        "output": trace.output.tolist(),
        "loss": trace.loss,
        "loss_after": trace.loss_after,
    }


def _step(record: StepRecord) -> dict[str, Any]:
    from visualnn.scene.formula import plain

    place = record.place
    where = {"kind": place.kind, "column": place.column, "neuron": place.neuron, "source": place.source}
    told = {
        "index": record.number,
        "phase": record.phase,
        "kind": record.kind,
        "place": {**where, "name": record.name},
        "value": record.value,
        "formula": plain(record.formula),
        "sentence": plain(record.sentence),
    }
    return told if record.before is None else {**told, "before": record.before}


def _layers(trace: Trace) -> list[dict[str, Any]]:
    """Per layer its weights (inputs × outputs) and biases (outputs): before, slopes, after; no 0 is negative."""
    assert trace.gradient is not None
    assert trace.updated is not None
    flats = {"before": trace.parameters, "gradient": trace.gradient, "after": trace.updated}
    views = {when: trace.network.views(flat) for when, flat in flats.items()}
    return [
        {
            "weights": {when: (view[layer].w + 0.0).tolist() for when, view in views.items()},
            "biases": {when: (view[layer].b + 0.0).tolist() for when, view in views.items()},
        }
        for layer in range(len(trace.layers))
    ]
