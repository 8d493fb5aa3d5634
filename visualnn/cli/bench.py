"""``visualnn bench``: how fast we train, next to others."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentTypeError, Namespace
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from visualnn import __version__
from visualnn.cli.arguments import Parser, WrongUseError, check_target, positive, whole
from visualnn.cli.bench_gpu import measure_gpu, say_lines, show, tell_problem
from visualnn.cli.output import say_json

if TYPE_CHECKING:
    from visualnn.bench.contest import Contest
    from visualnn.bench.figures import Result
    from visualnn.bench.workload import Workload

ENGINE = "engine"
LIBRARIES = ("torch", "jax", "sklearn", "keras")

BENCH_HELP = """\
Measures how long one update of a network takes here, next to the rivals that are installed:
PyTorch, JAX, scikit-learn, Keras, and TensorFlow Playground's engine.

Everybody has a process of their own and takes turns: in every round each one trains the same
network from the same weights for a moment, in reverse order every other round. The table shows
medians, in microseconds per update, and how many times longer the best configuration of each
rival takes (PyTorch: plain, foreach or fused; one thread or more). Leave the machine alone
meanwhile: a turn waits for a quiet moment, but not longer than 1.5 s.

--gpu measures another thing, in less than 8 minutes: how right and how fast our loops on the GPU
are, next to PyTorch on it, with and without CUDA graphs, and next to our own on the processor;
what compiling, launches, snapshots and transfers cost; and which of our goals are met. The exit
code is 1 where something of ours failed or is not right."""
BENCH_EXAMPLES = """\
workloads:
{workloads}
  engine          importing the engine, compiling and loading its kernels

examples:
  visualnn bench
  visualnn bench --only w1,w2 --rounds 7
  visualnn bench --python ~/rivals/bin/python --playground nn.js
  visualnn bench --rivals none --json
  visualnn bench --gpu --json --save gpu.json
  visualnn bench --gpu --only compile,correctness,tiny

with --gpu, --only takes these, of which the last is for whoever tunes our loops and must be named:
{sections}

