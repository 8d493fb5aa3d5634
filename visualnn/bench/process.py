"""A competitor's process, seen from outside: one question, one answer, and no process survives us.

Workers end when their standard input does, which happens even when we are killed. They are in a process group of their
own, so that Ctrl+C reaches us alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import IO, Any, Self

START_S, PREPARE_S, TURN_S = 120.0, 300.0, 120.0  # the longest to wait for an answer

SPIN = """\
import sys, threading
def spin():
    while True: pass
threading.Thread(target=spin, daemon=True).start()
sys.stdin.read()
"""


class WorkerError(Exception):
    """A competitor cannot go on; a sentence that says why."""

    def __init__(self, sentence: str, *, for_good: bool = False, trace: str = "") -> None:
        super().__init__(sentence)
        self.for_good = for_good  # it is not there at all, and trying again is of no use
        self.trace = trace  # where in its process it happened, if that is known


class Worker:
    """A running competitor. Raises `WorkerError` from every call that it does not answer well."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  `close` does it
        try:
            self._process = start(command, environment, self._complaints)
        except OSError as error:
            self._complaints.close()
            raise WorkerError(f"{command[0]} does not start: {error.strerror}.", for_good=True) from error
        try:
            self.version = str(self._answer(START_S)["version"])
        except BaseException:
            self.close()
            raise

    def ask(self, question: dict[str, Any], patience_s: float) -> dict[str, Any]:
        """The answer to a question."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # then there is no answer either
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        return self._answer(patience_s)

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        end(self._process)
        self._complaints.close()

    def _answer(self, patience_s: float) -> dict[str, Any]:
        line, late = self._line(patience_s)
        if late:
            raise WorkerError(f"no answer for {patience_s:.0f} s.")
        if not line.endswith(b"\n"):
            raise WorkerError(f"it crashed{self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        for key in ("unavailable", "error"):
            if key in answer:
                raise WorkerError(str(answer[key]), for_good=key == "unavailable", trace=answer.get("trace", ""))
        return answer

    def _line(self, patience_s: float) -> tuple[bytes, bool]:
        """What the process says next, and whether it was ended because it took too long."""
        assert self._process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        watch = threading.Timer(patience_s, give_up)
        watch.start()
        try:
            return self._process.stdout.readline(), late.is_set()
        finally:
            watch.cancel()
            watch.join()

    def _last_words(self) -> str:
        code = self._process.wait()
        self._complaints.seek(0)
        words = [line for line in self._complaints.read().decode(errors="replace").splitlines() if line.strip()]
        return f" with code {code}: {words[-1].strip()}" if words else f" with code {code}."

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@contextmanager
def busy_core() -> Iterator[None]:
    """While this lasts, another process keeps one core busy."""
    process = start((sys.executable, "-c", SPIN), dict(os.environ), subprocess.DEVNULL)
    try:
        yield
    finally:
        end(process)


def start(command: Sequence[str], environment: dict[str, str], complaints: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """A process that talks with us, out of Ctrl+C's reach."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # Windows
        start_new_session=True,  # everybody else
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kills it and waits until it is gone."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what it was never told
                pipe.close()
