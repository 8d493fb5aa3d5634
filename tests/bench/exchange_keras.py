"""Keras projects: predictions, and the losses of the first updates over all rows, on every backend there is.

All projects of a backend run in one fresh interpreter, which knows nothing of VisualNN; the first one also by its
commands. Ours are the window's predictions and training.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.exchange.projects import project
from visualnn.exchange import keras
from visualnn.exchange.keras.words import arithmetic
from visualnn.nn import metrics
from visualnn.nn.training import Training
from visualnn.project import Project

UPDATES = 100
BACKENDS = ("tensorflow", "jax", "torch")
FOUND = "import importlib.util as u; print(*[name for name in {names} if u.find_spec(name)])"
RUNNER = """\
import json, runpy, sys
from pathlib import Path
import numpy as np
out, sys.stdout = sys.stdout, sys.stderr
trained = sys.argv[2:]
for folder in sorted(Path(sys.argv[1]).iterdir(), key=lambda path: int(path.name)):
    sys.path.insert(0, str(folder))
    for name in ("data", "model"):
        sys.modules.pop(name, None)
    import data, model
    made = model.fill(model.build(), model.loaded("weights.npz"))
    said = made.predict(np.concatenate([data.x, data.x_test]), verbose=0).tolist()
    import keras
    keras.utils.disable_interactive_logging()
    found = {"said": said, "losses": [], "again": 0.0}
    if folder.name in trained:
        space = runpy.run_path(str(folder / "train.py"))
        kept = keras.saving.load_model(folder / "model.keras")
        again = kept.predict(data.x, verbose=0) - space["trained"].predict(data.x, verbose=0)
        found |= {"losses": space["history"].history["loss"], "again": float(abs(again).max())}
    print(json.dumps(found), file=out, flush=True)
    sys.path.pop(0)
    keras.backend.clear_session()
"""


def main(python: str, projects: int) -> None:
    backends = subprocess.run([python, "-c", FOUND.format(names=BACKENDS)], capture_output=True, text=True, check=True)
    for backend in backends.stdout.split():
        _backend(python, backend, projects)


def whole(number: int) -> Project:
    """A project whose updates use all rows, and nothing of which is left to chance."""
    made = project(number, updates=UPDATES, precision="float64")
    options = replace(made.options, batch_size=None, dropout=0.0, goal=None, patience=None, epochs=UPDATES)
    return replace(made, options=options, progress=None)


def _backend(python: str, backend: str, projects: int) -> None:
    print(
        f"\n{backend}\n{'':4}{'project':60}{'predictions':>12}{'update 1':>10}{'all 100':>10}{'saved':>9}", flush=True
    )
    largest: list[tuple[float, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        made = [whole(number) for number in range(projects)]
        for number, each in enumerate(made):
            _written(each, Path(folder) / str(number))
        slow = backend == "tensorflow"  # a minute for a training: only where the losses should be the same
        trained = [str(number) for number, each in enumerate(made) if not (slow and arithmetic(each))]
        for number, (each, found) in enumerate(zip(made, _found(python, backend, folder, trained), strict=True)):
            figures = _figures(each, found)
            largest.append(figures)
            row = "".join(f"{figure:{width}.1e}" for figure, width in zip(figures, (12, 10, 10), strict=True))
            print(f"{number:3} {_words(each):60}{row}{found['again']:9.0e}", flush=True)
        _commands(python, backend, Path(folder) / "0", made[0])
    said, first, last = np.nanmax(largest, axis=0)
    print(f"{backend}, {projects} projects, the largest of all: predictions {said:.1e}", end="")
    print(f", losses {first:.1e} at first, {last:.1e} in {UPDATES} updates")
    same = [figures[2] for each, figures in zip(made, largest, strict=True) if not arithmetic(each)]
    print(f"{len(same)} of them, where README.md names no other arithmetic: {max(same, default=0.0):.1e}")


def _written(made: Project, folder: Path) -> None:
    folder.mkdir()
    for name, content in keras.files(made).items():
        (folder / name).write_bytes(content)


def _found(python: str, backend: str, folder: str, trained: list[str]) -> Iterator[dict]:
    """What the programs say, project by project; some of them are trained too."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [python, "-c", RUNNER, folder, *trained],
            cwd="/",
            env=_environment(backend),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
        if process.wait():
            errors.seek(0)
            raise SystemExit(errors.read()[-3000:])


def _environment(backend: str) -> dict[str, str]:
    return {**os.environ, "KERAS_BACKEND": backend, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def _figures(made: Project, found: dict) -> tuple[float, float, float]:
    """The largest difference of a prediction, and of the first and of any loss as shares of their size."""
    inputs = np.concatenate([made.data.inputs, made.data.test_inputs])
    known = metrics.predict(made.network, made.parameters, inputs, made.mask)
    said = float(np.abs(np.array(found["said"]) - known).max())
    if not found["losses"]:
        return said, np.nan, np.nan
    ours, theirs = _losses(made), np.array(found["losses"])
    apart = np.abs(theirs - ours) / np.maximum(np.abs(ours), 1e-6)
    return said, float(apart[0]), float(apart.max())


def _losses(made: Project) -> np.ndarray:
    """Ours before each update, with the penalty that Keras adds."""
    options = made.options
    start = made.parameters if made.trained else None
    training, losses = Training(made.network, made.data, options, start, mask=made.mask), []
    for _update in range(UPDATES):
        kept = training.parameters if made.mask is None else made.mask.kept(training.parameters)
        weights = np.concatenate([w.ravel() for w, _b in made.network.views(kept)])
        penalty = options.l1 * np.abs(weights).sum() + options.l2 * (weights**2).sum()
        losses.append(training.loss + penalty)
        training.run(1)
    return np.array(losses)


def _words(made: Project) -> str:
    options, network = made.options, made.network
    parts = [str(network), options.loss, options.optimizer.name, options.schedule.name]
    parts += ["masked"] if made.mask is not None else []
    parts += [f"+{network.shortcut}"] if any(c is not None for c in network.shortcuts) else []
    parts += ["penalty"] if options.l1 or options.l2 else []
    parts += ["clipped"] if options.is_clipped else []
    parts += ["~"] if arithmetic(made) else []
    return " ".join(parts)[:59]


def _commands(python: str, backend: str, folder: Path, made: Project) -> None:
    """The programs as README.md says."""
    for words in (["predict.py", *map(repr, made.data.inputs[0].tolist())], ["train.py"], ["predict.py", "--trained"]):
        command = [python, str(folder / words[0]), *words[1:]]
        done = subprocess.run(command, cwd="/", env=_environment(backend), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{words[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        print(f"    python {' '.join(words)[:50]}: {done.stdout.strip().splitlines()[-1][:60]}", flush=True)
