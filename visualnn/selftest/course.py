"""One part after the other, each with its time, and what failed; nothing of it is left when it is over."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from visualnn.selftest.failure import Failure
from visualnn.selftest.parts import PARTS, Part, Stage
from visualnn.selftest.watchdog import Watchdog

PATIENCE_S = 300.0  # for all of it; it takes some seconds, or two minutes where kernels have to be compiled
WORD = 10  # letters of the name of a part

Tell = Callable[[str], None]


class Result(NamedTuple):
    """What came of one part."""

    name: str
    milliseconds: float
    remark: str
    failure: str = ""  # a sentence

    def __str__(self) -> str:
        said = f"FAILED: {self.failure}" if self.failure else self.remark
        return f"{self.name:{WORD}} {self.milliseconds:7,.0f} ms  {said}".rstrip()


def run(tell: Tell, *, on_screen: bool = False, parts: Sequence[Part] = PARTS, patience_s: float = PATIENCE_S) -> int:
    """Do all parts, without a screen unless one is asked for; 0 if all went well, else 1."""
    folder = Path(tempfile.mkdtemp(prefix="visualnn-self-test-"))
    under_way = ["start"]

    def bite() -> None:
        tell(f"{under_way[-1]:{WORD}} FAILED: nothing has happened for {patience_s:.0f} s.")
        shutil.rmtree(folder, ignore_errors=True)

    try:
        with Watchdog(patience_s, bite), _screen(on_screen):
            results = list(_results(folder, parts, under_way, tell))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    failed = [result.name for result in results if result.failure]
    tell(f"Failed: {', '.join(failed)}." if failed else "Everything works.")
    return 1 if failed else 0


def _results(folder: Path, parts: Sequence[Part], under_way: list[str], tell: Tell) -> Iterator[Result]:
    """What comes of each part, told at once. After one that failed the others still have their turn."""
    start = perf_counter()
    with _overheard() as errors:
        stage = Stage(folder)
        try:
            for part in parts:
                under_way.append(part.name)
                result = _result(part, stage, start, errors)
                tell(str(result))
                yield result
                start = perf_counter()
        finally:
            under_way.append("closing")
            stage.close()


def _result(part: Part, stage: Stage, start: float, errors: list[BaseException]) -> Result:
    """What comes of one part; whatever is raised meanwhile, in a slot or in a thread, counts as its failure."""
    remark, failure = "", ""
    try:
        remark = part.do(stage)
    except Failure as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001  whatever it is, the next parts are to be seen, too
        failure = f"{type(error).__name__}: {error}"
    failure = failure or "; ".join(f"{type(error).__name__}: {error}" for error in errors)
    errors.clear()
    return Result(part.name, 1000 * (perf_counter() - start), remark, failure)


@contextlib.contextmanager
def _overheard() -> Iterator[list[BaseException]]:
    """The exceptions that slots and threads raise, which nobody else would hear of."""
    found: list[BaseException] = []
    python, thread = sys.excepthook, threading.excepthook
    sys.excepthook = lambda kind, error, trace: found.append(error)
    threading.excepthook = lambda args: found.append(args.exc_value or args.exc_type())
    try:
        yield found
    finally:
        sys.excepthook, threading.excepthook = python, thread


@contextlib.contextmanager
def _screen(on_screen: bool) -> Iterator[None]:
    """Qt looks at the environment when it starts; what was there is put back."""
    before = os.environ.get("QT_QPA_PLATFORM")
    if not on_screen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        yield
    finally:
        if before is not None:
            os.environ["QT_QPA_PLATFORM"] = before
        elif not on_screen:
            del os.environ["QT_QPA_PLATFORM"]
