"""``visualnn predict`` and ``visualnn examples``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from visualnn.cli.arguments import DOCUMENT, DOCUMENT_HELP, Parser, WrongUseError, number, opened
from visualnn.cli.output import say, say_json

if TYPE_CHECKING:
    from visualnn.project import Project

PREDICT_EXAMPLES = """\
examples:
  visualnn predict adder 2 2
  visualnn predict adder -1 -.5e3
  visualnn predict mine.vnn 0.3 0.7 --json"""


def predict(name: str, arguments: list[str]) -> int:
    """``visualnn predict FILE|EXAMPLE|SHAPE X...``: what the network answers."""
    parser = Parser(name, "Prints what a network answers, one output a line, with all digits.", PREDICT_EXAMPLES)
    parser.add_argument("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    parser.add_argument("inputs", nargs="*", metavar="X", help="a number for each input")
    parser.add_argument("--json", action="store_true", help="print every layer's sums and activations as one object")
    options = parser.parse_intermixed_args(arguments)
    numbers = [number(text) for text in options.inputs]
    project = opened(options.document)
    wanted = project.network.inputs
    if len(numbers) != wanted:
        names = f" ({', '.join(project.data.input_names)})" if wanted <= 8 else ""
        label = Path(options.document).name
        raise WrongUseError(f"{label} takes {wanted} input{'s' * (wanted != 1)}{names}, not {len(numbers)}.")
    _say_answer(project, numbers, as_json=options.json)
    return 0


def examples(name: str, arguments: list[str]) -> int:
    """``visualnn examples``: lists the built-in networks."""
    parser = Parser(name, "Lists the built-in networks.", "example:\n  visualnn examples --json")
    parser.add_argument("--json", action="store_true", help="print a list of objects")
    options = parser.parse_args(arguments)
    from visualnn.files.examples import EXAMPLES, load
    from visualnn.files.fresh import shape_name

    rows = [(example, load(example.id).network) for example in EXAMPLES]
    if options.json:
        say_json([{**example._asdict(), "network": str(network)} for example, network in rows])
    else:
        for example, network in rows:
            say(f"{example.id:10}{shape_name(network):16}{example.title:20}{example.subtitle}")
    return 0


def _say_answer(project: Project, numbers: list[float], *, as_json: bool) -> None:
    import numpy as np

    from visualnn.nn.passes import forward

    with np.errstate(all="ignore"):  # huge inputs may overflow, and then the answer says so
        layers = forward(project.network, project.parameters, np.array(numbers), project.mask)
    if not as_json:
        say("\n".join(map(repr, layers[-1].a.tolist())))
        return
    pairs = zip(layers, project.network.activations, strict=True)
    steps = [{"sums": p.z.tolist(), "activations": p.a.tolist(), "activation": name} for p, name in pairs]
    say_json({"inputs": numbers, "layers": steps, "output": layers[-1].a.tolist()})
