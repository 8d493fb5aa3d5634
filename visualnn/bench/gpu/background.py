"""Our kernels for the processor, compiled while others measure: nobody shall wait for them long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from visualnn.nn.kernels import choose

PATIENCE_S = 60.0  # at the end

_threads: list[threading.Thread] = []


@contextmanager
def kernels(*, wanted: bool) -> Iterator[None]:
    """Meanwhile those that the cases need are put into the user's cache, unless they are there."""
    known = (*choose.KINDS, *choose.FLEETS)
    kinds = [kind for kind in known if kind.precision == "float32" and kind != choose.MAPS]
    _threads[:] = [_thread(kind) for kind in kinds] if wanted else []
    for thread in _threads:
        thread.start()
    try:
        yield
    except BaseException:  # who is stopped has no time to wait
        _threads.clear()
        raise
    wait(PATIENCE_S)
    _threads.clear()


def _thread(kind: choose.Kind) -> threading.Thread:
    return threading.Thread(target=choose.prepare, args=(kind,), name=f"compiles {kind.family}", daemon=True)


def wait(patience_s: float) -> None:
    """Until they are compiled, so that compiling disturbs nobody who is timed; but not longer than this."""
    end = perf_counter() + patience_s
    for thread in _threads:
        thread.join(max(0.0, end - perf_counter()))
