"""The formats: honest files to start from, what changes them, and what must become of the result."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from tests.files.fuzzing import messages, raw, tensors, texts, values, zips
from tests.files.tables.nasty import FILES
from visualnn.files import native, tables
from visualnn.files.documents import open_document, open_work
from visualnn.files.errors import FileError
from visualnn.files.examples import load
from visualnn.files.foreign import plain_json, state_dict
from visualnn.files.foreign.adoption import Hints
from visualnn.files.fresh import from_data
from visualnn.nn.amounts import random_rows
from visualnn.nn.errors import VisualNNError
from visualnn.nn.metrics import predict
from visualnn.project import Project
from visualnn.work import Work

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "files" / "corpus"  # what once went wrong
HINTS = Hints("relu", "linear")
LONGEST = 600  # letters of a sentence
LARGE = 100_000  # parameters, from where on they are not saved again
OPENED, TOLD = "opened", "told"


class WrongEnd(AssertionError):
    """A file neither became what it should nor ended in one sentence."""


@dataclass(frozen=True)
class Kind:
    """A format. `seeds` makes honest files; the result of `changed` is put into a file and given to `opened`."""

    suffix: str
    seeds: Callable[[], list[bytes]]
    changed: Callable[[Random, bytes], bytes]
    opened: Callable[[Path], object]

    @cache  # noqa: B019  # there are seven
    def beginnings(self) -> list[bytes]:
        """The honest files, and those of the corpus."""
        return self.seeds() + [path.read_bytes() for path in sorted(CORPUS.glob(f"*{self.suffix}"))]

    def input(self, seed: int) -> bytes:
        """The input of a number: always the same one."""
        rng = Random(seed)
        content = rng.choice(self.beginnings())
        for _ in range(rng.choice((1, 1, 1, 2))):
            content = self.changed(rng, content)
        return content[: 4 * raw.MOST]


def end(kind: Kind, path: Path) -> str:
    """How opening a file ends. Raises whatever a reader lets through, and `WrongEnd`."""
    try:
        found = kind.opened(path)
    except FileError as error:
        text = str(error)
    except VisualNNError as error:
        text = str(error)
    else:
        _check(found)
        return OPENED
    if not text.endswith((".", "…")) or "\n" in text or len(text) > LONGEST:
        raise WrongEnd(f"not one sentence: {text[:LONGEST]!r}")
    return TOLD


def _check(found: object) -> None:
    """What was opened can be looked at, and be saved."""
    if isinstance(found, tables.Table):
        tables.problems(found, tables.suggested(found))
        return
    project = found.project if isinstance(found, Work) else found
    if not isinstance(project, Project):
        raise WrongEnd(f"it became a {type(found).__name__}")
    if project.network.parameter_count > LARGE:
        return
    with np.errstate(all="ignore"):
        predict(project.network, project.parameters, project.sample[None], project.mask)
    native.encode(found if isinstance(found, Work) else project)


def _table(path: Path) -> object:
    table = tables.read(path)
    with suppress(VisualNNError):  # nothing in it to predict is fine
        tables.dataset(table, tables.suggested(table))
    return table


def _link(path: Path) -> Project:
    return open_document(path.read_bytes().decode("utf-8", "replace"), HINTS)


def _document(path: Path) -> Project:
    return open_document(str(path), HINTS)


def _work(path: Path) -> Work:
    return open_work(str(path))


def _projects() -> list[Project]:
    inline = replace(random_rows(3, 2, 5), name="mine", recipe=None)
    small = [load(name) for name in ("adder", "xor", "circles", "backprop")]
    mine = from_data("pairs").with_data(inline)
    return [*small, mine, small[2].with_silent(1, 0, True).with_cut(1, 1, 0, True)]


def _samples(suffix: str) -> list[bytes]:
    """What other tools wrote, where it lies among the tests."""
    found = (path for path in sorted(ROOT.rglob(f"*{suffix}")) if CORPUS not in path.parents)
    return [path.read_bytes() for path in found if path.stat().st_size < 20_000]


def _onnx() -> list[bytes]:
    from visualnn.files.foreign.onnx import writer

    return [writer.content(project) for project in _projects()] + _samples(".onnx")


def _safetensors() -> list[bytes]:
    from safetensors.numpy import save

    bare = {
        "fc1.weight": np.ones((3, 2), np.float32),
        "fc1.bias": np.ones(3, np.float16),
        "fc2.weight": np.ones((1, 3)),
    }
    return [*map(state_dict.content, _projects()), save(bare), save({"dense/kernel": np.ones((2, 3))})]


def _json() -> list[bytes]:
    theirs = b'{"coefs": [[[0.5, -1], [2, 3]], [[1], [0]]], "intercepts": [[0, 1], [0.5]], "activation": "logistic", '
    return [*map(plain_json.content, _projects()), theirs + b'"out_activation": "identity"}']


def _vnn() -> list[bytes]:
    stored = []
    for content in map(native.encode, _projects()):
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(buffer, "w") as other:
            for name in archive.namelist():
                other.writestr(name, archive.read(name))
        stored.append(buffer.getvalue())
    recent = max(_samples(".vnn"), key=len)  # has runs, of which there is most to say
    return [*map(native.encode, _projects()), *stored, *_samples(".vnn"), *[recent] * 5]


def _links() -> list[bytes]:
    start = b"https://playground.tensorflow.org/#activation=tanh&batchSize=10&dataset="
    middle = b"&regDataset=reg-plane&learningRate=0.03&regularizationRate=0&noise=0&networkShape=4,2&seed=0.12345"
    rest = b"&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false&xSquared=false&sinX=true"
    return [
        *(start + points + middle + rest for points in (b"circle", b"xor", b"gauss", b"spiral")),
        start + b"circle" + middle + rest + b"&problem=regression&initZero=true&regularization=L2",
        b"playground.tensorflow.org#networkShape=8,8,8,8,8,8",
    ]


KINDS = {
    "vnn": Kind(".vnn", _vnn, zips.mutated, _work),
    "onnx": Kind(".onnx", _onnx, messages.mutated, _document),
    "keras": Kind(".keras", lambda: _samples(".keras"), zips.mutated, _document),
    "safetensors": Kind(".safetensors", _safetensors, tensors.mutated, _document),
    "json": Kind(".json", _json, values.mutated, _document),
    "csv": Kind(".csv", lambda: [each.content for each in FILES], texts.table, _table),
    "link": Kind(".link", _links, texts.link, _link),
}
