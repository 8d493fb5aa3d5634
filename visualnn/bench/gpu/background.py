"""Our kernels for the processor, compiled while others measure: nobody shall wait for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from visualnn.nn.kernels import choose


@contextmanager
def kernels(*, wanted: bool) -> Iterator[None]:
    """Meanwhile those that the cases need are put into the user's cache, unless they are there."""
    kinds = [kind for kind in choose.KINDS if kind.precision == "float32" and kind != choose.MAPS]
    threads = [threading.Thread(target=choose.prepare, args=(kind,)) for kind in kinds] if wanted else []
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
