"""From section to section, until all is measured or the time is over; what fails ends its own section only."""

from __future__ import annotations

import json
import subprocess
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from visualnn.bench import figures
from visualnn.bench.competitor import script_command
from visualnn.bench.gpu import background, checks, lines, surroundings
from visualnn.bench.gpu.cases import CASES, Case
from visualnn.bench.gpu.crew import CPU, GPU, PATIENCE_S, TORCH, Crew
from visualnn.bench.gpu.goals import Goal, verdicts
from visualnn.bench.gpu.outcome import EAGER, OURS, Outcome
from visualnn.bench.process import WorkerError

SECTIONS = (
    *("environment", "compile", "launches", "correctness"),
    *(case.name for case in CASES),
    *("product", "frames", "snapshots", "transfers"),
)
VARIANTS = (EAGER, "graph", "graph of 16")  # of PyTorch, as its module names them
PRODUCT_GOALS = (Goal("cublas", 0.65, 0.85),)
LAUNCH_GOALS = (Goal("launch_us", 5.0, at_most=True),)
LOOKED_AT = ("tiny", "mnist", "wide")  # cases whose launches and snapshots are looked at
FEW_S = 5.0  # with less time left no section begins
FAILURES = 3  # of checks, after which no more are tried: each costs a new process
LOAD = """\
import json, sys, time
begun = time.perf_counter()
from visualnn.bench.gpu import simulation
simulated = simulation.is_wanted()
if simulated: simulation.pretend()
from visualnn.nn.kernels.gpu import loops
imported = time.perf_counter()
found = {"import_s": imported - begun}
for family in loops.FAMILIES[: 1 if simulated else None]:
    before = time.perf_counter()
    loops.warm(family)
    found[family + "_s"] = time.perf_counter() - before
found["all_s"] = time.perf_counter() - imported
print(json.dumps(found))
"""

