"""What was found, to be read, and to be pasted into a report: folders below the home are written with “~”."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from visualnn.health.findings import extras, notes, problems
from visualnn.health.parts import Found
from visualnn.health.report import Health

WORD, WIDTH = 12, 108  # letters of the name of a line, and of what stands behind it
WELL = "Everything that VisualNN needs is here."
GB, KIB = 1e9, 1024


def text(health: Health, home: str | None = None) -> str:
    """The whole report; the verdict stands at its end."""
    lines = [f"{word:{WORD}} {line}".rstrip() for word, line in _lines(health)]
    wrong = [f"PROBLEM  {sentence}" for sentence in problems(health)]
    told = "\n".join([*lines, "", *(f"Note     {note}" for note in notes(health)), *(wrong or [WELL])])
    return _shortened(told, str(Path.home()) if home is None else home)


def _lines(health: Health) -> Iterator[tuple[str, str]]:
    yield "VisualNN", f"{health.version}, {health.origin}"
    yield "Python", f"{health.python}, {health.executable}"
    yield "System", health.machine.system
    yield from _machine(health)
    yield from _cuda(health)
    yield from _listed("Parts", (f"{each.part.name.partition(',')[0]} {_version(each)}" for each in health.parts))
    yield from _listed("Libraries", (f"{library.name} {library.version}" for library in health.libraries))
    yield from _rows("Extras", (f"{name}: {'here' if there else 'not installed'}" for name, there in extras(health)))
    yield from _screen(health)
    yield "Resources", health.resources or "not found"
    yield from _listed("Fonts", health.fonts)
    for place in health.places:
        yield place.name, f"{place.path}{'' if place.writable else ' (cannot be written)'}" if place.path else "none"
    otherwise = "to be compiled" if health.ahead is None else "not here"
    yield from _listed(
        "Kernels", (f"{each.name} {'compiled' if each.compiled else otherwise}" for each in health.kernels)
    )
    if health.ahead:
        yield "", f"all of them ahead of time, for {health.ahead}"


def _machine(health: Health) -> Iterator[tuple[str, str]]:
    machine = health.machine
    cores = f"{machine.cores} core{'s' if machine.cores > 1 else ''}"
    yield "Processor", ", ".join(filter(None, (machine.cpu, cores, machine.level)))
    yield from _listed("Features", machine.features)
    if machine.memory is not None:
        free = "" if machine.free_memory is None else f", {machine.free_memory / GB:.1f} GB free"
        yield "Memory", f"{machine.memory / GB:.1f} GB{free}"


def _cuda(health: Health) -> Iterator[tuple[str, str]]:
    """The sentences, a row for each; of a card what it is, and what it trains with."""
    cuda = health.cuda
    yield from _rows("CUDA", re.split(r"(?<=\.) (?=[A-Z])", cuda.sentence))
    if cuda.name:
        figures = f"{cuda.multiprocessors} multiprocessors, {cuda.shared / KIB:.0f} KiB of shared memory a block"
        yield "GPU", f"{cuda.name}, CUDA {cuda.driver}, compute capability {cuda.capability}"
        yield "", f"{cuda.memory / GB:.1f} GB, {figures}"
        if cuda.watchdog:
            yield "", "draws the screen, too: the system ends what computes for seconds"
    if cuda.name or cuda.packages:
        yield from _listed("GPU packages", (f"{package.name} {package.version}" for package in cuda.packages))
    if cuda.kernels:
        told = (f"{each.name} {'compiled' if each.compiled else 'to be compiled'}" for each in cuda.kernels)
        yield from _listed("GPU kernels", told)


def _screen(health: Health) -> Iterator[tuple[str, str]]:
    qt, screen = health.toolkit, health.screen
    asked = f"QT_QPA_PLATFORM={screen.asked}" if screen.asked else ""
    shown = ", ".join(filter(None, (qt.version or "not loaded", qt.platform, asked)))
    yield "Qt", shown
    yield from _rows("Screens", qt.screens)
    yield from _rows("Missing", (f"{library.name} ({library.package})" for library in screen.missing))
    yield from _rows("Variables", (f"{name}={value}" for name, value in screen.variables))


def _rows(word: str, rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A line for each, the first of them with the name."""
    for i, row in enumerate(rows):
        yield "" if i else word, row


def _listed(word: str, items: Iterable[str]) -> Iterator[tuple[str, str]]:
    """All of them one behind the other, on as few lines as they need."""
    joined = ", ".join(item.replace(" ", "\N{NO-BREAK SPACE}") for item in items)
    lines = textwrap.wrap(joined, WIDTH, break_long_words=False, break_on_hyphens=False) or ["none"]
    return _rows(word, (line.replace("\N{NO-BREAK SPACE}", " ") for line in lines))


def _version(found: Found) -> str:
    return (found.version or "(version unknown)") if found.here else "not installed"


def _shortened(told: str, home: str) -> str:
    """Without the name of the user, which is nobody's business."""
    return told.replace(home + os.sep, f"~{os.sep}") if home and home != os.sep else told
