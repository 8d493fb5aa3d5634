"""The commands that need Qt: the window, and ``visualnn render``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from visualnn import __version__
from visualnn.cli import landscape_options
from visualnn.cli.arguments import (
    DOCUMENT,
    DOCUMENT_HELP,
    Parser,
    check_document,
    check_target,
    scale,
    size,
    whole,
    within,
)
from visualnn.cli.opening import open_window
from visualnn.cli.output import tell, tell_line

WINDOW_HELP = """\
See a neural network think and learn: every multiplication, every slope, every step.

Without a command, opens the window with a file, a built-in example, or a new network of the shape that is typed."""
WINDOW_EXAMPLES = """\
commands (each explains itself with --help):
  predict DOCUMENT X...            what a network answers
  steps DOCUMENT [X...]            one update, number by number
  train DOCUMENT                   train without a window
  examples                         the built-in networks
  render DOCUMENT OUT.png          a picture of the window; OUT.svg, .pdf, .gif, .mp4: the network, its steps
  export DOCUMENT --to KIND        a program or a model for other tools
  import MODEL|LINK                a model of another tool as a .vnn file
  info DOCUMENT                    what a file holds
  landscape DOCUMENT|SURFACE       the loss around a network, or a classic surface, as numbers
  sweep DOCUMENT                   every learning rate with every seed, trained together
  bench                            how fast networks train here, next to other libraries
  doctor                           whether it can run here, and what is missing
A DOCUMENT is a .vnn file, a model that ONNX, Keras, PyTorch or scikit-learn wrote, a link to the TensorFlow Playground,
a built-in example, or the sizes of a new network.

examples:
  visualnn                         open the window
  visualnn xor                     open a built-in example
  visualnn mine.vnn                open a file
  visualnn 2-16-16-1               open a new network with two hidden layers of 16 neurons
  visualnn predict adder 2 2"""
RENDER_HELP = """\
Draws the window, or the network alone, into a file; works without a screen.

The ending says what is made: .png is the whole window (--part stage: the network with its sentence); .svg and .pdf are
the network as curves and letters; .gif and .mp4 are films of its steps.

