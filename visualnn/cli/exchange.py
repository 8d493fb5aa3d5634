"""``visualnn export`` and ``visualnn import``: programs and models for other tools, and models of them."""

from __future__ import annotations

import argparse
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from visualnn.cli.arguments import DOCUMENT, DOCUMENT_HELP, Parser, WrongUseError, check_document, check_target, opened
from visualnn.cli.output import say
from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.exchange.kinds import Files, Kind
    from visualnn.files.foreign.adoption import Hints
    from visualnn.nn.network import Network
    from visualnn.project import Project

STREAM = "-"  # as OUT: standard output
EXPORT_HELP = """\
Makes a program or a model for other tools of a network, with its weights.

{kinds}

A project is a folder, or a zip of one where OUT ends in .zip."""
EXPORT_EXAMPLES = """\
examples:
  visualnn export spirals --to pytorch
  visualnn export spirals --to pytorch -o ~/spirals.zip
  visualnn export mine.vnn --to onnx -o mine.onnx --force
  visualnn export adder --to json -o -"""
IMPORT_HELP = """\
Makes a .vnn file of a model of another tool: ONNX (.onnx), Keras 3 (.keras), PyTorch's weights (.safetensors), a
network as JSON (.json), or a link to the TensorFlow Playground.

What such a file holds that cannot be shown here is named, never guessed. Nothing in it is executed."""
IMPORT_EXAMPLES = """\
examples:
  visualnn import model.onnx -o mine.vnn
  visualnn import weights.safetensors --hidden relu --output softmax
  visualnn import 'https://playground.tensorflow.org/#activation=tanh&networkShape=4,2' -o spiral.vnn"""


def export(name: str, arguments: list[str]) -> int:
    """``visualnn export FILE|EXAMPLE|SHAPE --to KIND``: something for another tool."""
    from visualnn.exchange.kinds import KINDS

    options = _export_parser(name).parse_args(arguments)
    check_document(options.document)
    kind = KINDS[options.kind]
    project = opened(options.document)
    target = _export_target(kind, project, options)
    sentence = kind.reason(project)
    if sentence:
        raise VisualNNError(sentence)
    if target is None:
        _stream(kind.make(project))
    else:
        _put(kind, kind.make(project), target, force=options.force)
    return 0


def import_(name: str, arguments: list[str]) -> int:
    """``visualnn import MODEL|LINK``: a model of another tool as a .vnn file."""
    from visualnn.exchange.kinds import stem
    from visualnn.files import native

    options = _import_parser(name).parse_args(arguments)
    if options.out is not None:
        check_target(options.out, native.SUFFIX)
        check_free(options.out, force=options.force)
    project = imported(options.model, hints(options))
    target = options.out or Path(f"{stem(project.name)}{native.SUFFIX}")
    check_free(target, force=options.force)
    native.write(target, project)
    _say_imported(project, target)
    return 0


def add_hints(parser: Parser) -> None:
    """What is said about weights that come without activations."""
    from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS

    add = parser.add_argument
    add("--hidden", choices=HIDDEN_ACTIVATIONS, help="the activation of hidden layers, where the file holds none")
    add("--output", choices=ACTIVATIONS, help="that of the output, where the file holds none")


def hints(options: argparse.Namespace) -> Hints:
    """What `add_hints` read."""
    from visualnn.files.foreign.adoption import Hints

    return Hints(options.hidden, options.output)


def imported(model: str, given: Hints) -> Project:
    """The project in a model of another tool. Raises `WrongUseError` if there is no such file, or it is not foreign."""
    from visualnn.files import documents

    check_document(model)
    found = documents.find(model)
    if not isinstance(found, documents.Link) and documents.file_of(model) == found:
        raise WrongUseError(f"“{documents.label(model)}” is VisualNN’s own: open it, there is nothing to import.")
    if not isinstance(found, (documents.Link, Path)):
        raise WrongUseError(f"“{model}” is no file of another tool and no link.")
    return documents.open_document(model, given)


