"""``visualnn landscape``: the loss around a network, or a classic surface, as numbers."""

from __future__ import annotations

import argparse
import io
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visualnn.cli.arguments import (
    DOCUMENT,
    DOCUMENT_HELP,
    Parser,
    WrongUseError,
    check_document,
    check_target,
    number,
    positive,
    whole,
)
from visualnn.cli.exchange import check_free
from visualnn.cli.output import say, say_json
from visualnn.cli.progress import progress

if TYPE_CHECKING:
    from visualnn.cli.terrain import Terrain
    from visualnn.nn.landscape.grid import Grid

SIZE = 101
PLANES = ("weights", "path", "main", "random")
LOADING_POINTS = 5e8  # multiplications that take as long as loading the compiled kernel
HELP = """\
Computes the loss over a slice through a network, or of a classic surface, and the path of an optimizer over it.

Two weights (--axes) are exact: all others are fixed. --plane path (or main) shows the main directions of a run and says
which share of its movement they keep; --plane random shows two random directions, normalised neuron by neuron.
Classic surfaces: {classics}.

The .npz holds x, y, loss (rows from below), and path, path_loss, path_height; the .csv one line for each place."""
EXAMPLES = """\
examples:
  visualnn landscape adder --axes wac,wbc --out grid.npz
  visualnn landscape spirals --plane path --updates 1000 --json
  visualnn landscape bowl --optimizer sgd --rate 0.1 --start -1,2.5
  visualnn landscape himmelblau --window -5,5,-5,5 --size 201 --out himmelblau.csv"""


def landscape(name: str, arguments: list[str]) -> int:
    """``visualnn landscape FILE|EXAMPLE|SHAPE|CLASSIC``: heights over a window, and a path."""
    options = _parser(name).parse_args([_protected(argument) for argument in arguments])
    if options.out is not None:
        check_target(options.out, ".npz", ".csv")
        check_free(options.out, force=options.force)
    found = _terrain(options)
    grid = _surveyed(found, options.size)
    if options.out is not None:
        _save(options.out, found, grid)
    if options.json:
        say_json(_summary(found, grid))
    else:
        _say(found, grid, options)
    return 0


def _parser(name: str) -> Parser:
    from visualnn.nn.landscape.surfaces import CLASSICS
    from visualnn.nn.optimizers import OPTIMIZERS

    parser = Parser(name, HELP.format(classics=", ".join(CLASSICS)), EXAMPLES)
    add = parser.add_argument
    add("document", metavar=f"{DOCUMENT}|CLASSIC", help=f"{DOCUMENT_HELP}; or the name of a classic surface")
    add(
        "--axes",
        metavar="A,B",
        type=_pair,
        help="two weights or biases by name, such as wac,bf (default: the first two)",
    )
    add("--plane", choices=PLANES, help="which slice (default: two weights)")
    add("--window", metavar="X0,X1,Y0,Y1", type=_numbers(4), help="what is looked at (default: around the path)")
    add("--size", metavar="N", type=whole(2, 2001), default=SIZE, help=f"places along a side (default: {SIZE})")
    add("--start", metavar="X,Y", type=_numbers(2), help="where the path begins")
    add("--updates", metavar="N", type=whole(0, 1_000_000), help="of the path (default: 300)")
    add("--optimizer", choices=OPTIMIZERS, help="with its usual constants, if it is not that of the file")
    add("--rate", metavar="R", type=positive, help="the learning rate, a number above 0")
    add("--seed", metavar="N", type=whole(0, 2**63 - 1), help="of the first weights and of random directions")
    add("--rows", metavar="N", type=whole(1), help="so many rows, always the same ones (default: all; 256 are enough)")
    add("-o", "--out", metavar="F.npz|F.csv", type=Path, help="where the numbers go")
    add("--force", action="store_true", help="replace the file that lies there")
    add("--json", action="store_true", help="print one object")
    return parser


def _protected(argument: str) -> str:
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


def _numbers(count: int) -> Any:
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


def _terrain(options: argparse.Namespace) -> Terrain:
    from visualnn.cli import terrain

    known = None if Path(options.document).is_file() else terrain.classic(options.document)
    if known is not None:
        found = terrain.of_classic(known, options)
    else:
        from visualnn.files.documents import open_work

        check_document(options.document)
        found = terrain.of_work(open_work(options.document), options)
    terrain.check_surface(found)
    return found


