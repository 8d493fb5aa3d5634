"""``visualnn bench --gpu``: what a GPU is worth, section by section, or why there is none to be measured."""

from __future__ import annotations

import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from visualnn import __version__
from visualnn.cli.arguments import WrongUseError
from visualnn.cli.output import as_json, flush, say, say_json, tell

if TYPE_CHECKING:
    from visualnn.bench.gpu.session import Session
    from visualnn.gpu import Gpu


def measure_gpu(options: Namespace) -> int:
    """``visualnn bench --gpu``: some lines for every section as it ends, or one object at the end."""
    from visualnn.bench.gpu import lines
    from visualnn.bench.gpu.crew import Crew
    from visualnn.bench.gpu.sections import SECTIONS, USUAL
    from visualnn.bench.gpu.session import Rules, Session

    found, names = _gpu(simulated=options.simulate), options.only or USUAL
    for name in names:
        if name not in SECTIONS:
            raise WrongUseError(f"there is no section “{name}”; there are {', '.join(SECTIONS)}.")
    rules = Rules(
        options.rounds, options.seconds, options.minutes, rivals="torch" in options.rivals, tf32=found.has_tf32
    )
    rules = rules.tiny() if options.simulate else rules
    write = _tell_lines if options.json else say_lines
    with (
        TemporaryDirectory(prefix="visualnn-bench-") as folder,
        Crew(os.environ, options.python, Path(folder), simulated=options.simulate) as crew,
    ):
        session = Session(crew, rules, say=write, tell=tell_problem, show=show, save=_saver(options.save))
        session.report |= _about(options, found)
        write([_gpu_headline(found)])
        code = _measured(session, names)
    write(["", *lines.summary(session.report)])
    if options.json:
        say_json(session.report)
    return code or int(not is_sound(session.report))


def _measured(session: Session, names: Sequence[str]) -> int:
    """Whatever ends it, what is known so far is told."""
    from visualnn.bench.gpu import background
    from visualnn.bench.gpu.cases import CASES
    from visualnn.bench.gpu.sections import SECTIONS

    trains = any(case.name in names for case in CASES)
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with background.kernels(wanted=trains and not session.simulated):
            session.run(SECTIONS, names)
    except KeyboardInterrupt:
        session.note("It was stopped.")
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def is_sound(report: dict[str, Any]) -> bool:
    """Whether every section came to its end, every check was right, and ours took part in every case."""
    ended = all(section["error"] is None for section in report["sections"].values())
    right = all(check["met"] and check["same_bits"] for check in report.get("correctness", ()))
    compiled = not report.get("compile", {"cold": {"errors": {}}})["cold"]["errors"]
    return ended and right and compiled and all("gpu" in case["us_per_update"] for case in report["cases"])


def _interrupt(*_unused: object) -> None:
    """A machine that is taken back says so with a signal that would end us without a word."""
    raise KeyboardInterrupt


def _gpu(*, simulated: bool) -> Gpu:
    """Raises `WrongUseError` where none can train."""
    from visualnn import gpu
    from visualnn.bench.gpu import simulation

    found = simulation.PRETENDED if simulated else gpu.probe()
    if not found.usable:
        raise WrongUseError(found.reason)
    return found


def _about(options: Namespace, found: Gpu) -> dict[str, Any]:
    from dataclasses import asdict

    from visualnn.bench import machine

    return {
        "visualnn": __version__,
        "machine": machine.describe(),
        "gpu": asdict(found),
        "simulated": options.simulate,
        "rounds": options.rounds,
        "turn_s": options.seconds,
    }


def _gpu_headline(found: Gpu) -> str:
    from visualnn.bench import machine

    here = machine.describe()
    return f"VisualNN {__version__}: {found.sentence} {here['cpu']}, {here['cores']} cores, {here['system']}"


def _saver(path: Path | None) -> Callable[[dict[str, Any]], object] | None:
    return None if path is None else lambda report: path.write_text(as_json(report), encoding="utf-8")


def _tell_lines(lines: list[str]) -> None:
    """Beside the object that is to come."""
    tell_problem("\n".join(lines))


def tell_problem(sentence: str) -> None:
    """A problem, beside the answer."""
    show("")
    tell(sentence, 0)


def show(sentence: str) -> None:
    """What is going on, in one line of a terminal that is written again and again."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{sentence}")
        sys.stderr.flush()


def say_lines(lines: list[str]) -> None:
    """Some lines of the answer, at once."""
    say("\n".join(lines))
    flush()
