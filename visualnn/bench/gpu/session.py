"""From section to section, until all is measured or the time is over; what fails ends its own section only."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from visualnn.bench.gpu.crew import PATIENCE_S, Crew
from visualnn.bench.process import WorkerError

FEW_S = 5.0  # with less time left no section begins

Say = Callable[[list[str]], object]
Tell = Callable[[str], object]
Save = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long to measure, and what can be."""

    rounds: int = 5
    seconds: float = 0.2  # of one turn
    minutes: float = 7.5  # of everything
    rivals: bool = True
    tf32: bool = True  # whether there are tensor cores for it: what is called so would be float32 without them

    def tiny(self) -> Rules:
        """For the simulator."""
        return Rules(rounds=1, seconds=1e-6, minutes=self.minutes, rivals=self.rivals, tf32=self.tf32)


class SkippedError(Exception):
    """A section that was not begun; a sentence."""


class Session:
    """Measures; `report` is what is known so far, ready for JSON."""

    def __init__(self, crew: Crew, rules: Rules, *, say: Say, tell: Tell, show: Tell, save: Save | None = None) -> None:
        self.crew, self.rules, self.show = crew, rules, show
        self.simulated = crew.device == "cpu"
        known = {"versions": crew.versions, "notes": [], "traces": crew.traces}
        self.report: dict[str, Any] = {"sections": {}, "cases": [], **known}
        self._say, self._tell, self._save = say, tell, save
        self._begun = perf_counter()

    def run(self, sections: Mapping[str, Section], names: Sequence[str]) -> None:
        """The sections of these names, in their own order."""
        for name, section in sections.items():
            if name in names:
                self._measure(name, section)
        self.report["seconds"] = perf_counter() - self._begun
        self._keep()

    def ask(self, who: str, call: str, **given: Any) -> dict[str, Any]:
        """What one of the crew answers. Raises `WorkerError`."""
        return self.crew.ask(who, call, patience_s=max(1.0, min(PATIENCE_S, self.left_s())), **given)

    def left_s(self) -> float:
        """Until the time is over."""
        return self._begun + self.rules.minutes * 60 - perf_counter()

    def note(self, note: str) -> None:
        """Tells of what went wrong, once."""
        if note not in self.report["notes"]:
            self.report["notes"].append(note)
            self.show("")
            self._tell(note)

    def _measure(self, name: str, section: Section) -> None:
        begun, error = perf_counter(), None
        self.show(name)
        try:
            if self.left_s() < FEW_S:
                raise SkippedError("there was no time left for it.")
            self._say(["", *section(self)])
        except Exception as problem:  # noqa: BLE001  whatever it is, the other sections are still to come
            error = str(problem) or type(problem).__name__
            if not isinstance(problem, (WorkerError, SkippedError)):
                self.crew.traces.append({"who": "session", "call": name, "trace": traceback.format_exc()})
            self.note(f"{name}: {error}")
        finally:
            self.show("")
        self.report["sections"][name] = {"seconds": perf_counter() - begun, "error": error}
        self._keep()

    def _keep(self) -> None:
        if self._save is not None:
            self._save(self.report)


Section = Callable[[Session], list[str]]
