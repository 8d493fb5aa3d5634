"""One competitor in a process of its own: ``python -m visualnn.bench.worker MODULE THREADS [VARIANT]``.

Reads one JSON object a line from standard input and answers each with one line, until the input ends. The first line
comes unasked: ``{"version": …}``, or ``{"unavailable": a sentence}``.

| asked | answered |
|---|---|
| ``{"prepare": workload}`` | ``{}``, warmed up |
| ``{"turn": seconds}`` | ``{"updates": …, "wall_s": …, "cpu_s": …}`` |
| ``{"peak": true}`` | ``{"flops": …}``, per second; of ours only |
| ``{"call": name, "with": {…}}`` | what this function among the ``CALLS`` of the module says; of those on a GPU only |

Whatever goes wrong is answered by ``{"error": a sentence}``.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from visualnn.bench.job import Run, Turn, UnavailableError, take_turn, updates_for, warm_up
from visualnn.bench.workload import Workload

Answer = dict[str, Any]
TRACE = 4000  # characters of a trace, the last ones


def main(arguments: list[str]) -> None:
    """Serves until standard input ends."""
    say = _speaker()
    module, threads, *variant = arguments
    try:
        competitor = import_module(module)
        version = competitor.begin(int(threads))
    except ModuleNotFoundError as error:
        say({"unavailable": f"{error.name} is not installed."})
    except UnavailableError as error:
        say({"unavailable": str(error)})
    else:
        say({"version": version})
        desk = Desk(competitor, *variant)
        for line in sys.stdin:
            say(desk.answer(json.loads(line)))


class Desk:
    """Answers, for one competitor."""

    def __init__(self, competitor: ModuleType, variant: str = "") -> None:
        self.competitor, self.variant = competitor, variant
        self._run: Run | None = None
        self._last = Turn(1, 1.0, 1.0)

    def answer(self, asked: dict[str, Any]) -> Answer:
        """Does what is asked; an exception becomes a sentence."""
        try:
            if "prepare" in asked:
                return self._prepare(Workload.of(asked["prepare"]))
            if "turn" in asked:
                return self._turn(asked["turn"])
            if "call" in asked:
                return self._call(asked["call"], asked["with"])
            return {"flops": self.competitor.peak()}
        except UnavailableError as error:
            return {"unavailable": str(error)}
        except Exception as error:  # noqa: BLE001  a rival may raise whatever it likes
            return {"error": _sentence(error)}

    def _prepare(self, workload: Workload) -> Answer:
        self._run = None  # frees the memory of the one before
        self._run = self.competitor.prepare(workload, self.variant)
        self._last = warm_up(self._run)
        return {}

    def _call(self, name: str, given: dict[str, Any]) -> Answer:
        """What the competitor's function says; of an exception, also where it was raised: who asks is far away."""
        try:
            answer: Answer = self.competitor.CALLS[name](**given)
        except UnavailableError:
            raise
        except Exception as error:  # noqa: BLE001  as above
            return {"error": _sentence(error), "trace": traceback.format_exc()[-TRACE:]}
        return answer

    def _turn(self, seconds: float) -> Answer:
        assert self._run is not None
        self._last = take_turn(self._run, updates_for(seconds, self._last))
        return self._last._asdict()


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(os.linesep)[0]}"


def _speaker() -> Callable[[Answer], None]:
    """What writes an answer; whatever else is printed here goes to standard error from now on."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(answer: Answer) -> None:
        stream.write(json.dumps(answer) + "\n")
        stream.flush()

    return say


if __name__ == "__main__":
    main(sys.argv[1:])