TensorFlow Playground's engine is one file, src/nn.ts of github.com/tensorflow/playground.
With node installed, this makes nn.js of it:
  npx -p typescript@5 tsc nn.ts --module commonjs --target es2020"""


def bench(name: str, arguments: list[str]) -> int:
    """``visualnn bench``: measures, and prints a table."""
    options = _parser(name).parse_args(arguments)
    _check(options)
    if options.gpu:
        return measure_gpu(options)
    workloads = _chosen(options.only)
    if not options.json:
        say_lines([_headline(options)])
    results, notes, versions = _contest(options, workloads)
    times = _engine_times(options) if options.only is None or ENGINE in options.only else None
    if options.json:
        say_json(_report(options, results, notes, versions, times))
    else:
        _say_end(results, versions, times)
    return 0


def _parser(name: str) -> Parser:
    from visualnn.bench.gpu.sections import SECTIONS
    from visualnn.bench.machine import cores
    from visualnn.bench.workload import WORKLOADS

    listed = "\n".join(f"  {workload.name:<16}{workload.describe()}" for workload in WORKLOADS)
    sections = fill(", ".join(SECTIONS), 96, initial_indent="  ", subsequent_indent="  ")
    parser = Parser(name, BENCH_HELP, BENCH_EXAMPLES.format(workloads=listed, sections=sections))
    add = parser.add_argument
    add("--only", metavar="NAME,…", type=_words, help="these workloads; “wide” names all that begin with wide-")
    add("--rivals", metavar="NAME,…", type=_words, help=f"of {', '.join(LIBRARIES)}; or none (default: all)")
    add("--python", metavar="PATH", default=sys.executable, help="the Python that has the rivals (default: this one)")
    add("--playground", metavar="FILE.js", type=Path, help="TensorFlow Playground's engine; see below")
    add("--rounds", metavar="N", type=whole(1, 1000), default=5, help="default: 5")
    add("--seconds", metavar="S", type=positive, default=0.15, help="how long a turn takes (default: 0.15)")
    add("--threads", metavar="N", type=whole(1, 64), default=min(2, cores()), help="at most, for all (default: 2)")
    add("--json", action="store_true", help="print one object with every measurement")
    add("--gpu", action="store_true", help="measure the GPU instead")
    add("--minutes", metavar="M", type=positive, default=7.5, help="the most that --gpu takes (default: 7.5)")
    add("--save", metavar="FILE.json", type=Path, help="with --gpu: what is known so far, after every section")
    add("--simulate", action="store_true", help="with --gpu: try the command without one; no figure counts")
    return parser


def _words(text: str) -> list[str]:
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise ArgumentTypeError(f"must be names with commas between them, not “{text}”")
    return words


def _check(options: Namespace) -> None:
    """Raises `WrongUseError` for what is not there."""
    if (options.simulate or options.save) and not options.gpu:
        raise WrongUseError("--simulate and --save go with --gpu.")
    if options.save:
        check_target(options.save, ".json")
    if getattr(sys, "frozen", False):
        raise WrongUseError("a packaged app cannot measure itself; use VisualNN from its source.")
    options.rivals = list(LIBRARIES) if options.rivals is None else [r for r in options.rivals if r != "none"]
    for rival in options.rivals:
        if rival not in LIBRARIES:
            raise WrongUseError(f"there is no rival “{rival}”; there are {', '.join(LIBRARIES)}, or none.")
    if shutil.which(options.python) is None:
        raise WrongUseError(f"there is no Python “{options.python}”.")
    if options.playground is not None and not options.playground.is_file():
        raise WrongUseError(f"there is no file “{options.playground}”.")


def _chosen(words: list[str] | None) -> list[Workload]:
    from visualnn.bench.workload import WORKLOADS, chosen

    if words is None:
        return list(WORKLOADS)
    try:
        return chosen([word for word in words if word != ENGINE])
    except KeyError as error:
        known = ", ".join([*(workload.name for workload in WORKLOADS), ENGINE])
        raise WrongUseError(f"there is no workload “{error.args[0]}”; there are {known}.") from None


def _contest(options: Namespace, workloads: list[Workload]) -> tuple[list[Result], list[str], dict[str, str]]:
    """All workloads, each told of when it is done."""
    from visualnn.bench import competitor
    from visualnn.bench.contest import Contest, Rules

    entrants = competitor.ours(options.threads)
    entrants += competitor.rivals(options.rivals, options.python, options.threads)
    entrants += competitor.playground(options.playground.absolute()) if options.playground else []
    rules = Rules(options.rounds, options.seconds)
    with Contest(entrants, dict(os.environ), rules, tell=tell_problem, show=show) as contest:
        results = [_measured(contest, workload, silent=options.json) for workload in workloads]
        return results, contest.notes, contest.versions


def _measured(contest: Contest, workload: Workload, *, silent: bool) -> Result:
    from visualnn.bench.table import block

    try:
        result = contest.measure(workload)
    finally:
        show("")
    if not silent:
        say_lines(["", *block(result)])
    return result


def _engine_times(options: Namespace) -> dict[str, float | None]:
    from visualnn.bench import engine

    return engine.measure(sys.executable, dict(os.environ))


def _say_end(results: list[Result], versions: dict[str, str], times: dict[str, float | None] | None) -> None:
    from visualnn.bench import table

    if times is not None:
        say_lines(["", *table.engine_lines(times)])
    if results:
        say_lines(["", *table.summary(results), "", *table.version_lines(versions)])


def _report(
    options: Namespace,
    results: list[Result],
    notes: list[str],
    versions: dict[str, str],
    times: dict[str, float | None] | None,
) -> dict[str, Any]:
    from visualnn.bench import machine, report

    return {
        "visualnn": __version__,
        "machine": machine.describe(),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "versions": versions,
        "workloads": [report.values(result) for result in results],
        "engine": times,
        "notes": notes,
    }


def _headline(options: Namespace) -> str:
    from visualnn.bench import machine

    here = machine.describe()
    return (
        f"VisualNN {__version__} on {here['cpu']}, {here['cores']} cores, {here['system']}, Python {here['python']}; "
        f"medians of {options.rounds} rounds"
    )
