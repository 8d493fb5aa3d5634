"""Runs what the GPU loops do on the host, without a GPU: real numba-cuda on a driver of our own. By hand, on Linux.

    python tests/driver/run.py            all checks: some minutes
    python tests/driver/run.py train fail

`driver.h` says what the driver does, `checks.py` what is looked at. Needs cc and the packages of the tests: those of
the running interpreter, else of the checkout's .venv. CUDA's linker, which the tests do without, is fetched by pip
where it lacks. Kernels are compiled as for a GPU. Who runs them is the tests' simulator (train), or nobody (the rest),
so that this says nothing of a real GPU's speed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VENV = ROOT / ".venv" / "bin" / "python"
CHECKS = {  # with the way in which kernels are run
    "probe": "hasty",
    "doctor": "hasty",
    "warm": "hasty",
    "train": "simulate",
    "fail": "hasty",
    "cost": "hasty",
}
TWICE = ("warm",)  # cold, then cached

Row = tuple[str, str, bool]


def main() -> int:
    chosen = _chosen()
    if find_spec("numba_cuda") is None:
        if not VENV.exists() or sys.prefix == str(VENV.parents[1]):
            raise SystemExit('numba-cuda is not installed. Type: pip install "visualnn[gpu]"')
        return subprocess.call([VENV, __file__, *chosen])
    is_good = True
    with tempfile.TemporaryDirectory(prefix="visualnn-driver-") as folder:
        build(Path(folder))
        fetch_linker(Path(folder))
        for check in chosen:
            for what, seen, is_as_it_should_be in rows(check, Path(folder)):
                is_good = is_good and is_as_it_should_be
                print(f"{'' if is_as_it_should_be else 'NOT '}ok".rjust(6), what.ljust(22), seen, flush=True)
    print("All is as it should be." if is_good else "NOT ALL IS AS IT SHOULD BE.")
    return 0 if is_good else 1


def _chosen() -> list[str]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"some of {', '.join(CHECKS)}; all without")
    chosen = parser.parse_args().checks or list(CHECKS)
    for name in chosen:
        if name not in CHECKS:
            parser.error(f"there is no check “{name}”, only {', '.join(CHECKS)}")
    return chosen


def build(folder: Path) -> None:
    """Compiles the driver into a folder; cuda.h comes with a package of NVIDIA's."""
    header = next(Path(sysconfig.get_path("purelib"), "nvidia").glob("*/include/cuda.h"), None)
    if header is None:
        raise SystemExit("cuda.h is not to be found. Type: pip install nvidia-cuda-runtime")
    options = ["-O2", "-g", "-shared", "-fPIC", "-Wall", "-isystem", str(header.parent)]
    sources = map(str, sorted(HERE.glob("*.c")))
    subprocess.run(["cc", *options, "-o", str(folder / "libcuda.so.1"), *sources, "-ldl", "-lpthread"], check=True)


def fetch_linker(folder: Path) -> None:
    """Puts NVIDIA's linker of compiled code, in the version of its compiler, into a folder where there is none."""
    if any(Path(sysconfig.get_path("purelib"), "nvidia").rglob("libnvJitLink.so.*")):
        return
    package = f"nvidia-nvjitlink=={version('nvidia-nvvm')}"
    python = getattr(sys, "_base_executable", sys.executable)  # .venv has no pip
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps"]
    command = [*pip, "--target", str(folder / "packages"), package]
    fetched = subprocess.run(command, capture_output=True, text=True, check=False)
    if fetched.returncode:
        raise SystemExit(f"{package} cannot be fetched: {fetched.stderr}")
    for library in (folder / "packages").rglob("libnvJitLink.so.*"):
        library.rename(folder / library.name)


def rows(check: str, folder: Path) -> Iterator[Row]:
    """What a check has found."""
    environment = _environment(folder)
    if check == "doctor":
        yield _doctor(environment)
        return
    with executor(CHECKS[check], folder, environment):
        for _ in range(2 if check in TWICE else 1):
            command = [sys.executable, "-m", "tests.driver.checks", check]
            with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as child:
                for line in child.stdout or ():
                    yield json.loads(line)
            if child.returncode:
                yield check, f"ended with {child.returncode}", False


def _environment(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    return environment | {
        "LD_LIBRARY_PATH": str(folder),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "VISUALNN_CACHE_DIR": str(folder / "cache"),
        "FAKE_CUDA_SOCKET": str(folder / "socket"),
        "FAKE_CUDA_NAMES": str(folder / "names"),
    }


def _doctor(environment: dict[str, str]) -> Row:
    command = [sys.executable, "-m", "visualnn", "doctor"]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    line = next((line for line in told.stdout.splitlines() if "fake" in line), "no line about the GPU")
    return "doctor", " ".join(line.split()), "can train" in line


@contextmanager
def executor(mode: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Somebody who runs kernels, in here."""
    door = folder / "socket"
    door.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.driver.executor", str(door), mode]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise SystemExit("The executor of kernels cannot start.")
            yield
        finally:
            process.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
