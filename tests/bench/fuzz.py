"""Opens broken and malicious files of every format for as long as wanted, and counts how they end.

    python tests/bench/fuzz.py [inputs] [--seconds S] [--only FORMAT …] [--first SEED] [--keep FOLDER] [--atheris]

Default: 10,000 inputs, spread over the formats. Each is made of an honest file by `tests/files/fuzzing` and opened in a
process that is watched: it may take 2 seconds of work, 1 GB of memory more than before, and must end in a project or a
table, or in one sentence. What ends otherwise is told and put into the folder to keep. The same number makes the same
input. With --atheris the inputs are those that Google's fuzzer finds by the branches they take, as long as `--seconds`
says; it needs to be installed where this runs, and starts from the same files.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

WORK_S = 2.0  # of one input
PATIENCE_S = 30.0  # on the clock, where the machine has other things to do
MEMORY = 10**9  # bytes beyond what the process had before the first input
ROOM = 3 * 2**29  # bytes that it can have at all
BATCH = 200  # inputs between two lines about how it goes
FAILED = "failed"


def main() -> int:
    """Run the formats in turn; 1 if anything went wrong."""
    options = _options()
    if options.work:
        return work(options.work, options.first, options.inputs)
    if options.atheris:
        return by_atheris(options)
    from tests.files.fuzzing.kinds import KINDS

    names = options.only or [name for name, kind in KINDS.items() if kind.beginnings()]
    ends = {
        name: Fuzzing(name, options).run(options.inputs // len(names), options.seconds / len(names)) for name in names
    }
    print("".join(f"{word:>12}" for word in ("format", "inputs", "opened", "told", FAILED, "most ms", "most MB")))
    for name, found in ends.items():
        row = (name, found.inputs, found.ends["opened"], found.ends["told"], found.ends[FAILED])
        print("".join(f"{each:>12,}" if isinstance(each, int) else f"{each:>12}" for each in row), end="")
        print(f"{1000 * found.longest_s:>12,.0f}{found.most / 1e6:>12,.0f}")
    print(f"{sum(found.inputs for found in ends.values()):,} inputs")
    return int(any(found.ends[FAILED] for found in ends.values()))


class Fuzzing:
    """One format: asks a worker for the ends of inputs and watches it."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        self._name, self._keep, self._first = name, options.keep, options.first
        self.ends: Counter[str] = Counter()
        self.inputs, self.longest_s, self.most = 0, 0.0, 0
        self._seen: set[str] = set()

    def run(self, inputs: int, seconds: float) -> Fuzzing:
        """As many inputs as there is time for."""
        until = time.monotonic() + seconds
        while self.inputs < inputs and time.monotonic() < until:
            self._batch(min(BATCH * 5, inputs - self.inputs), until)
        return self

    def _batch(self, count: int, until: float) -> None:
        """Inputs in one process, which ends with the first that it does not survive."""
        first = self._first + self.inputs
        words = [sys.executable, __file__, str(count), "--work", self._name, "--first", str(first)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            done = 0
            while done < count and time.monotonic() < until:
                ready, _, _ = select.select([worker.stdout], [], [], PATIENCE_S)
                line = worker.stdout.readline() if ready else ""
                if not line:
                    self._fell(first + done, worker, hung=not ready)
                    break
                self._count(first + done, json.loads(line))
                done += 1
            worker.kill()

    def _count(self, seed: int, told: dict[str, object]) -> None:
        self.inputs += 1
        spent, memory = float(str(told["s"])), int(str(told["bytes"]))
        self.longest_s, self.most = max(self.longest_s, spent), max(self.most, memory)
        end = str(told["end"])
        if spent > WORK_S:
            end = f"took {spent:.1f} s"
        elif memory > MEMORY:
            end = f"took {memory / 1e6:,.0f} MB"
        self.ends[end if end in ("opened", "told") else FAILED] += 1
        if end not in ("opened", "told"):
            self._say(seed, end)

    def _fell(self, seed: int, worker: subprocess.Popen[str], *, hung: bool) -> None:
        worker.kill()
        _, errors = worker.communicate()
        self.inputs += 1
        self.ends[FAILED] += 1
        self._say(
            seed,
            f"hung for {PATIENCE_S:.0f} s" if hung else f"ended the process ({worker.returncode}): {errors[-400:]}",
        )

    def _say(self, seed: int, end: str) -> None:
        """Tell each way to fail once, and keep an input that does."""
        from tests.files.fuzzing.kinds import KINDS

        kind, where = KINDS[self._name], end.strip().rpartition("\n")[2][:80]
        if where in self._seen:
            return
        self._seen.add(where)
        print(f"{self._name} {seed}: {end}", flush=True)
        if self._keep:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / f"{self._name}-{seed}{kind.suffix}").write_bytes(kind.input(seed))


def work(name: str, first: int, count: int) -> int:
    """Open the inputs of these numbers, a line of JSON about each."""
    import resource

    from tests.files.fuzzing.kinds import KINDS, end

    kind = KINDS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"input{kind.suffix}"
        path.write_bytes(kind.input(0))
        _ended(end, kind, path)  # which imports everything
        room = _status("VmSize") + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        before = _status("VmRSS")
        for seed in range(first, first + count):
            path.write_bytes(kind.input(seed))  # what fails here is the making of the input, not the reader
            _forget_peak()
            start = time.process_time()
            found = _ended(end, kind, path)
            spent = time.process_time() - start
            told = {"end": found, "s": spent, "bytes": max(0, _status("VmHWM") - before)}
            print(json.dumps(told), flush=True)
    return 0


def _ended(end, kind, path: Path) -> str:  # type: ignore[no-untyped-def]
    """How it ends; what a reader lets through, with the place where it came from."""
    try:
        return str(end(kind, path))
    except BaseException as error:  # noqa: BLE001  # that is what is looked for
        places = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(place.filename).name}:{place.lineno}" for place in reversed(places[-4:]))
        return f"{where}\n{type(error).__name__}: {str(error)[:200]}"


def _status(what: str) -> int:
    """A number of bytes that Linux knows about this process."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return 1024 * int(line.split()[1])


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def by_atheris(options: argparse.Namespace) -> int:
    """Let atheris find the inputs of one format, in this process."""
    import atheris  # type: ignore[import-not-found]

    with atheris.instrument_imports(include=["visualnn.files"]):
        from tests.files.fuzzing.kinds import KINDS, end
    kind = KINDS[options.only[0] if options.only else "onnx"]
    folder = Path(tempfile.mkdtemp())
    for place, content in enumerate(kind.beginnings()):
        (folder / f"{place}").write_bytes(content)
    path = folder / f"input{kind.suffix}"

    def one(content: bytes) -> None:
        path.write_bytes(content)
        end(kind, path)

    def changed(content: bytes, most: int, seed: int) -> bytes:
        rng = Random(seed)
        plain = rng.random() < 0.5
        return (atheris.Mutate(content, most) if plain else kind.changed(rng, content))[:most]

    limits = [f"-max_total_time={options.seconds:.0f}", f"-timeout={PATIENCE_S:.0f}", "-rss_limit_mb=2048"]
    atheris.Setup(
        [sys.argv[0], *limits, f"-artifact_prefix={options.keep or folder}{os.sep}", str(folder)],
        one,
        custom_mutator=changed,
    )
    atheris.Fuzz()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("inputs", type=int, nargs="?", default=10_000)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
