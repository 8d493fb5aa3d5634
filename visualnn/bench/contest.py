"""Rounds in which every competitor gets a turn at the same work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from visualnn.bench import figures
from visualnn.bench.competitor import OURS, PLAYGROUND, Competitor
from visualnn.bench.figures import Result, Sample, Standing
from visualnn.bench.machine import Watch, wait_until_quiet
from visualnn.bench.process import PREPARE_S, TURN_S, Worker, WorkerError, busy_core
from visualnn.bench.workload import Workload

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long to measure."""

    rounds: int = 5
    seconds: float = 0.15  # of one turn


class Contest:
    """Keeps the competitors' processes through all workloads; a context manager that leaves none behind."""

    def __init__(
        self,
        competitors: list[Competitor],
        environment: dict[str, str],
        rules: Rules,
        *,
        tell: Tell,  # of what goes wrong
        show: Tell,  # what is going on
    ) -> None:
        self.rules, self._tell, self._show = rules, tell, show
        self.versions: dict[str, str] = {}  # by family
        self.notes: list[str] = []
        self._left = list(competitors)
        self._environment = environment
        self._workers: dict[Competitor, Worker] = {}

    def measure(self, workload: Workload) -> Result:
        """One workload, everybody interleaved."""
        with busy_core() if workload.contended else nullcontext():
            ready = [Standing(c) for c in list(self._left) if c.takes(workload) and self._prepare(c, workload)]
            result = Result(workload, ready)
            for number in range(self.rules.rounds):
                self._show(f"{workload.name}: round {number + 1} of {self.rules.rounds}")
                for i in figures.turn_order(len(ready), number):
                    self._turn(ready[i], workload)
                if workload.large and not workload.contended:
                    self._peaks(result)
        return result

    def close(self) -> None:
        """Ends all processes."""
        with ExitStack() as stack:
            for worker in self._workers.values():
                stack.callback(worker.close)
        self._workers.clear()

    def _prepare(self, competitor: Competitor, workload: Workload) -> bool:
        """Whether it is warmed up. A family that is not installed is told of once."""
        if competitor not in self._left:
            return False
        self._show(f"{workload.name}: {competitor.name} warms up")
        try:
            self._worker(competitor)
        except WorkerError as error:
            self._note(competitor, workload, error)
            if error.for_good:
                self._drop(competitor)
            return False
        question: dict[str, Any] = {"prepare": workload.values()}
        if competitor.family == PLAYGROUND:  # JavaScript cannot draw NumPy's random numbers
            inputs, targets, layers = workload.problem()
            lists = [[part.tolist() for part in layer] for layer in layers]
            question["problem"] = {"inputs": inputs.tolist(), "targets": targets.tolist(), "layers": lists}
        return self._ask(competitor, workload, question, PREPARE_S) is not None

    def _worker(self, competitor: Competitor) -> Worker:
        """Its process, started if it is not running."""
        if competitor not in self._workers:
            worker = Worker(competitor.command, competitor.environment(self._environment))
            self._workers[competitor] = worker
            self.versions[competitor.family] = worker.version
        return self._workers[competitor]

    def _turn(self, standing: Standing, workload: Workload) -> None:
        competitor = standing.competitor
        if competitor not in self._workers:  # it crashed in an earlier round
            return
        wait_until_quiet(float(workload.contended))
        watch = Watch()
        turn = self._ask(competitor, workload, {"turn": self.rules.seconds}, TURN_S)
        if turn is None:
            standing.samples.clear()
            return
        updates, wall_s, cpu_s = turn["updates"], turn["wall_s"], turn["cpu_s"]
        standing.samples.append(Sample(wall_s / updates * 1e6, updates, cpu_s / wall_s, watch.others(cpu_s)))

    def _ask(
        self, competitor: Competitor, workload: Workload, question: dict[str, Any], patience_s: float
    ) -> dict[str, Any] | None:
        """The answer; None, after a note, if there is none. What went wrong once is not asked again."""
        try:
            return self._workers[competitor].ask(question, patience_s)
        except WorkerError as error:
            self._note(competitor, workload, error)
            if not error.for_good:
                self._workers.pop(competitor).close()
            return None

    def _peaks(self, result: Result) -> None:
        """The machine's peak in this round, where it can be measured."""
        for standing in result.standings:
            competitor = standing.competitor
            if competitor.family == OURS and competitor in self._workers:
                with suppress(WorkerError):
                    answer = self._workers[competitor].ask({"peak": True}, TURN_S)
                    result.peaks.setdefault(competitor.threads, []).append(answer["flops"])

    def _drop(self, competitor: Competitor) -> None:
        """Without its library, or with one thread only, there is no use in trying the like of it."""
        for other in list(self._left):
            if other.family == competitor.family and other.threads >= competitor.threads:
                self._left.remove(other)

    def _note(self, competitor: Competitor, workload: Workload, error: WorkerError) -> None:
        whom = competitor.family if error.for_good else f"{competitor.name}, {workload.name}"
        note = f"{whom}: {error}"
        if note not in self.notes:
            self.notes.append(note)
            self._tell(note)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
