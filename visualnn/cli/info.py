"""``visualnn info``: what a file holds, without a window."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visualnn.cli.arguments import Parser, check_document
from visualnn.cli.exchange import add_hints, hints, layers
from visualnn.cli.output import say, say_json

if TYPE_CHECKING:
    from visualnn.nn.dataset import Dataset
    from visualnn.project import Project
    from visualnn.runs import Run
    from visualnn.work import Work

OURS = "VisualNN"
ORIGINS = {"example": "built-in example", "shape": "new network", "link": "link to the TensorFlow Playground"}
WORD = 10  # letters of the name of a line
INFO_HELP = """\
Tells what a file holds: its format, the network, its data, how it is trained and how far, the runs that were kept, and
how much room each part takes. Of a model of another tool: what would be imported."""
INFO_EXAMPLES = """\
examples:
  visualnn info mine.vnn
  visualnn info mine.vnn --json
  visualnn info model.onnx
  visualnn info weights.safetensors --hidden relu --output softmax"""


def info(name: str, arguments: list[str]) -> int:
    """``visualnn info FILE|EXAMPLE|LINK``: what is in it."""
    parser = Parser(name, INFO_HELP, INFO_EXAMPLES)
    parser.add_argument("document", metavar="FILE|EXAMPLE|LINK", help="a file, a built-in example, or a link")
    add_hints(parser)
    parser.add_argument("--json", action="store_true", help="print one object")
    options = parser.parse_args(arguments)
    check_document(options.document)
    from visualnn.files.documents import open_work

    work = open_work(options.document, hints(options))
    source = _source(options.document)
    if options.json:
        say_json({**source, **_described(work)})
    else:
        say("\n".join(f"{word:{WORD}} {line}".rstrip() for word, line in _lines(work, source)))
    return 0


# -- as values ---------------------------------------------------------------------------------------------------------


def _source(document: str) -> dict[str, Any]:
    """What it comes from, and what of it lies on the disk."""
    from visualnn.files import documents
    from visualnn.files.foreign.formats import READERS

    found = documents.find(document)
    if isinstance(found, Path):
        size = found.stat().st_size
        if documents.file_of(document) is not None:
            return {"format": OURS, **_contents(found), "bytes": size}
        return {"format": READERS[found.suffix.lower()].one, "version": None, "parts": [], "bytes": size}
    origin = "link" if isinstance(found, documents.Link) else "example" if isinstance(found, str) else "shape"
    return {"format": origin, "version": None, "parts": [], "bytes": None}


def _contents(path: Path) -> dict[str, Any]:
    """The version of one of our files, and of each part its size, as it is and as it lies there."""
    from visualnn.files.container import DESCRIPTION

    with zipfile.ZipFile(path) as archive:
        version = json.loads(archive.read(DESCRIPTION))["version"]
        sizes = [(entry.filename, entry.file_size, entry.compress_size) for entry in archive.infolist()]
    return {"version": version, "parts": [{"name": n, "bytes": size, "packed": packed} for n, size, packed in sizes]}


def _described(work: Work) -> dict[str, Any]:
    project, network = work.project, work.project.network
    return {
        "name": project.name,
        "network": {**asdict(network), "parameters": network.parameter_count},
        "switched_off": {"neurons": len(project.silent), "connections": len(project.cut)},
        "data": _data(project.data),
        "options": asdict(project.options),
        "trained": project.trained,
        "progress": _progress(project),
        "runs": [_run(run) for run in work.runs],
        "run": work.number or None,
        "view": asdict(work.view),
        "notes": project.notes,
    }


def _data(data: Dataset) -> dict[str, Any]:
    sizes = {"inputs": data.inputs.shape[1], "outputs": data.targets.shape[1]}
    names = {"input_names": list(data.input_names), "classes": list(data.classes)}
    return {
        "name": data.name,
        "rows": data.rows,
        "test_rows": data.tests,
        **sizes,
        **names,
        "scaled": bool(data.scaling),
    }


def _progress(project: Project) -> dict[str, Any] | None:
    """How far the run has come that led to the weights, where it goes on as if there had been no break."""
    known = project.resumable
    if known is None:
        return None
    update, losses = known.checkpoint.update, known.curve.losses
    loss = float(losses[-1]) if losses.size else None
    return {"epochs": update // _epoch_length(project), "updates": update, "loss_before_the_last": loss}


def _epoch_length(project: Project) -> int:
    """Updates in one pass through the data."""
    rows = project.data.rows
    return -(-rows // min(project.options.batch_size or rows, rows))


def _run(run: Run) -> dict[str, Any]:
    tested = [loss for loss in run.readings.test_loss.tolist() if loss == loss]
    test_loss = tested[-1] if tested else None
    counts = {"epochs": run.epochs, "updates": run.update, "loss": run.loss, "test_loss": test_loss}
    return {"number": run.number, "name": run.name, "network": str(run.network), "data": run.data_name, **counts}


# -- as lines ----------------------------------------------------------------------------------------------------------


def _lines(work: Work, source: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each with the word that stands before it."""
    from visualnn.files.fresh import shape_name

    project = work.project
    yield "name", project.name
    yield "format", _format(source)
    yield "network", f"{shape_name(project.network)}, {layers(project.network)}{_switched_off(project)}"
    yield "data", _rows(project.data)
    yield "options", _options(project)
    yield "training", _training(project)
    yield from _listed("runs", [_run_line(_run(run), current=run.number == work.number) for run in work.runs])
    yield from _listed("notes", project.notes.splitlines())
    sizes = [f"{source['bytes']:,} bytes"] if source["bytes"] is not None else []
    parts = [f"{part['name']}: {part['bytes']:,} bytes, packed {part['packed']:,}" for part in source["parts"]]
    yield from _listed("size", sizes + parts)