--mode landscape draws the loss over two weights of a network, a classic surface, or an example of a landscape
(visualnn landscape --help lists them), with the paths of optimizers: .png, .svg and .pdf where they are after the last
update, .gif and .mp4 all the way there."""
RENDER_EXAMPLES = """\
examples:
  visualnn render adder adder.png
  visualnn render 2-1000-1000-1 million.png
  visualnn render circles circles.png --mode train --theme light --size 1600x1000
  visualnn render himmelblau himmelblau.png --mode landscape
  visualnn render adder wac-wbc.svg --mode landscape --axes wac,wbc --start -0.5,2 --rate 0.05
  visualnn render twins race.gif --mode landscape --race sgd:0.5,momentum:0.1,adam:0.1 --updates 200
  visualnn render race-saddle map.png --mode landscape --view map --theme light
  visualnn render adder step.svg --step 10
  visualnn render adder adder.gif --steps all
  visualnn render adder slopes.mp4 --steps backward --seconds-per-step 2.5 --size 1920x1080"""
PICTURES, FILMS = (".png", ".svg", ".pdf"), (".gif", ".mp4")
MODES = ("step", "train", "landscape", "start")
VIEWS, PALETTES = ("relief", "map"), ("even", "vivid")
SELF_TESTS = ("offscreen", "window")
GRAINS = ("operation", "neuron", "layer", "pass")
SHARP = 2.0  # pixels per point of a picture; a film has 1


def window(name: str, arguments: list[str]) -> int:
    """``visualnn [FILE|EXAMPLE|SHAPE]``: opens the window."""
    parser = Parser(name, WINDOW_HELP, WINDOW_EXAMPLES)
    parser.add_argument("document", nargs="?", metavar=DOCUMENT, help=DOCUMENT_HELP)
    parser.add_argument("--version", action="version", version=f"visualnn {__version__}")
    parser.add_argument(
        "--self-test",
        nargs="?",
        choices=SELF_TESTS,
        const="offscreen",
        metavar="window",
        help="try everything once in a window without a screen (“window”: on this screen), and end",
    )
    options, rest = parser.parse_known_args(arguments)
    document = options.document
    if options.self_test and (document or rest):
        parser.error("--self-test stands alone")
    if options.self_test:
        return _self_test(options.self_test)
    if rest and rest[0].startswith("-"):
        parser.error(f"there is no option {rest[0]}")
    if rest:
        parser.error(f"there is no command “{document}”, and only one file can be opened")
    if document is not None:
        check_document(document)
    return open_window(document)


def _self_test(where: str) -> int:
    """Goes through what a learner does; 1 if anything failed."""
    from visualnn import display

    problem = display.problem(None if where == "window" else where)
    if problem is not None:
        return tell(problem.rstrip("\n"), 1)
    try:
        from visualnn.selftest.course import run
    except ImportError as error:
        return tell(f"VisualNN is not complete: {error}.", 1)
    return run(tell_line, on_screen=where == "window")


def render(name: str, arguments: list[str]) -> int:
    """``visualnn render FILE|EXAMPLE|SHAPE OUT``: a picture of the window or of its stage, or a film."""
    parser = _render_parser(name)
    options = parser.parse_args([landscape_options.protected(argument) for argument in arguments])
    check_target(options.out, *PICTURES, *FILMS)
    (_check_landscape if options.mode == "landscape" else _check_kind)(parser, options)
    if options.mode != "landscape":
        check_document(options.document)
    from visualnn import display

    problem = display.problem("offscreen")
    if problem is not None:
        return tell(problem.rstrip("\n"), 3)
    if options.mode == "landscape":
        _landscape(options)
    elif options.out.suffix.lower() in FILMS:
        _film(options)
    else:
        _picture(options)
    return 0


def _render_parser(name: str) -> Parser:
    parser = Parser(name, RENDER_HELP, RENDER_EXAMPLES)
    parser.add_argument("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    parser.add_argument("out", metavar="OUT", type=Path, help="where it goes: .png, .svg, .pdf, .gif or .mp4")
    parser.add_argument("--mode", choices=MODES, default="step", help="which page (default: step)")
    parser.add_argument("--part", choices=("window", "stage"), help="what a .png shows (default: window)")
    parser.add_argument(
        "--step", metavar="N", type=whole(0), help="how many steps, or updates, are done in the picture"
    )
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="colours (default: dark)")
    parser.add_argument("--size", metavar="WxH", type=size, default=(1280, 800), help="default: 1280x800")
    parser.add_argument("--scale", metavar="S", type=scale, help="pixels per point, 0.5 to 4 (default: 2; of a film 1)")
    film = parser.add_argument_group("films")
    film.add_argument("--steps", metavar="WHICH", help="all, 1-20, or forward, loss, backward, update (default: all)")
    film.add_argument("--grain", choices=GRAINS, help="how much is one step (default: operation)")
    film.add_argument("--seconds-per-step", metavar="S", type=within(0.1, 60), help="default: 1.6")
    film.add_argument("--fps", metavar="N", type=within(1, 60), help="pictures a second (default: .gif 12.5, .mp4 25)")
    land = parser.add_argument_group("landscapes (--mode landscape)")
    land.add_argument("--view", choices=VIEWS, help="in three dimensions, or from straight above (default: relief)")
    palettes = "colours of heights (default: even, which suit every kind of eye)"
    land.add_argument("--palette", choices=PALETTES, help=palettes)
    landscape_options.add(land)
    return parser


def _check_kind(parser: Parser, options: argparse.Namespace) -> None:
    """Raises `WrongUseError` for options that mean nothing for what is made."""
    suffix = options.out.suffix.lower()
    asked = {"--steps": options.steps, "--grain": options.grain, "--fps": options.fps}
    asked["--seconds-per-step"] = options.seconds_per_step
    given = [option for option, value in asked.items() if value is not None]
    if suffix not in FILMS and given:
        parser.error(f"{given[0]} belongs to films, which end in {' or '.join(FILMS)}")
    if suffix in FILMS and options.step is not None:
        parser.error(f"--step belongs to pictures; a film takes --steps {options.step}")
    if suffix in FILMS and options.mode != "step":
        parser.error("a film shows the steps of step mode")
    if options.part == "window" and suffix != ".png":
        parser.error("the whole window is drawn into .png only")
    if options.mode == "start" and (options.part == "stage" or suffix != ".png"):
        parser.error("the start page has no stage")
    landscape_options.refuse(options, (*landscape_options.NAMES, "view", "palette"), "belongs to --mode landscape")


def _check_landscape(parser: Parser, options: argparse.Namespace) -> None:
    """Raises `WrongUseError` for options that mean nothing for a landscape."""
    if options.part is not None:
        parser.error("a landscape has no parts")
    for option in ("steps", "grain", "seconds_per_step"):
        if getattr(options, option) is not None:
            parser.error(f"--{option.replace('_', '-')} belongs to the steps of a network; a landscape has --updates")
    if options.fps is not None and options.out.suffix.lower() not in FILMS:
        parser.error(f"--fps belongs to films, which end in {' or '.join(FILMS)}")
    if options.step is not None and options.updates is not None:
        parser.error("--step and --updates say the same of a landscape; one of them is enough")
    options.updates = options.step if options.updates is None else options.updates
    landscape_options.check(options)


def _picture(options: argparse.Namespace) -> None:
    from visualnn import app

    stage = options.part == "stage" or options.out.suffix.lower() != ".png"
    page = {"mode": options.mode, "step": options.step, "theme": options.theme}
    draw = app.render_stage if stage else app.render
    draw(options.document, options.out, **page, size=options.size, scale=options.scale or SHARP)


def _landscape(options: argparse.Namespace) -> None:
    from visualnn import app
    from visualnn.cli.scenery import footage

    made = footage(options)
    how: dict[str, Any] = {"theme": options.theme, "fps": options.fps, "size": options.size, "scale": options.scale}
    how |= {"palette": options.palette or PALETTES[0], "shown": options.view or VIEWS[0]}
    if options.out.suffix.lower() in FILMS:
        how["size"] = tuple(round(length * (options.scale or 1.0)) for length in options.size)
    with _frames() as report:
        app.render_landscape(made, options.out, **how | {"scale": options.scale or SHARP}, report=report)


def _film(options: argparse.Namespace) -> None:
    from visualnn import app

    how: dict[str, Any] = {"seconds": options.seconds_per_step, "fps": options.fps, "theme": options.theme}
    how |= {"steps": options.steps or "all", "grain": options.grain or "operation"}
    size = tuple(round(length * (options.scale or 1.0)) for length in options.size)
    with _frames() as report:
        app.render_film(options.document, options.out, **how, size=size, report=report)


@contextmanager
def _frames() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, whole: None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside us: frames come often enough
    with tqdm(unit=" frames", leave=False, dynamic_ncols=True) as bar:

        def report(done: int, whole: int) -> None:
            bar.total = whole
            bar.update(done - bar.n)

        yield report