def check_free(target: Path, *, force: bool) -> None:
    """Raises `VisualNNError` where something would be replaced."""
    if not force and target.exists():
        raise VisualNNError(f"“{target}” exists already; --force replaces it.")


def _export_parser(name: str) -> Parser:
    from visualnn.exchange.kinds import KINDS

    kinds = "\n".join(f"  {kind.id:<13}{kind.purpose}" for kind in KINDS.values())
    parser = Parser(name, EXPORT_HELP.format(kinds=kinds), EXPORT_EXAMPLES)
    add = parser.add_argument
    add("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    add("--to", dest="kind", metavar="KIND", choices=KINDS, required=True, help=f"one of {', '.join(KINDS)}")
    add("-o", "--out", metavar="OUT", help="where it goes, - for standard output (default: a name in this folder)")
    add("--force", action="store_true", help="replace what lies there")
    return parser


def _import_parser(name: str) -> Parser:
    parser = Parser(name, IMPORT_HELP, IMPORT_EXAMPLES)
    parser.add_argument("model", metavar="MODEL|LINK", help="a file of another tool, or a link to the Playground")
    parser.add_argument("-o", "--out", metavar="OUT.vnn", type=Path, help="default: the network's name in this folder")
    add_hints(parser)
    parser.add_argument("--force", action="store_true", help="replace the file that lies there")
    return parser


def _export_target(kind: Kind, project: Project, options: argparse.Namespace) -> Path | None:
    """Where it goes; None for standard output. Raises `VisualNNError` where it cannot."""
    from visualnn.exchange.kinds import FOLDER
    from visualnn.files.documents import Link, find, label

    ending = kind.ending(project)
    many = ending == FOLDER
    if options.out == STREAM:
        if many:
            raise WrongUseError(f"{kind.title} is a folder of files, which cannot go to standard output.")
        return None
    if options.out is None:
        is_link = isinstance(find(options.document), Link)
        name = project.name if is_link else Path(label(options.document)).stem
        proposed = kind.file_name(name, ending)
        target = Path(proposed.removesuffix(FOLDER))
    else:
        target = Path(options.out)
        if many and target.suffix.lower() != FOLDER and _is_file_name(target):
            raise WrongUseError(f"{kind.title} is a folder of files: “{target}” is no name for one.")
        check_target(target, target.suffix.lower() if many else ending)
    check_free(target, force=options.force)
    return target


def _is_file_name(target: Path) -> bool:
    """Whether a name is that of something else than a folder: ``x.tar`` and ``x.keras`` are, ``mine-1.0`` is not."""
    from mimetypes import MimeTypes

    from visualnn.files.foreign.formats import SUFFIXES

    return target.suffix.lower() in SUFFIXES or MimeTypes().guess_type(target.name) != (None, None)


def _put(kind: Kind, files: Files, target: Path, *, force: bool) -> None:
    from visualnn.exchange.writing import put

    put(files, target, replace=force, leaves=kind.leaves)
    size = sum(map(len, files.values()))
    inside = f"{len(files)} files, " if len(files) > 1 else ""
    say(f"saved as {target} ({inside}{size:,} bytes)")


def _stream(files: Files) -> None:
    """The bytes as they are: what is said goes to standard error only."""
    (content,) = files.values()
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def layers(network: Network) -> str:
    """Its activations and how many numbers it learns: ``2 × tanh, sigmoid; 97 weights and biases``."""
    runs = [(name, len(list(same))) for name, same in groupby(network.activations)]
    names = ", ".join(name if count == 1 else f"{count} × {name}" for name, count in runs)
    return f"{names}; {network.parameter_count:,} weights and biases"


def _say_imported(project: Project, target: Path) -> None:
    from visualnn.files.fresh import shape_name

    say(f"{project.name} ({shape_name(project.network)}): {layers(project.network)}")
    if project.notes:
        say(project.notes)
    say(f"saved as {target}")
