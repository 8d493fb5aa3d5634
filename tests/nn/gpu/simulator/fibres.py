"""Simulated threads: greenlets of one OS thread, which switch where they meet and nowhere else."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NamedTuple

from greenlet import GreenletExit, getcurrent, greenlet

from tests.nn.gpu.simulator.schedules import Schedule

WARP = 32
Place = tuple[CodeType, int]
Line = tuple[str, int]  # file, line


class Dimensions(NamedTuple):
    """Three numbers, of an index or of a size."""

    x: int
    y: int = 1
    z: int = 1


class Stuck(RuntimeError):
    """Threads wait at a barrier for others that never come, or that came elsewhere."""


class Fibre(greenlet):
    """One simulated thread."""

    def __init__(self, work: Callable[[], None], block: Any, number: int) -> None:
        super().__init__(work)
        self.gr_context = copy_context()  # what NumPy is to say about NaN
        self.block = block
        self.number = number
        self.lane = number % WARP
        self.index = place_of(number, block.size)
        self.at: Place | None = None
        self.copies: list[list[Callable[[], None]]] = [[]]

    def __str__(self) -> str:
        where = f" at {self.at[0].co_name}:{line_of(self.at)}" if self.at else ""
        return f"thread {tuple(self.index)} of block {tuple(self.block.index)}{where}"


def place_of(number: int, size: Dimensions) -> Dimensions:
    """The three coordinates of something numbered with x as the fastest."""
    return Dimensions(number % size.x, number // size.x % size.y, number // (size.x * size.y))


def line_of(place: Place) -> int:
    """The line in the file of a place in a function."""
    code, at = place
    return next((line for start, end, line in code.co_lines() if start <= at < end and line), code.co_firstlineno)


class Brought(dict[Any, Any]):
    """What everyone brought to a meeting, by rank, and what was made of it together."""

    _made: Any = None

    def once(self, make: Callable[[Brought], Any]) -> Any:
        """What the first who asks makes of it, for all."""
        if self._made is None:
            self._made = make(self)
        return self._made


class Meeting:
    """A barrier: who comes waits until all have come, and gets what everyone brought, by rank."""

    def __init__(self, crowd: Crowd, ranks: Iterable[Any]) -> None:
        self._crowd = crowd
        self._ranks = frozenset(ranks)
        self._arrived: dict[Any, Fibre] = {}
        self._brought = Brought()

    def join(self, rank: Any, value: Any = None, depth: int = 2) -> Brought:
        """Waits for the others; all have to be at the same place of the function `depth` calls up."""
        fibre = getcurrent()
        frame = sys._getframe(depth)
        if self._crowd.is_ignored((frame.f_code.co_filename, frame.f_lineno)):
            return Brought({rank: value})
        fibre.at = (frame.f_code, frame.f_lasti)
        if rank not in self._ranks:
            raise Stuck(f"{fibre} is none of those that it says it meets")
        brought = self._brought
        brought[rank] = value
        self._arrived[rank] = fibre
        if len(brought) == len(self._ranks):
            self._end()
        self._crowd.rest()
        fibre.at = None
        return brought

    def _end(self) -> None:
        group = [self._arrived[rank] for rank in sorted(self._ranks)]
        for fibre in group:
            if fibre.at != group[0].at:
                raise Stuck(f"{fibre} has come elsewhere than {group[0]}")
        self._arrived, self._brought = {}, Brought()
        self._crowd.let_go(group)


@dataclass
class Watch:
    """Which lines with barriers were reached, and the one where nobody waits, as if it were not there."""

    reached: set[Line] = field(default_factory=set)
    ignored: Line | None = None


class Crowd:
    """All threads of a launch, and whose turn it is."""

    def __init__(self, schedule: Schedule, watch: Watch, on_turn: Callable[[Fibre], None]) -> None:
        self.schedule = schedule
        self._watch = watch
        self._on_turn = on_turn
        self._next: deque[Fibre] = deque()
        self._own = getcurrent()

    def run(self, fibres: Sequence[Fibre]) -> None:
        """Runs all to their end; what one raises is raised, with a note which one it was."""
        try:
            self.let_go(fibres)
            while self._next:
                self._give_turn(self._next.popleft())
            if waiting := [fibre for fibre in fibres if not fibre.dead]:
                raise Stuck(f"{len(waiting)} threads wait for others that never come, the first is {waiting[0]}")
        finally:
            for fibre in fibres:
                if fibre:
                    fibre.throw(GreenletExit)

    def _give_turn(self, fibre: Fibre) -> None:
        self._on_turn(fibre)
        try:
            fibre.switch()
        except Exception as problem:
            problem.add_note(f"in {fibre}")
            raise

    def let_go(self, group: Sequence[Fibre]) -> None:
        """Puts those in front, or behind those who wait for their turn."""
        ordered = self.schedule.ordered(group)
        if self.schedule.is_greedy:
            self._next.extendleft(reversed(ordered))
        else:
            self._next.extend(ordered)

    def is_ignored(self, line: Line) -> bool:
        """Whether nobody waits at this line, where one has come now."""
        self._watch.reached.add(line)
        return line == self._watch.ignored

    def rest(self) -> None:
        """Waits until somebody lets the present thread go."""
        self._own.switch()

    def step_aside(self) -> None:
        """Lets every other thread that can run run first; who waits for a value in memory has to do that."""
        self._next.append(getcurrent())
        self.rest()
