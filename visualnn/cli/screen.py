"""The commands that need Qt: the window, and ``visualnn render``."""

from __future__ import annotations

from pathlib import Path

from visualnn import __version__
from visualnn.cli.arguments import DOCUMENT, DOCUMENT_HELP, Parser, check_document, check_target, scale, size, whole
from visualnn.cli.output import tell

WINDOW_HELP = """\
See a neural network think and learn: every multiplication, every slope, every step.

Without a command, opens the window with a file, a built-in example, or a new network of the shape that is typed."""
WINDOW_EXAMPLES = """\
commands (each explains itself with --help):
  predict DOCUMENT X...            what a network answers
  train DOCUMENT                   train without a window
  examples                         the built-in networks
  render DOCUMENT OUT.png          a picture of the window
  bench                            how fast networks train here, next to other libraries
A DOCUMENT is a .vnn file, a built-in example, or the sizes of a new network.

examples:
  visualnn                         open the window
  visualnn xor                     open a built-in example
  visualnn mine.vnn                open a file
  visualnn 2-16-16-1               open a new network with two hidden layers of 16 neurons
  visualnn predict adder 2 2"""
RENDER_EXAMPLES = """\
examples:
  visualnn render adder adder.png
  visualnn render 2-1000-1000-1 million.png
  visualnn render circles circles.png --mode train --theme light --size 1600x1000"""


def window(name: str, arguments: list[str]) -> int:
    """``visualnn [FILE|EXAMPLE|SHAPE]``: opens the window."""
    parser = Parser(name, WINDOW_HELP, WINDOW_EXAMPLES)
    parser.add_argument("document", nargs="?", metavar=DOCUMENT, help=DOCUMENT_HELP)
    parser.add_argument("--version", action="version", version=f"visualnn {__version__}")
    options, rest = parser.parse_known_args(arguments)
    document = options.document
    if rest and rest[0].startswith("-"):
        parser.error(f"there is no option {rest[0]}")
    if rest:
        parser.error(f"there is no command “{document}”, and only one file can be opened")
    if document is not None:
        check_document(document)
    from visualnn import display

    problem = display.problem()
    if problem is not None:
        return tell(problem.rstrip("\n"), 3)
    from visualnn.app import run

    return run(document)


def render(name: str, arguments: list[str]) -> int:
    """``visualnn render FILE|EXAMPLE|SHAPE OUT.png``: a picture of the window."""
    parser = Parser(name, "Draws the window into a picture; works without a screen.", RENDER_EXAMPLES)
    parser.add_argument("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    parser.add_argument("out", metavar="OUT.png", type=Path, help="where the picture goes")
    parser.add_argument("--mode", choices=("step", "train", "start"), default="step", help="which page (default: step)")
    parser.add_argument("--step", metavar="N", type=whole(0), help="how many steps are done")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="colours (default: dark)")
    parser.add_argument("--size", metavar="WxH", type=size, default=(1280, 800), help="default: 1280x800")
    parser.add_argument("--scale", metavar="S", type=scale, default=2.0, help="pixels per point, 0.5 to 4 (default: 2)")
    options = parser.parse_args(arguments)
    check_target(options.out, ".png")
    check_document(options.document)
    from visualnn import display

    problem = display.problem("offscreen")
    if problem is not None:
        return tell(problem.rstrip("\n"), 3)
    from visualnn.app import render as draw

    page = {"mode": options.mode, "step": options.step, "theme": options.theme}
    draw(options.document, options.out, **page, size=options.size, scale=options.scale)
    return 0
