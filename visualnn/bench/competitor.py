"""Who takes part, in which configurations; a family is judged by the best of its configurations."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from visualnn.bench.workload import Workload

PACKAGE = Path(__file__).parent
OURS, PYTORCH, JAX, SKLEARN, KERAS, PLAYGROUND = "VisualNN", "PyTorch", "JAX", "scikit-learn", "Keras", "Playground"
RIVALS = {"torch": PYTORCH, "jax": JAX, "sklearn": SKLEARN, "keras": KERAS}  # by the name of the library
FAMILIES = (OURS, *RIVALS.values(), PLAYGROUND)

WORK = "from visualnn.bench.worker import main; main(sys.argv[1:])"
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NPROC", "PJRT_NPROC")  # the last two: JAX
MISLEADING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # where set, they halve the speed of everybody's OpenBLAS


@dataclass(frozen=True, slots=True)
class Competitor:
    """One configuration of a library: a process."""

    family: str
    command: tuple[str, ...]
    threads: int = 1
    variant: str = ""

    @property
    def name(self) -> str:
        """Such as “PyTorch fused, 2 threads”."""
        count = f"{self.threads} thread{'s' * (self.threads > 1)}"
        return f"{self.family} {self.variant}".strip() + f", {count}"

    def takes(self, workload: Workload) -> bool:
        """Whether it can do this work, and could be the best of its family at it."""
        if workload.kind == "maps":
            return self.family in (OURS, PLAYGROUND) and self.threads == 1
        if self.family == OURS:
            return self.threads == 1 or workload.large
        if self.family == SKLEARN:
            return workload.output != "tanh"
        return self.family != PLAYGROUND or (workload.optimizer == "sgd" and workload.output != "softmax")

    def environment(self, given: dict[str, str]) -> dict[str, str]:
        """The variables of its process: nothing misleading, and the threads for those who choose them this way."""
        count = str(self.threads)
        kept = {name: value for name, value in given.items() if name not in MISLEADING}
        kept |= dict.fromkeys(THREADS, count)
        kept |= {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
        return kept


def ours(threads: int) -> list[Competitor]:
    """Ourselves, with one and with all threads."""
    return [_python(OURS, sys.executable, "visualnn.bench.ours", n) for n in _counts(threads)]


def rivals(libraries: list[str], python: str, threads: int) -> list[Competitor]:
    """Every configuration of the libraries named, run by that Python."""
    package = "visualnn.bench.rivals"
    made = {
        "torch": [
            _python(PYTORCH, python, f"{package}.torch_eager", n, variant)
            for n in _counts(threads)
            for variant in ("default", "foreach", "fused")
        ],
        "jax": [_python(JAX, python, f"{package}.jax_scan", n) for n in _counts(threads)],
        "sklearn": [_python(SKLEARN, python, f"{package}.sklearn_mlp", n) for n in _counts(threads)],
        "keras": [_python(KERAS, python, f"{package}.keras_fit", threads)],
    }
    return [competitor for library in libraries for competitor in made[library]]


def playground(compiled: Path) -> list[Competitor]:
    """TensorFlow Playground's engine, run by node."""
    node = shutil.which("node") or "node"
    return [Competitor(PLAYGROUND, (node, str(PACKAGE / "rivals" / "playground.js"), str(compiled)))]


def script_command(python: str, script: str) -> tuple[str, ...]:
    """What runs a script that can import VisualNN, with a Python that need not have it installed.

    Our folder comes last: in an installation it holds other packages too, and that Python shall find its own first.
    """
    return (python, "-P", "-c", f"import sys; sys.path.append({str(PACKAGE.parents[1])!r})\n{script}")


def _python(family: str, python: str, module: str, threads: int, variant: str = "") -> Competitor:
    command = (*script_command(python, WORK), module, str(threads), *filter(None, [variant]))
    return Competitor(family, command, threads, variant)


def _counts(threads: int) -> list[int]:
    return sorted({1, threads})