Say = Callable[[list[str]], object]
Tell = Callable[[str], object]
Save = Callable[[dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long to measure."""

    rounds: int = 5
    seconds: float = 0.2  # of one turn
    minutes: float = 7.5  # of everything
    rivals: bool = True

    def tiny(self) -> Rules:
        """For the simulator."""
        return Rules(rounds=1, seconds=1e-6, minutes=self.minutes, rivals=self.rivals)


class SkippedError(Exception):
    """A section that was not begun; a sentence."""


class Session:
    """Measures; `report` is what is known so far, ready for JSON."""

    def __init__(self, crew: Crew, rules: Rules, *, say: Say, tell: Tell, show: Tell, save: Save | None = None) -> None:
        self.crew, self.rules = crew, rules
        self.simulated = crew.device == "cpu"
        self.outcomes: dict[str, Outcome] = {}
        known = {"versions": crew.versions, "notes": [], "traces": crew.traces}
        self.report: dict[str, Any] = {"sections": {}, "cases": [], **known}
        self._say, self._tell, self._show, self._save = say, tell, show, save
        self._begun = perf_counter()

    def run(self, names: Sequence[str] = SECTIONS) -> None:
        """All of these sections, in our order."""
        with background.kernels(wanted=not self.simulated and any(case.name in names for case in CASES)):
            for name in SECTIONS:
                if name in names:
                    self._section(name)
        self.report["seconds"] = perf_counter() - self._begun
        self._keep()

    def _section(self, name: str) -> None:
        begun, error = perf_counter(), None
        self._show(name)
        try:
            if self._left_s() < FEW_S:
                raise SkippedError("there was no time left for it.")
            self._say(["", *self._measured(name)])
        except Exception as problem:  # noqa: BLE001  whatever it is, the other sections are still to come
            error = str(problem) or type(problem).__name__
            if not isinstance(problem, (WorkerError, SkippedError)):
                self.crew.traces.append({"who": "session", "call": name, "trace": traceback.format_exc()})
            self._note(f"{name}: {error}")
        finally:
            self._show("")
        self.report["sections"][name] = {"seconds": perf_counter() - begun, "error": error}
        self._keep()

    def _measured(self, name: str) -> list[str]:
        """Measures one section; its lines."""
        case = next((case for case in CASES if case.name == name), None)
        if case is not None:
            return self._case(case.tiny() if self.simulated else case)
        found: list[str] = getattr(self, f"_{name}")()
        return found

    def _environment(self) -> list[str]:
        self.report["environment"] = found = self._ask(GPU, "surroundings")
        return lines.environment(found)

    def _compile(self) -> list[str]:
        """In children: with an empty cache, and with what the first one left there."""
        cold = self._loaded()
        cached = self._loaded()
        self.report["compile"] = {"cold": cold, "cached": cached}
        return lines.compiling(cold, cached)

    def _loaded(self) -> dict[str, float]:
        command = script_command(self.crew.command(GPU)[0], LOAD)
        environment = self.crew.environment_of(GPU)
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=self._left_s(), check=False
        )
        if done.returncode:
            raise RuntimeError((done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1])
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found

    def _correctness(self) -> list[str]:
        found: list[dict[str, Any]] = []
        failures = 0
        self.report["correctness"] = found
        for index, check in enumerate(checks.of(self.crew.device)):
            self._show(f"correctness: {check.name}")
            answer: dict[str, Any] = {"name": check.name, "limit": check.limit}
            try:
                answer |= self._ask(GPU, "check", index=index, device=self.crew.device)
            except WorkerError as error:
                answer |= {"deviation": None, "met": False, "same_bits": None, "problem": str(error)}
                failures += 1
            found.append(answer)
            if failures >= FAILURES:
                self._note(f"correctness: given up after {FAILURES} checks that failed.")
                break
        return lines.correctness(found)

    def _case(self, case: Case) -> list[str]:
        outcome = Outcome(case)
        self.outcomes[case.name] = outcome
        try:
            self._rounds(outcome)
            if case.large:  # now the clocks are those of work
                outcome.prepared["driver"] = surroundings.driver_says()
        finally:
            self.report["cases"].append(outcome.values(self.outcomes))
            for name in (GPU, TORCH):  # what they hold on the GPU is of no use to the next case
                if case.large:
                    self.crew.end(name)
        for name, error in outcome.errors.items():
            self._note(f"{case.name}, {name}: {error}")
        return lines.case(outcome, self.outcomes)

    def _rounds(self, outcome: Outcome) -> None:
        """Everybody who can takes a turn in every round, in reverse order every other round."""
        ready = self._ready(outcome)
        for number in range(self.rules.rounds):
            self._show(f"{outcome.case.name}: round {number + 1} of {self.rules.rounds}")
            for i in figures.turn_order(len(ready), number):
                who, variant = ready[i]
                if variant in outcome.errors:
                    continue
                try:
                    sample = self._ask(who, "turn", variant=variant, seconds=self.rules.seconds)
                    outcome.samples.setdefault(variant, []).append(sample)
                except WorkerError as error:
                    outcome.errors[variant] = str(error)
                    outcome.samples.pop(variant, None)

    def _ready(self, outcome: Outcome) -> list[tuple[str, str]]:
        """Who is warmed up, and for which variants of turns."""
        ready: list[tuple[str, str]] = []
        everybody = {GPU: (OURS,), TORCH: VARIANTS if self.rules.rivals else (), CPU: (CPU,)}
        for who, variants in everybody.items():
            if not variants or (outcome.case.networks > 1 and who == TORCH) or not self.crew.is_there(who):
                continue
            self._show(f"{outcome.case.name}: {who} warms up")
            try:
                prepared = self._ask(who, "prepare", case=self._for(outcome.case, who), device=self.crew.device)
            except WorkerError as error:
                outcome.errors[who] = str(error)
                continue
            outcome.prepared[who] = prepared
            ready += [(who, variant) for variant in variants]
        return ready

    def _for(self, case: Case, who: str) -> dict[str, Any]:
        """The processor trains one network after the other, and so one of them will do."""
        return {**case.values(), "networks": 1 if who == CPU else case.networks}

    def _product(self) -> list[str]:
        """A product of large matrices: ours and cuBLAS's."""
        size, repeats, rounds = (16, 1, 1) if self.simulated else (4096, 5, self.rules.rounds)
        self.report["product"] = found = []
        for tf32 in (False, True):
            times: dict[str, list[float]] = {OURS: [], TORCH: []}
            given = {"size": size, "tf32": tf32, "device": self.crew.device, "repeats": repeats}
            deviation = None
            for _ in range(rounds):
                for name, who in ((OURS, GPU), (TORCH, TORCH)):
                    if who == GPU or (self.rules.rivals and self.crew.is_there(TORCH)):
                        answer = self._ask(who, "product", **given)
                        times[name].append(answer["us"])
                    deviation = answer.get("deviation", deviation)
            us = {name: median(each) for name, each in times.items() if each}
            measured = {"us": us[OURS], "tflops": 2 * size**3 / us[OURS] * 1e-6}
            if TORCH in us:
                measured["cublas"] = us[TORCH] / us[OURS]
            goals = () if tf32 or self.simulated else PRODUCT_GOALS
            each = {"size": size, "tf32": tf32, "us": us, "measured": measured, "deviation": deviation}
            found.append({**each, "goals": verdicts(goals, measured)})
        return lines.product(found)

    def _launches(self) -> list[str]:
        found = self._ask(GPU, "launches", device=self.crew.device, count=20 if self.simulated else 1000)
        us = found.get("graph_us")
        found["goals"] = verdicts(LAUNCH_GOALS, {} if us is None else {"launch_us": us})
        self.report["launches"] = found
        return lines.launches(found)

    def _transfers(self) -> list[str]:
        megabytes = 0.01 if self.simulated else 64.0
        self.report["transfers"] = found = self._ask(GPU, "transfers", device=self.crew.device, megabytes=megabytes)
        return lines.transfers(found)

    def _frames(self) -> list[str]:
        return lines.frames(self._looked_at("frames"))

    def _snapshots(self) -> list[str]:
        return lines.snapshots(self._looked_at("snapshots"))

    def _looked_at(self, call: str) -> dict[str, dict[str, Any]]:
        """The answers for some cases."""
        self.report[call] = found = {}
        for case in [case for case in CASES if case.name in LOOKED_AT]:
            shown, seconds = (case.tiny(), 0.05) if self.simulated else (case, 1.0)
            try:
                found[case.name] = self._ask(GPU, call, case=shown.values(), seconds=seconds)
            except WorkerError as error:
                self._note(f"{call}, {case.name}: {error}")
            if self.simulated:
                break
        return found

    def _ask(self, who: str, call: str, **given: Any) -> dict[str, Any]:
        patience = max(1.0, min(PATIENCE_S, self._left_s()))
        return self.crew.ask(who, call, patience_s=patience, **given)

    def _left_s(self) -> float:
        return self._begun + self.rules.minutes * 60 - perf_counter()

    def _note(self, note: str) -> None:
        if note not in self.report["notes"]:
            self.report["notes"].append(note)
            self._show("")
            self._tell(note)

    def _keep(self) -> None:
        if self._save is not None:
            self._save(self.report)
