"""How far long work is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(whole: int, unit: str, where: str = "") -> Iterator[Callable[[int], object]]:
    """What to call with what was done since: a bar on a terminal, after the words `where`, nothing otherwise."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda count: None
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside us: news come often enough
    with tqdm(total=whole, desc=where or None, unit=f" {unit}", leave=False, dynamic_ncols=True) as bar:
        yield bar.update
