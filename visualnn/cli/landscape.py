"""``visualnn landscape``: the loss around a network, or a classic surface, as numbers."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visualnn.cli import landscape_options
from visualnn.cli.arguments import DOCUMENT, DOCUMENT_HELP, Parser, check_target, whole
from visualnn.cli.exchange import check_free
from visualnn.cli.landscape_options import protected
from visualnn.cli.output import say, say_json
from visualnn.cli.progress import progress

if TYPE_CHECKING:
    import argparse

    from visualnn.cli.terrain import Found
    from visualnn.files.landscape_table import LandscapeTable
    from visualnn.nn.landscape.grid import Grid
    from visualnn.scene.landscape.presence import Runner

SIZE = 101
LOADING_POINTS = 5e8  # multiplications that take as long as loading the compiled kernel
HELP = """\
Computes the loss over a slice through a network, or of a classic surface, and the paths of optimizers over it.

Two weights (--axes) are exact: all others are fixed. --plane path (or main) shows the main directions of a run and says
which share of its movement they keep; --plane random shows two random directions, normalised neuron by neuron. Of
several runners (--race) the main directions are those of the first.
Classic surfaces: {classics}.
Examples: {examples}.

The .npz holds x, y, loss (rows from below), and path, path_loss, path_height, path_update, of a race also path_2 …; the
.csv one line for each place, of a race also one for each moment of each runner."""
EXAMPLES = """\
examples:
  visualnn landscape adder --axes wac,wbc --out grid.npz
  visualnn landscape spirals --plane path --updates 1000 --json
  visualnn landscape bowl --optimizer sgd --rate 0.1 --start -1,2.5
  visualnn landscape himmelblau --window -5,5,-5,5 --size 201 --out himmelblau.csv
  visualnn landscape twins --race sgd:0.5,momentum:0.1,adam:0.1 --updates 200 --out race.npz
  visualnn landscape race-saddle --json"""


def landscape(name: str, arguments: list[str]) -> int:
    """``visualnn landscape FILE|EXAMPLE|SHAPE|CLASSIC``: heights over a window, and paths."""
    options = _parser(name).parse_args([protected(argument) for argument in arguments])
    landscape_options.check(options)
    if options.out is not None:
        check_target(options.out, ".npz", ".csv")
        check_free(options.out, force=options.force)
    from visualnn.cli.terrain import found as explore

    found = explore(options)
    grid = surveyed(found, options.size)
    if options.out is not None:
        from visualnn.files.landscape_table import write_landscape

        write_landscape(options.out, _table(found, grid))
    if options.json:
        say_json(_summary(found, grid))
    else:
        _say(found, grid, options)
    return 0


def _parser(name: str) -> Parser:
    from visualnn.nn.landscape.surfaces import CLASSICS
    from visualnn.scene.landscape.examples import EXAMPLES as SHOWN

    told = HELP.format(classics=", ".join(CLASSICS), examples=", ".join(example.id for example in SHOWN))
    parser = Parser(name, told, EXAMPLES)
    add = parser.add_argument
    what = f"{DOCUMENT_HELP}; or the name of a classic surface, or of an example of a landscape"
    add("document", metavar=f"{DOCUMENT}|SURFACE", help=what)
    landscape_options.add(parser)
    add("--size", metavar="N", type=whole(2, 2001), default=SIZE, help=f"places along a side (default: {SIZE})")
    add("-o", "--out", metavar="F.npz|F.csv", type=Path, help="where the numbers go")
    add("--force", action="store_true", help="replace the file that lies there")
    add("--json", action="store_true", help="print one object")
    return parser


def surveyed(found: Found, size: int) -> Grid:
    """All heights, with a bar meanwhile."""
    from visualnn.nn.kernels import choose
    from visualnn.nn.landscape.grid import survey

    surface, window = found.terrain.surface, found.terrain.window
    if size * size * getattr(surface, "cost", 0) > LOADING_POINTS:
        choose.load(choose.HEIGHTS)
    done, grid = 0, None
    with progress(size * size, "heights") as advance:
        for portion in survey(surface, window, size):
            advance(portion.done - done)
            done, grid = portion.done, portion.grid or grid
    assert grid is not None
    return grid


def _table(found: Found, grid: Grid) -> LandscapeTable:
    from visualnn.files.landscape_table import LandscapeTable, Way

    made = found.terrain
    ways = (Way(each.name, each.path, each.track.updates) for each in found.runners if each.path is not None)
    return LandscapeTable(made.kind, made.names, grid, made.plane, tuple(ways))


def _summary(found: Found, grid: Grid) -> dict[str, Any]:
    window, lowest, made = grid.window, grid.lowest, found.terrain
    summary: dict[str, Any] = {
        "kind": made.kind,
        "axes": list(made.names),
        "exact": made.is_exact,
        "kept": None if made.plane is None else made.plane.kept,
        "window": [window.x0, window.x1, window.y0, window.y1],
        "size": grid.size,
        "lowest": None if lowest is None else dict(zip(("x", "y", "loss"), lowest, strict=True)),
        "not_finite": grid.unknown,
        "flat": grid.is_flat,
        "rows": None if made.rows is None else made.rows[0],
    }
    if len(found.runners) == 1:
        return summary | _run(found.runners[0])
    if found.runners:
        summary["runners"] = [{"name": each.name, **_run(each)} for each in found.runners]
    return summary


def _run(each: Runner) -> dict[str, Any]:
    """How it went for a runner."""
    rule, track = each.track.options.optimizer, each.track
    told: dict[str, Any] = {"optimizer": rule.name, "rate": rule.rate, "moments": len(track.updates)}
    return told | {"start": _place(each, 0), "end": _place(each, -1), "stop": str(track.stop or "done")}


def _place(each: Runner, moment: int) -> dict[str, float]:
    """A ball: where it is, its true loss, and the height of the surface under it."""
    path = each.path
    assert path is not None
    x, y = path.points[moment].tolist()
    return {"x": x, "y": y, "loss": float(path.losses[moment]), "height": float(path.floors[moment])}


def _say(found: Found, grid: Grid, options: argparse.Namespace) -> None:
    from visualnn.scene.landscape.captions import BRIEF

    made = found.terrain
    x, y = made.names
    say(f"{made.title}: {x} and {y}; {BRIEF[made.kind]}")
    if made.plane is not None and made.plane.kept is not None:
        whose = "the run" if len(found.runners) == 1 else f"{found.runners[0].name}"
        say(f"{made.plane.kept:.1%} of {whose}’s movement lies in this plane")
    _say_heights(found, grid)
    if made.rows is not None and made.is_sampled:
        say(f"over {made.rows[0]:,} of {made.rows[1]:,} rows")
    for number, each in enumerate(found.runners):
        _say_run(each, alone=len(found.runners) == 1, first=number == 0)
    if options.out is not None:
        say(f"saved as {options.out}")


def _say_heights(found: Found, grid: Grid) -> None:
    (x, y), window, size = found.terrain.names, grid.window, grid.size
    where = f"{x} from {window.x0:g} to {window.x1:g}, {y} from {window.y0:g} to {window.y1:g}"
    say(f"{size} × {size} heights, {where}")
    if grid.lowest is None:
        say("no loss here is a finite number")
        return
    at_x, at_y, loss = grid.lowest
    flat = "; it is flat, these weights do not matter here" if grid.is_flat else ""
    say(f"lowest loss {loss:.6g} at {x} = {at_x:.6g}, {y} = {at_y:.6g}{flat}")
    if grid.unknown:
        say(f"{grid.unknown:,} losses are no finite numbers")


def _say_run(each: Runner, *, alone: bool, first: bool) -> None:
    """Where it began, unless that was said of another one, and where it came to."""
    rule, losses = each.track.options.optimizer, each.track.losses
    if first:
        say(f"start {_said(_place(each, 0))}")
    smaller = "a smaller --rate" if alone else "a smaller rate"
    diverged = "" if isfinite(losses[-1]) else f"; the loss is no longer a finite number, try {smaller}"
    if alone:
        say(f"end {_said(_place(each, -1))}")
        say(f"{rule.name}, rate {rule.rate:g}, {len(losses):,} moments{diverged}")
    else:
        say(f"{rule.name}, rate {rule.rate:g}: end {_said(_place(each, -1))}{diverged}")


def _said(place: dict[str, float]) -> str:
    apart = place["loss"] != place["height"]
    height = f", the surface there is at {place['height']:.6g}" if apart else ""
    return f"({place['x']:.6g}, {place['y']:.6g}): loss {place['loss']:.6g}{height}"