def _listed(word: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Several lines of which the first one has the word."""
    return ((word if number == 0 else "", line) for number, line in enumerate(lines))


def _format(source: dict[str, Any]) -> str:
    if source["version"] is None:
        return ORIGINS.get(source["format"], str(source["format"]))
    from visualnn.files.upgrades import CURRENT

    newer = "" if source["version"] == CURRENT else f", read as {CURRENT}"
    return f"{source['format']} {source['version']}{newer}"


def _switched_off(project: Project) -> str:
    off = [_count(len(project.silent), "neuron"), _count(len(project.cut), "connection")]
    return f"; switched off: {' and '.join(off)}" if project.silent or project.cut else ""


def _rows(data: Dataset) -> str:
    tests = f" and {data.tests:,} to test on" if data.tests else ""
    scaled = ", scaled" if data.scaling is not None else ""
    return f"{data.name}, {_count(data.rows, 'row')} to learn from{tests}{scaled}"


def _options(project: Project) -> str:
    options, rows = project.options, project.data.rows
    batch = f"batches of {options.batch_size:,} rows" if options.batch_size else f"all {_count(rows, 'row')}"
    return f"{options.optimizer.name}, rate {options.optimizer.rate:g}, {options.loss}, {batch}, seed {options.seed}"


def _training(project: Project) -> str:
    progress = _progress(project)
    if progress is None:
        return f"a run begins with {'these' if project.trained else 'fresh'} weights"
    before = progress["loss_before_the_last"]
    loss = f", loss {before:.6g} before the last" if before is not None else ""
    done = f"{_count(progress['epochs'], 'epoch')}, {_count(progress['updates'], 'update')}"
    return f"{done}{loss}; goes on where it stopped"


def _run_line(run: dict[str, Any], *, current: bool) -> str:
    tested = "" if run["test_loss"] is None else f", on test rows {run['test_loss']:.6g}"
    ours = ", the weights of the file" if current else ""
    return f"{run['number']}: {run['name']}, {_count(run['epochs'], 'epoch')}, loss {run['loss']:.6g}{tested}{ours}"


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'s' * (number != 1)}"
