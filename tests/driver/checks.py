"""The checks, each in a process of its own on the fake driver: checks.py NAME. Prints rows of the table as JSON."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.driver import fake
from visualnn import gpu
from visualnn.nn.device import DeviceError

Row = tuple[str, str, bool]  # what was looked at, what was seen, whether that is as it should be
UPDATES = 60
AGREES, AGREES_TF32 = 1e-5, 2e-3
FUNCTIONS_OF_NOBODY = ("cuGetErrorName", "cuGetErrorString")  # called after a failure only
MOST_CALLS, MOST_COPIES, WAITS = 60, 0.1, (0.9, 1.5)  # for a launch; some copies are those of a run's begin and end
SENTENCES = {fake.FULL: ("is full", False), fake.STOPPED: ("stopped", True)}  # with whether the GPU is lost
BATCHES = {"block": (20_000, 100), "fleet": (2_000, 10), "grid": (3_200, 16)}  # updates, updates a launch


def probe() -> Iterator[Row]:
    """What the program says of the GPU."""
    found = gpu.probe()
    yield "probe", found.sentence, found.usable and "fake" in found.name


def warm() -> Iterator[Row]:
    """How long kernels take to be compiled, or loaded."""
    from numba.cuda.dispatcher import _Kernel

    from visualnn.nn.kernels.gpu import kept, loops

    made, compiled = _Kernel.__init__, []

    def noted(kernel: Any, function: Any, *rest: Any, **others: Any) -> None:
        compiled.append(function.__qualname__)
        made(kernel, function, *rest, **others)

    _Kernel.__init__ = noted
    for family in kept.FAMILIES:
        is_cached, begin = kept.is_kept(family), time.perf_counter()
        compiled.clear()
        loops.warm(family)
        seen = f"{time.perf_counter() - begin:.1f} s, {len(compiled)} kernels compiled"
        is_good = bool(compiled) != is_cached and kept.is_kept(family)
        yield f"warm {family}, {'cached' if is_cached else 'cold'}", seen, is_good


def train() -> Iterator[Row]:
    """The loops beside the readable one, with executed kernels."""
    from tests.driver.trainings import LARGE, SMALL, Trainings

    updates_of = {"block": 45, "block, large": 4, "fleet": 24, "grid": 36, "grid, clipped": 36, "grid, TF32": 6}
    for kind, updates in updates_of.items():
        sizes = LARGE if "large" in kind else SMALL
        ours, plain = (Trainings(kind, sizes, most=updates) for _ in range(2))
        loop = ours.loop()
        for part in (updates // 3, updates - updates // 3):
            for control in ours.controls:
                control.ask()
            ours.run(loop, part)
        plain.run_plainly(updates)
        unlike, shots = ours.unlike(plain), [control.take() for control in ours.controls]
        is_good = unlike < (AGREES_TF32 if "TF32" in kind else AGREES) and all(shot is not None for shot in shots)
        yield f"train {kind}", f"{updates} updates, at most {unlike:.1e} from the readable loop", is_good


def fail() -> Iterator[Row]:
    """Failures of chosen calls: nothing is harmed, the right sentence is said, and the next run is as ever."""
    from tests.driver.trainings import Trainings

    for kind in ("block", "fleet", "grid", "grid, clipped"):
        _tried(Trainings(kind))  # loads the kernels
        fake.forget()
        told, wrong = 0, list(filter(None, _tried(Trainings(kind))))
        for function, calls in fake.counts().items():
            name = function.partition("_v")[0]
            for after in sorted({0, calls // 2, calls - 1}) if calls and name not in FUNCTIONS_OF_NOBODY else ():
                for code, lasts in ((fake.FULL, fake.ONCE), (fake.STOPPED, fake.LOST)):
                    sentence, problem = _tried(Trainings(kind), name, after, code, lasts)
                    _, afterwards = _tried(Trainings(kind))
                    told += bool(sentence)
                    wrong += [f"{name} after {after}, {code}: {each}" for each in (problem, afterwards) if each]
        gc.collect()
        yield (
            f"fail {kind}",
            f"{told} failures told, {len(wrong)} wrongly {'; '.join(wrong[:3])}".strip(),
            bool(told) and not wrong,
        )


def _tried(trainings: Any, name: str = "", after: int = 0, code: int = 0, lasts: int = 0) -> tuple[str, str]:
    """What was said where the driver fails so, and what is wrong with that."""
    before, error = trainings.left(), None
    if name:
        fake.fail(name, after, code, lasts)
    try:
        trainings.run(trainings.loop(), UPDATES)
    except DeviceError as problem:
        error = problem
    except Exception as problem:  # noqa: BLE001  which none is to be
        return str(problem), f"{type(problem).__name__}: {problem}"
    finally:
        fake.heal()
    if error is None:
        return "", "" if trainings.updates == {UPDATES} else f"{trainings.updates} updates"
    if not all(map(np.array_equal, before, trainings.left())):
        return str(error), "the state has changed"
    is_right = code in SENTENCES and SENTENCES[code][0] in str(error) and SENTENCES[code][1] == error.is_lost
    return str(error), "" if is_right else str(error)


def cost() -> Iterator[Row]:
    """What the host does for a launch."""
    from tests.driver.trainings import Trainings
    from tests.nn.gpu.runs import Fixed

    for kind, (updates, share) in BATCHES.items():
        trainings = Trainings(kind, nets=132, most=updates)
        loop = trainings.loop()
        getattr(loop, "fleet", loop).chunk = Fixed(share)
        trainings.run(loop, 6 * share)
        fake.forget()
        elsewhere, begin = fake.numbers()["ELSEWHERE_NS"], time.thread_time_ns()
        for control in trainings.controls:
            control.flags[:] = 0
        trainings.run(loop, updates)
        spent = time.thread_time_ns() - begin - (fake.numbers()["ELSEWHERE_NS"] - elsewhere)
        yield _priced(kind, updates // share, spent / 1e3)


def _priced(kind: str, launches: int, us: float) -> Row:
    seen, counted = fake.numbers(), fake.counts()
    copies = seen["PAGEABLE_TO_GPU"] + seen["PAGEABLE_FROM_GPU"]
    graphs = counted.get("cuGraphLaunch", 0)
    shares = [each / launches for each in (sum(counted.values()), copies, seen["WAITS"], graphs)]
    text = "{:.1f} calls, {:.2f} pageable copies, {:.2f} waits, {:.1f} graphs".format(*shares)
    is_good = shares[0] < MOST_CALLS and shares[1] < MOST_COPIES and WAITS[0] < shares[2] < WAITS[1]
    is_good = is_good and (graphs > 0) == (kind == "grid")
    return f"launch {kind}", f"{us / launches:.0f} µs, {text}", is_good


def main(name: str) -> None:
    if name != "probe":
        from visualnn.nn.kernels.gpu import door

        assert not door.SIMULATED
        fake.tell_kernels()
    for row in {each.__name__: each for each in (probe, warm, train, fail, cost)}[name]():
        print(json.dumps(row), flush=True)
    bad = fake.numbers()["BAD"]
    if bad:
        print(json.dumps((name, f"the driver complained {bad} times", False)))


if __name__ == "__main__":
    main(sys.argv[1])
