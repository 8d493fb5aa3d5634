"""``visualnn sweep``: every learning rate with every seed, trained together without a window."""

from __future__ import annotations

import argparse
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from visualnn.cli import devices
from visualnn.cli.arguments import DOCUMENT, DOCUMENT_HELP, Parser, WrongUseError, opened, positive, whole
from visualnn.cli.output import say, say_json, tell
from visualnn.cli.progress import progress
from visualnn.nn.device import CPU, PRECISION
from visualnn.nn.errors import VisualNNError

if TYPE_CHECKING:
    from visualnn.engine.sweep import Sweep
    from visualnn.engine.sweep_moment import Field, Ground, Moment
    from visualnn.nn.device import Device
    from visualnn.project import Project
    from visualnn.scene.sweep import Standing

DEFAULT_RATES, DEFAULT_SEEDS, DEFAULT_UPDATES = 11, 6, 2000
MOST = 1024  # networks
LOOK_S = 0.1  # between two steps of the progress bar
HELP = """\
Trains a network at every learning rate with every seed, all of them together, each from the random weights of its seed,
and says which rates work and how much of it is luck. Every one is what “visualnn train” makes of its rate and its seed.

A network has learned when its loss is below the goal of the file, or where there is none, below 90 % of its first.
Where an update sees but a batch of the rows, there is no goal, for a batch may reach it by luck, and losses are means
of the latest batches: those of an epoch, 16 at least."""
EXAMPLES = """\
examples:
  visualnn sweep spirals
  visualnn sweep xor --rates 0.01 0.1 1 --seeds 20 --updates 5000
  visualnn sweep circles --json"""


def sweep(name: str, arguments: list[str]) -> int:
    """``visualnn sweep FILE|EXAMPLE|SHAPE``."""
    options = _parser(name).parse_args(arguments)
    options.precision = None
    device = devices.wanted(options)
    project = opened(options.document)
    ground, field = _ground(project, device), _field(project, options)
    moment, notice = _trained(ground, field, device, options.updates)
    from visualnn.scene.sweep import Standing

    standing = Standing.of(field, moment, ground.options.goal)
    if options.json:
        where = {"device": (CPU if notice else device).name} if options.device else {}
        say_json({**where, **_object(standing)})
    else:
        where_line = [f"All {devices.place(device, None)}."] if options.device and not notice else []
        say("\n".join([*_lines(standing), *where_line]))
    return tell(notice, 0) if notice else 0


def _parser(name: str) -> Parser:
    parser = Parser(name, HELP, EXAMPLES)
    add = parser.add_argument
    add("document", metavar=DOCUMENT, help=DOCUMENT_HELP)
    around = f"learning rates; default: {DEFAULT_RATES} on a logarithmic scale around that of the file"
    add("--rates", metavar="R", type=positive, nargs="+", help=around)
    seeds, updates = f"how many; default: {DEFAULT_SEEDS}", f"of each network; default: {DEFAULT_UPDATES}"
    add("--seeds", metavar="N", type=whole(1, MOST), default=DEFAULT_SEEDS, help=seeds)
    add("--seed", metavar="N", type=whole(0, 2**63 - 1), help="the first seed; default: that of the file")
    add("--updates", metavar="N", type=whole(1), default=DEFAULT_UPDATES, help=updates)
    devices.add_device(parser, "where to compute; cuda is an NVIDIA GPU and computes in float32")
    add("--json", action="store_true", help="print one object: rates, seeds, networks with loss and updates")
    return parser


def _ground(project: Project, device: Device) -> Ground:
    from visualnn.engine.sweep_moment import Ground
    from visualnn.nn.training import check_fit

    options = replace(project.options, precision=PRECISION) if device.is_gpu else project.options
    check_fit(project.network, project.data, options)
    return Ground.of(project.with_options(options))


def _field(project: Project, options: argparse.Namespace) -> Field:
    """The networks that were asked for. Raises `WrongUseError` for too many."""
    from visualnn.engine.sweep_moment import Field
    from visualnn.scene.sweep import rates_around, seeds_from

    rates = options.rates or rates_around(project.options.optimizer.rate, DEFAULT_RATES)
    seed = project.options.seed if options.seed is None else options.seed
    field = Field(tuple(sorted(set(rates))), seeds_from(seed, options.seeds))
    if len(field) > MOST:
        raise WrongUseError(f"these are {len(field):,} networks, and there may be {MOST:,}.")
    return field


def _trained(ground: Ground, field: Field, device: Device, updates: int) -> tuple[Moment, str]:
    """Where all are after so many updates, and what was told on the way."""
    from visualnn.engine.sweep import Sweep
    from visualnn.nn.kernels import choose
    from visualnn.scene.sweep import too_large

    if trouble := too_large(ground, len(field)):
        raise VisualNNError(trouble)
    devices.load(device)
    task = ground.training(field, 0).task
    many = None if device.is_gpu else choose.fleet_of(task)
    choose.load(*filter(None, (choose.kind_of(task.network, task.options), many)))
    sweep = Sweep(ground, field, device)
    try:
        return _went(sweep, updates), sweep.notice
    finally:
        sweep.close()


def _went(sweep: Sweep, updates: int) -> Moment:
    """The last moment."""
    moment, shown = None, 0
    sweep.wait_idle()
    sweep.go(updates)
    with progress(updates, "updates", "on the GPU" if sweep.on_gpu else "") as advance:
        while True:
            rests = sweep.wait_idle(LOOK_S)
            moment = sweep.look() or moment
            if moment is not None:
                advance(moment.update - shown)
                shown = moment.update
            if rests and moment is not None:
                return moment


def _lines(standing: Standing) -> list[str]:
    """A line for each rate, and what there is to learn from it."""
    from visualnn.scene.sweep import best_text, lesson, meaning, rate_text

    table = [("rate", *(name for name, _texts in standing.summary))]
    columns = [texts for _name, texts in standing.summary]
    table += [(rate_text(rate), *texts) for rate, *texts in zip(standing.field.rates, *columns, strict=True)]
    wide = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    rows = ["  ".join(text.rjust(width) for text, width in zip(row, wide, strict=True)) for row in table]
    best = [] if standing.best is None else [f"Best: {best_text(standing)}."]
    moment, count = standing.moment, len(standing.field)
    head = f"{count:,} network{'s' * (count != 1)}, {moment.update:,} updates"
    return [head, "", *rows, "", lesson(standing), *best, meaning(standing.goal, is_mean=standing.is_mean)]


def _object(standing: Standing) -> dict[str, Any]:
    field, moment = standing.field, standing.moment
    networks = []
    for index in range(len(field)):
        row, column = field.place(index)
        loss = float(moment.judged[index])
        networks.append(
            {
                "rate": field.rates[column],
                "seed": field.seeds[row],
                "updates": int(moment.updates[index]),
                "loss": loss if isfinite(loss) else None,
                "reached_goal": bool(moment.reached[index]),
                "diverged": bool(moment.diverged[index]),
                "learned": bool(standing.learned[index]),
            }
        )
    rates = [
        {"rate": column.rate, "learned": column.learned, "seeds": column.seeds, "median_loss": column.median}
        for column in standing.columns
    ]
    best = None if standing.best is None else networks[standing.best]
    return {"updates": moment.update, "goal": standing.goal, "best": best, "rates": rates, "networks": networks}
