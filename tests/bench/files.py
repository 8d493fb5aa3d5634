"""Times documents beside plain arrays, and kills programs that save.

    python tests/bench/files.py [large|kill] …      (default: both)

`large` saves and opens a document of two layers of 1,000 neurons that Adam has trained, with its run, next to
`numpy.savez` and `safetensors` with the same arrays and nothing else, one after the other in each round; it prints
medians and ratios. Ours checks what it writes and is on disk when it is done; theirs are not, but for those that are
said to be synced. `kill` starts a program that saves two documents in turn in one file and keeps them as the window
does with what is not saved, ends it with SIGKILL at a random moment, and counts which document is there. Not a test:
machines differ.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from visualnn.files import native, recovery
from visualnn.files.document import told
from visualnn.nn.data import Dataset
from visualnn.nn.history import Progress
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.readings import NO_READINGS
from visualnn.nn.training import Training
from visualnn.project import new_project
from visualnn.runs import kept
from visualnn.work import Work

ROUNDS = 25
KILLS = 200
LATEST_S = 0.5  # after the first save
KEPT = "kept"

Savers = dict[str, Callable[[], object]]


def main(chosen: list[str]) -> None:
    """What was asked for."""
    parts = {"large": large, "kill": kill}
    for name in chosen or parts:
        parts[name]()


# -- a million weights -------------------------------------------------------------------------------------------------


def million() -> Work:
    """Two layers of 1,000 neurons after four updates with Adam, with the run that led there."""
    inputs = np.random.default_rng(0).normal(size=(64, 2))
    data = Dataset("mine", inputs, inputs.sum(axis=1, keepdims=True), ("a", "b"))
    network, options = Network.of(2, 1000, 1000, 1), Options(Optimizer("adam", 0.001), batch_size=32)
    training = Training(network, data, options)
    training.run(4)
    training.remember()
    curve = training.curve.view(4)
    assert curve is not None
    project = new_project("Large", network, data, options, training.parameters)
    project = project.with_parameters(training.parameters)
    project = project.with_progress(Progress(training.checkpoint(), training.start, curve))
    snapshot = training.snapshot()
    run = kept(training, snapshot, project, number=1, name="Run", readings=NO_READINGS, branch=None)
    return Work(project, (run,), 1)


def large() -> None:
    """Save and open, and how large the files are."""
    work = million()
    arrays = {name: np.array(values) for name, values in told(work)[1].items()}
    numbers = sum(array.size for array in arrays.values())
    print(f"{work.project.network}: {work.project.network.parameter_count:,} weights, {numbers:,} numbers in a file")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs, tensors = (Path(folder) / name for name in ("a.vnn", "a.npz", "a.safetensors"))
        saved = medians(
            {
                "document": lambda: native.write(ours, work),
                "numpy.savez": lambda: np.savez(theirs, **arrays),
                "safetensors": lambda: save_file(arrays, tensors),
                "numpy.savez, synced": lambda: (np.savez(theirs, **arrays), sync(theirs)),
                "safetensors, synced": lambda: (save_file(arrays, tensors), sync(tensors)),
            }
        )
        opened = medians(
            {
                "document": lambda: native.read_work(ours),
                "numpy.savez": lambda: all_of(theirs),
                "safetensors": lambda: touched(load_file(tensors)),
            }
        )
        sizes = [path.stat().st_size for path in (ours, theirs, tensors)]
    for title, rows in (("save", saved), ("open", opened)):
        for name, seconds in rows.items():
            print(
                f"{title} {name:20} {1000 * seconds:8.1f} ms   document is {rows['document'] / seconds:5.2f} times that"
            )
    for name, size in zip(("document", "numpy.savez", "safetensors"), sizes, strict=True):
        print(f"size {name:20} {size:11,} bytes   document is {sizes[0] / size:7.5f} times that")


def medians(makers: Savers) -> dict[str, float]:
    """Seconds; each in every round, in an order that chance decides."""
    times: dict[str, list[float]] = {name: [] for name in makers}
    for turn in range(ROUNDS + 1):
        for name in random.Random(turn).sample(sorted(makers), len(makers)):
            start = time.perf_counter()
            makers[name]()
            if turn:  # the first round warms up
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def sync(path: Path) -> None:
    """What was written is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def all_of(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a .npz."""
    with np.load(path) as found:
        return {name: found[name] for name in found}


def touched(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Arrays that are in memory, not only promised."""
    for array in arrays.values():
        array.sum()
    return arrays


# -- killed while saving -----------------------------------------------------------------------------------------------


def two_documents() -> tuple[bytes, bytes]:
    """Documents of different lengths that take a while to write."""
    work = million()
    return native.encode(work), native.encode(replace(work.project, notes="the other " * 1000))


def save_for_ever(path: Path) -> None:
    """What the child does: one after the other, as the window saves them and as it keeps what is not saved."""
    first, second = (native.read_work(path.with_name(name)) for name in ("first", "second"))
    kept_beside, note = path.with_name(KEPT), recovery.Note("Large", 0.0)
    native.write(path, first)
    recovery.keep(kept_beside, first, note)
    print("saving", flush=True)
    while True:
        for work in (second, first):
            native.write(path, work)
            recovery.keep(kept_beside, work, note)


def kill() -> None:
    """The file, and what is kept beside the window, are always one of the two."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.vnn"
        contents = dict(zip(("first", "second"), two_documents(), strict=True))
        for name, content in contents.items():
            path.with_name(name).write_bytes(content)
        for turn in range(KILLS):
            killed_while_saving(path, random.Random(turn).uniform(0, LATEST_S))
            (entry,) = recovery.found(path.parent)
            for what, there in (("saved", path), ("kept", entry.folder / recovery.DOCUMENT)):
                whole = [name for name, content in contents.items() if there.read_bytes() == content]
                found[f"{what}, {whole[0] if whole else 'neither'}"] += 1
            native.read_work(path)
            recovery.read(entry)
            left = [*path.parent.glob(".visualnn-*.tmp"), *entry.folder.glob(".visualnn-*.tmp")]
            found["in the middle of one"] += bool(left)
            for rest in left:
                rest.unlink()
    print(f"killed {KILLS} times: " + "; ".join(f"{name}: {count}" for name, count in sorted(found.items())))


def killed_while_saving(path: Path, after_s: float) -> None:
    """A child that saves until it is killed, so many seconds after its first save."""
    arguments = [sys.executable, __file__, "child", str(path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(after_s)
        child.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        save_for_ever(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
