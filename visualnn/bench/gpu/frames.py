"""Whether a desktop stays usable while the GPU trains: how long launches are, how soon one stops, what a look costs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any

from visualnn.nn.kernels.arguments import STOP, STOPPED, WANTED, Loop
from visualnn.nn.training import Training

FRAME_S = 0.016
STOPS = 7  # how often a run is stopped
BEFORE_STOP_S = 0.06
POLL_S = 0.0005  # between two looks whether a shot has come
ROUNDS = 3  # of looking and not looking

Advance = Callable[[Loop, Training, int], int]
Launches = list[tuple[int, float]]  # updates of each, and seconds


def measured(loop: Loop, training: Training, advance: Advance, seconds: float) -> dict[str, Any]:
    """The launches of a run of about so many seconds once it has found its pace."""
    us = _pace(loop, training, advance, seconds / 4)
    with noted() as launches:
        advance(loop, training, max(1, round(seconds * 1e6 / us)))
    stops = [_stop_s(loop, training) for _ in range(STOPS)]
    return {
        "us": us,
        "launches": len(launches),
        "updates_per_launch": median(updates for updates, _ in launches) if launches else None,
        "median_ms": median(s for _, s in launches) * 1e3 if launches else None,
        "longest_ms": max(s for _, s in launches) * 1e3 if launches else None,
        "frame_ms": FRAME_S * 1e3,
        "updates_per_frame": FRAME_S * 1e6 / us,
        "stop_ms": median(stops) * 1e3,
        "longest_stop_ms": max(stops) * 1e3,
    }


def looked_at(loop: Loop, training: Training, advance: Advance, seconds: float) -> dict[str, Any]:
    """The same run with somebody who looks once a frame, and without."""
    us = _pace(loop, training, advance, seconds / 4)
    updates = max(1, round(seconds * 1e6 / us))
    alone, watched, shots, waits = [], [], 0, []
    for _ in range(ROUNDS):
        alone.append(_timed(loop, training, advance, updates))
        with _looking(training) as seen:
            watched.append(_timed(loop, training, advance, updates))
        shots += len(seen)
        waits += seen
    slower_s = median(watched) - median(alone)
    return {
        "us_alone": median(alone) / updates * 1e6,
        "us_watched": median(watched) / updates * 1e6,
        "shots": shots,
        "us_per_shot": slower_s / (shots / ROUNDS) * 1e6 if shots else None,
        "wait_ms": median(waits) * 1e3 if waits else None,  # from asking to having it
        "parameters": training.state.parameters.size,
    }


@contextmanager
def noted() -> Iterator[Launches]:
    """Notes what the loops learn of their launches."""
    kind, launches = import_module("visualnn.nn.kernels.gpu.chunk").Chunk, []
    kept = kind.measured

    def measured(self: Any, updates: int, seconds: float) -> None:
        launches.append((updates, seconds))
        kept(self, updates, seconds)

    kind.measured = measured
    try:
        yield launches
    finally:
        kind.measured = kept


def _pace(loop: Loop, training: Training, advance: Advance, seconds: float) -> float:
    """Microseconds for an update, after more and more of them."""
    updates = 1
    advance(loop, training, 1)
    while (taken := _timed(loop, training, advance, updates)) < seconds:
        updates *= 2
    return taken / updates * 1e6


def _timed(loop: Loop, training: Training, advance: Advance, updates: int) -> float:
    begun = perf_counter()
    advance(loop, training, updates)
    return perf_counter() - begun


def _stop_s(loop: Loop, training: Training) -> float:
    """How long it takes until a run that is stopped has stopped."""
    flags, asked = training.control.flags, [0.0]

    def stop() -> None:
        asked[0] = perf_counter()
        flags[STOP] = 1

    timer = threading.Timer(BEFORE_STOP_S, stop)
    curve, updates = training.curve, 1 << 26
    curve.room(training.updates + updates)
    timer.start()
    try:
        why = loop.run(training.order, training.state, training.control, curve.values, curve.stride, updates)
        stopped = perf_counter()
    finally:
        timer.join()
        flags[STOP] = 0
    if why != STOPPED:
        raise RuntimeError(f"a run was to be stopped and ended with code {why}")
    return stopped - asked[0]


@contextmanager
def _looking(training: Training) -> Iterator[list[float]]:
    """Meanwhile another thread asks for a shot every frame; how long each was in coming."""
    waits: list[float] = []
    over, control = threading.Event(), training.control

    def look() -> None:
        asked = 0.0
        while not over.is_set():
            if not asked:
                asked = perf_counter()
                control.ask()
            if control.take() is not None:
                waits.append(perf_counter() - asked)
                asked = 0.0
                over.wait(FRAME_S)
            elif not control.flags[WANTED]:  # it was too soon after the last one
                asked = 0.0
            over.wait(POLL_S)

    reader = threading.Thread(target=look, name="reader")
    reader.start()
    try:
        yield waits
    finally:
        over.set()
        reader.join()
