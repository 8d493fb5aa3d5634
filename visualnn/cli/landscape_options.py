"""What is typed about a landscape, the same for its numbers and for its picture."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from visualnn.cli.arguments import WrongUseError, number, positive, whole

PLANES = ("weights", "path", "main", "random")
FEWEST, MOST = 2, 5  # runners
LONGEST = 1_000_000
NAMES = ("axes", "plane", "rows", "window", "start", "updates", "optimizer", "rate", "race", "seed")
OF_NETWORKS = ("axes", "plane", "rows", "seed")
OF_PATHS = ("start", "updates", "optimizer", "rate", "race")

Entrant = tuple[str, float]  # an optimizer and its rate


def add(parser: Any) -> None:
    """The options, to a parser or to a group of one."""
    from visualnn.nn.optimizers import OPTIMIZERS

    option = parser.add_argument
    option(
        "--axes",
        metavar="A,B",
        type=_pair,
        help="two weights or biases by name, such as wac,bf (default: the first two)",
    )
    option("--plane", choices=PLANES, help="which slice (default: two weights)")
    option("--window", metavar="X0,X1,Y0,Y1", type=_numbers(4), help="what is looked at (default: around the path)")
    option("--start", metavar="X,Y", type=_numbers(2), help="where the path begins")
    option("--updates", metavar="N", type=whole(0, LONGEST), help="of the path (default: 300; of an example its own)")
    option("--optimizer", choices=OPTIMIZERS, help="with its usual constants, if it is not that of the file")
    option("--rate", metavar="R", type=positive, help="the learning rate, a number above 0")
    option(
        "--race", metavar="NAME:R,…", type=_race, help="two to five optimizers, each with its rate: sgd:0.5,adam:0.1"
    )
    option("--seed", metavar="N", type=whole(0, 2**63 - 1), help="of the first weights and of random directions")
    option(
        "--rows", metavar="N", type=whole(1), help="so many rows, always the same ones (default: all; 256 are enough)"
    )


def check(options: argparse.Namespace) -> None:
    """Raises `WrongUseError` for what cannot go together."""
    kind = {"main": "path"}.get(options.plane, options.plane)
    if options.axes is not None and kind not in (None, "weights"):
        raise WrongUseError(f"--axes chooses two weights and cannot go with --plane {options.plane}.")
    if options.start is not None and kind == "path":
        raise WrongUseError("--start needs two chosen weights; a run starts where its seed says.")
    if kind == "random":
        refuse(options, OF_PATHS, "belongs to a path, and over random directions none can be drawn")
    if options.race is not None:
        refuse(options, ("optimizer", "rate"), "is for one runner; --race says it for each")


def refuse(options: argparse.Namespace, names: tuple[str, ...], why: str) -> None:
    """Raises `WrongUseError` for the first of these options that was given."""
    for name in names:
        if getattr(options, name, None) is not None:
            raise WrongUseError(f"--{name} {why}.")


def protected(argument: str) -> str:
    """Keeps argparse from taking ``-2,3`` for an option."""
    try:
        [float(part) for part in argument.split(",")]
    except ValueError:
        return argument
    return f" {argument}" if argument.startswith("-") else argument


def _pair(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(","))
    if len(parts) != 2 or not all(parts):
        raise argparse.ArgumentTypeError(f"must be two names with a comma, like wac,wbc, not {text.strip()}")
    return parts


def _numbers(count: int) -> Callable[[str], tuple[float, ...]]:
    """What reads so many finite numbers with commas."""

    def convert(text: str) -> tuple[float, ...]:
        parts = text.replace("−", "-").split(",")
        if len(parts) != count:
            raise argparse.ArgumentTypeError(f"must be {count} numbers with commas, not {text.strip()}")
        try:
            return tuple(number(part.strip(), "each of them") for part in parts)
        except WrongUseError as error:
            raise argparse.ArgumentTypeError(str(error).rstrip(".")) from None

    return convert


def _race(text: str) -> tuple[Entrant, ...]:
    """Optimizers with their rates."""
    entrants = tuple(map(_entrant, text.split(",")))
    if not FEWEST <= len(entrants) <= MOST:
        raise argparse.ArgumentTypeError(f"a race has {FEWEST} to {MOST} runners, not {len(entrants)}")
    twice = next((each for each in entrants if entrants.count(each) > 1), None)
    if twice is not None:
        raise argparse.ArgumentTypeError(f"{twice[0]}:{twice[1]:g} is there twice")
    return entrants


def _entrant(text: str) -> Entrant:
    from visualnn.nn.optimizers import OPTIMIZERS

    name, colon, rate = (part.strip() for part in text.partition(":"))
    if not (name and colon and rate):
        raise argparse.ArgumentTypeError(
            f"must be optimizers with their rates, like sgd:0.5,adam:0.1, not {text.strip()}"
        )
    if name.lower() not in OPTIMIZERS:
        raise argparse.ArgumentTypeError(f"there is no optimizer “{name}”; there are {', '.join(OPTIMIZERS)}")
    try:
        return name.lower(), positive(rate)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"the rate of {name} must be a number above 0, not {rate}") from None