def _surveyed(found: Terrain, size: int) -> Grid:
    """All heights, with a bar meanwhile."""
    from visualnn.nn.kernels import choose
    from visualnn.nn.landscape.grid import survey

    if size * size * getattr(found.surface, "cost", 0) > LOADING_POINTS:
        choose.load(choose.HEIGHTS)
    done, grid = 0, None
    with progress(size * size, "heights") as advance:
        for portion in survey(found.surface, found.window, size):
            advance(portion.done - done)
            done, grid = portion.done, portion.grid or grid
    assert grid is not None
    return grid


def _save(target: Path, found: Terrain, grid: Grid) -> None:
    from visualnn.files.disk import replace_file
    from visualnn.files.errors import FileError
    from visualnn.files.native import reason

    content = _archive(found, grid) if target.suffix.lower() == ".npz" else _table(found, grid)
    try:
        replace_file(target, content)
    except (OSError, ValueError) as error:
        raise FileError(f"“{target.name}” cannot be written: {reason(error)}.") from error


def _archive(found: Terrain, grid: Grid) -> bytes:
    import numpy as np

    arrays: dict[str, Any] = {"x": grid.xs, "y": grid.ys, "loss": grid.heights, "axes": np.array(found.names)}
    arrays["kind"] = np.array(found.kind)
    if found.path is not None:
        path = found.path
        arrays |= {"path": path.points, "path_loss": path.losses, "path_height": path.floors}
    if found.plane is not None:
        arrays |= {"origin": found.plane.origin, "u": found.plane.u, "v": found.plane.v}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _table(found: Terrain, grid: Grid) -> bytes:
    """One line for each place, row by row from below; what is not finite is inf or nan."""
    lines = [",".join((*found.names, "loss"))]
    for y, row in zip(grid.ys.tolist(), grid.heights.tolist(), strict=True):
        lines += [f"{x!r},{y!r},{height!r}" for x, height in zip(grid.xs.tolist(), row, strict=True)]
    return ("\n".join(lines) + "\n").encode()


def _summary(found: Terrain, grid: Grid) -> dict[str, Any]:
    window, lowest = grid.window, grid.lowest
    path = found.path
    summary: dict[str, Any] = {
        "kind": found.kind,
        "axes": list(found.names),
        "exact": found.kind in ("formula", "weights"),
        "kept": None if found.plane is None else found.plane.kept,
        "window": [window.x0, window.x1, window.y0, window.y1],
        "size": grid.size,
        "lowest": None if lowest is None else dict(zip(("x", "y", "loss"), lowest, strict=True)),
        "not_finite": grid.unknown,
        "flat": grid.is_flat,
        "rows": None if found.rows is None else found.rows[0],
    }
    if path is not None:
        summary |= {"optimizer": found.rule.name, "rate": found.rule.rate, "moments": len(path.losses)}
        summary |= {"start": _place(found, 0), "end": _place(found, -1), "stop": str(path.stop)}
    return summary


def _place(found: Terrain, moment: int) -> dict[str, float]:
    """A ball: where it is, its true loss, and the height of the surface under it."""
    path = found.path
    assert path is not None
    x, y = path.points[moment].tolist()
    return {"x": x, "y": y, "loss": float(path.losses[moment]), "height": float(path.floors[moment])}


def _say(found: Terrain, grid: Grid, options: argparse.Namespace) -> None:
    from visualnn.cli.terrain import SENTENCES

    x, y = found.names
    say(f"{found.title}: {x} and {y}; {SENTENCES[found.kind]}")
    if found.plane is not None and found.plane.kept is not None:
        say(f"{found.plane.kept:.1%} of the run’s movement lies in this plane")
    _say_heights(found, grid)
    if found.rows is not None and found.rows[0] < found.rows[1]:
        say(f"over {found.rows[0]:,} of {found.rows[1]:,} rows")
    if found.path is not None:
        _say_path(found)
    if options.out is not None:
        say(f"saved as {options.out}")


def _say_heights(found: Terrain, grid: Grid) -> None:
    (x, y), window, size = found.names, grid.window, grid.size
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


def _say_path(found: Terrain) -> None:
    path, rule = found.path, found.rule
    assert path is not None
    for word, moment in (("start", 0), ("end", -1)):
        place = _place(found, moment)
        apart = place["loss"] != place["height"]
        height = f", the surface there is at {place['height']:.6g}" if apart else ""
        say(f"{word} ({place['x']:.6g}, {place['y']:.6g}): loss {place['loss']:.6g}{height}")
    diverged = "" if isfinite(path.losses[-1]) else "; the loss is no longer a finite number, try a smaller --rate"
    say(f"{rule.name}, rate {rule.rate:g}, {len(path.losses):,} moments{diverged}")
