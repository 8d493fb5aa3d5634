"""Export, import and info, as they are typed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.cli import main
from visualnn.exchange.kinds import FOLDER, KINDS
from visualnn.files import native
from visualnn.files.examples import IDS, load
from visualnn.files.upgrades import CURRENT
from visualnn.nn.history import Progress
from visualnn.nn.readings import COLUMNS, Readings
from visualnn.nn.training import Training
from visualnn.project import Project
from visualnn.runs import Run, kept
from visualnn.work import View, Work

Result = tuple[int, str, str]
Call = Callable[..., Result]
LINK = "https://playground.tensorflow.org/#activation=tanh&dataset=xor&networkShape=4,2&seed=0.5"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], here: Path) -> Call:
    """Runs a command line in this process, in an empty folder: exit code, standard output, standard error."""

    def call(*arguments: str) -> Result:
        code = main(arguments)
        return (code, *capsys.readouterr())

    return call


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# visualnn export


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_a_sensible_name_of_its_own(run: Call, here: Path, name: str) -> None:
    code, out, err = run("export", "xor", "--to", name)
    proposed = KINDS[name].file_name("xor", KINDS[name].ending(load("xor"))).removesuffix(FOLDER)
    assert (code, err) == (0, "")
    assert out.startswith(f"saved as {proposed} (")
    assert names(here) == [proposed]


def test_a_project_is_a_folder_or_a_zip(run: Call, here: Path) -> None:
    made = KINDS["pytorch"].make(load("xor"))
    size = sum(map(len, made.values()))
    assert run("export", "xor", "--to", "pytorch", "-o", "mine") == (
        0, f"saved as mine ({len(made)} files, {size:,} bytes)\n", ""
    )  # fmt: skip
    assert (here / "mine" / "README.md").read_bytes() == made["README.md"]
    assert run("export", "xor", "--to", "pytorch", "--out", "mine.zip")[0] == 0
    with zipfile.ZipFile(here / "mine.zip") as archive:
        assert set(archive.namelist()) == {f"mine/{name}" for name in made}


def test_a_file_is_exported_under_its_own_name(run: Call, here: Path) -> None:
    native.write(here / "My net.vnn", load("xor"))
    assert run("export", "My net.vnn", "--to", "csv")[0] == 0
    assert names(here) == ["My net.vnn", "my-net-weights.csv"]


def test_a_model_goes_to_standard_output_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", "xor", "--to", "safetensors", "-o", "-"]) == 0
    (expected,) = KINDS["safetensors"].make(load("xor")).values()
    assert capfdbinary.readouterr() == (expected, b"")


@pytest.mark.parametrize("name", ["onnx", "pytorch"])
def test_nothing_is_replaced_unless_that_is_asked_for(run: Call, here: Path, name: str) -> None:
    assert run("export", "xor", "--to", name)[0] == 0
    (first,) = names(here)
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    assert run("export", "adder", "--to", name, "-o", first) == (
        1, "", f"visualnn export: “{first}” exists already; --force replaces it.\n"
    )  # fmt: skip
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before
    assert run("export", "adder", "--to", name, "-o", first, "--force")[0] == 0
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} != before


def test_force_does_not_delete_what_others_wrote(run: Call, here: Path) -> None:
    (here / "thesis").mkdir()
    (here / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    code, out, err = run("export", "xor", "--to", "pytorch", "-o", "thesis", "--force")
    assert (code, out) == (1, "")
    said = "“thesis” cannot be replaced: the folder holds something else too, “chapter.txt”; take another name."
    assert err == f"visualnn export: {said}\n"
    assert (here / "thesis" / "chapter.txt").exists()


def test_what_a_kind_cannot_hold_is_a_sentence(run: Call, here: Path) -> None:
    code, out, err = run("export", "million", "--to", "python")
    assert (code, out) == (1, "")
    assert err == f"visualnn export: {KINDS['python'].reason(load('million'))}\n"
    assert names(here) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["xor"], "the following arguments are required: --to."),
        (["xor", "--to", "matlab"], "argument --to: invalid choice: 'matlab' (choose from "),
        (["bogus", "--to", "onnx"], "“bogus” is neither a file nor an example ("),
        (["xor", "--to", "onnx", "-o", "x.pt"], "“x.pt” does not end in .onnx."),
        (["xor", "--to", "onnx", "-o", "nowhere/x.onnx"], "there is no folder “nowhere”."),
        (["xor", "--to", "pytorch", "-o", "nowhere/x"], "there is no folder “nowhere”."),
        (["xor", "--to", "pytorch", "-o", "x.tar"], "PyTorch is a folder of files: “x.tar” is no name for one."),
        (["xor", "--to", "keras", "-o", "x.keras"], "Keras is a folder of files: “x.keras” is no name for one."),
        (["xor", "--to", "pytorch", "-o", "-"], "PyTorch is a folder of files, which cannot go to standard output."),
    ],
)
def test_wrong_use_of_export_is_told(run: Call, here: Path, arguments: list[str], said: str) -> None:
    code, out, err = run("export", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"visualnn export: {said}")
    assert err.endswith(" See visualnn export --help.\n")
    assert names(here) == []


# visualnn import


def test_what_was_exported_comes_back(run: Call, here: Path) -> None:
    run("export", "spirals", "--to", "onnx", "-o", "model.onnx")
    code, out, err = run("import", "model.onnx", "-o", "back.vnn")
    assert (code, err) == (0, "")
    project, back = load("spirals"), native.read(here / "back.vnn")
    assert (back.network, back.trained) == (project.network, True)
    np.testing.assert_allclose(back.parameters, project.parameters, rtol=1e-6)
    first, *noted, last = out.splitlines()
    assert first == f"{back.name} (2-8-6-1): 2 × tanh, sigmoid; 85 weights and biases"
    assert noted == back.notes.splitlines()
    assert last == "saved as back.vnn"


def test_weights_alone_need_a_word(run: Call, here: Path) -> None:
    run("export", "xor", "--to", "json", "-o", "model.json")
    plain = save_weights(here / "w.safetensors", load("xor"))
    code, out, err = run("import", str(plain), "-o", "back.vnn")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "activation" in err
    assert err.endswith("Say --hidden relu --output linear, or whichever they are.\n")
    assert "Import it with --hidden relu --output linear" in run("predict", str(plain), "1", "0")[2]
    assert run("import", str(plain), "-o", "back.vnn", "--hidden", "tanh", "--output", "sigmoid")[0] == 0
    assert native.read(here / "back.vnn").network == load("xor").network


def save_weights(path: Path, project: Project) -> Path:
    """What `torch.save` of a plain Sequential's state would hold, without a word on what is between the layers."""
    from safetensors.numpy import save_file

    tensors = {}
    for number, (w, b) in enumerate(project.network.views(project.parameters)):
        tensors[f"{2 * number}.weight"] = np.ascontiguousarray(w.T, dtype=np.float32)
        tensors[f"{2 * number}.bias"] = b.astype(np.float32)
    save_file(tensors, path)
    return path


def test_a_link_to_the_playground_is_imported(run: Call, here: Path) -> None:
    code, out, err = run("import", LINK)
    assert (code, err) == (0, "")
    (name,) = names(here)
    assert out.endswith(f"saved as {name}\n")
    assert native.read(here / name).network.sizes == (2, 4, 2, 1)


def test_the_export_of_a_link_is_called_as_its_network(run: Call, here: Path) -> None:
    for kind in ("python", "onnx", "csv"):
        assert run("export", LINK, "--to", kind)[0] == 0
    assert names(here) == [f"exclusive-or-playground{tail}" for tail in ("-weights.csv", ".onnx", ".py")]


def test_a_project_is_exported_again_after_it_was_trained(run: Call, here: Path) -> None:
    run("export", "adder", "--to", "numpy", "-o", "mine")
    (here / "mine" / "losses.csv").write_text("update,loss", encoding="utf-8")
    (here / "mine" / "trained.npz").write_bytes(b"")
    assert run("export", "xor", "--to", "numpy", "-o", "mine", "--force")[0] == 0
    assert not (here / "mine" / "losses.csv").exists()


def test_import_replaces_nothing_unless_that_is_asked_for(run: Call, here: Path) -> None:
    run("export", "xor", "--to", "onnx")
    (here / "back.vnn").write_bytes(b"precious")
    said = "visualnn import: “back.vnn” exists already; --force replaces it.\n"
    assert run("import", "xor.onnx", "-o", "back.vnn") == (1, "", said)
    assert (here / "back.vnn").read_bytes() == b"precious"
    assert run("import", "xor.onnx", "-o", "back.vnn", "--force")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: MODEL|LINK."),
        (["none.onnx"], "“none.onnx” cannot be found: there is no such file."),
        (["xor"], "“xor” is no file of another tool and no link."),
        (["2-3-1"], "“2-3-1” is no file of another tool and no link."),
        (["mine.vnn"], "“mine.vnn” is VisualNN’s own: open it, there is nothing to import."),
        (["model.onnx", "-o", "back.txt"], "“back.txt” does not end in .vnn."),
        (["model.onnx", "--hidden", "softmax"], "argument --hidden: invalid choice: 'softmax' (choose from "),
    ],
)
def test_wrong_use_of_import_is_told(run: Call, here: Path, arguments: list[str], said: str) -> None:
    native.write(here / "mine.vnn", load("xor"))
    code, out, err = run("import", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"visualnn import: {said}")
    assert err.endswith(" See visualnn import --help.\n")
    assert names(here) == ["mine.vnn"]


@pytest.mark.parametrize("suffix", [".onnx", ".keras", ".safetensors", ".json"])
def test_a_file_that_is_no_model_is_told_in_a_sentence(run: Call, here: Path, suffix: str) -> None:
    (here / f"bad{suffix}").write_bytes(b"\x80\x04 not a model")
    code, out, err = run("import", f"bad{suffix}", "-o", "back.vnn")
    assert (code, out) == (1, "")
    assert err.startswith(f"visualnn import: “bad{suffix}” ")
    assert err.count("\n") == 1
    assert names(here) == [f"bad{suffix}"]


# visualnn info


def trained(project: Project, updates: int, number: int) -> Run:
    """A run of so many updates, with the loss over test rows as it was once."""
    training = Training(project.network, project.data, project.options, project.parameters)
    training.run(updates)
    readings = Readings.of(np.array([0]), np.full((len(COLUMNS), 1), 0.5))
    return kept(
        training, training.snapshot(), project, number=number, name=f"Adam {number}", readings=readings, branch=None
    )


@pytest.fixture
def work() -> Work:
    """A network with a silent neuron, two runs, and notes."""
    project = replace(load("xor").with_silent(1, 0, True), notes="Look at neuron d.\nIt is silent.")
    runs = (trained(project, 3, 1), trained(project, 7, 2))
    return Work(project.with_parameters(runs[1].parameters), runs, 2, View("train", 5, "d"))


def test_info_tells_all_that_a_file_keeps(run: Call, here: Path, work: Work) -> None:
    native.write(here / "mine.vnn", work)
    code, out, err = run("info", "mine.vnn")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "name       XOR"
    assert lines[1] == f"format     VisualNN {CURRENT}"
    assert (
        lines[2] == "network    2-4-1, tanh, sigmoid; 17 weights and biases; switched off: 1 neuron and 0 connections"
    )
    assert lines[3] == "data       xor, 112 rows to learn from and 48 to test on"
    assert lines[4] == "options    adam, rate 0.05, binary_cross_entropy, all 112 rows, seed 0"
    first, second = work.runs
    assert f"runs       1: Adam 1, 3 epochs, loss {first.loss:.6g}, on test rows 0.5" in lines
    assert f"           2: Adam 2, 7 epochs, loss {second.loss:.6g}, on test rows 0.5, the weights of the file" in lines
    assert lines[lines.index("notes      Look at neuron d.") + 1] == "           It is silent."
    assert f"size       {(here / 'mine.vnn').stat().st_size:,} bytes" in lines
    assert any(line.strip().startswith("project.json: ") for line in lines)


def test_info_as_json(run: Call, here: Path, work: Work) -> None:
    native.write(here / "mine.vnn", work)
    told = json.loads(run("info", "mine.vnn", "--json")[1])
    assert (told["format"], told["version"], told["name"]) == ("VisualNN", CURRENT, "XOR")
    assert told["network"]["layers"] == [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    assert told["network"]["parameters"] == 17
    assert told["switched_off"] == {"neurons": 1, "connections": 0}
    assert (told["data"]["rows"], told["data"]["test_rows"], told["data"]["scaled"]) == (112, 48, False)
    assert told["options"]["optimizer"]["name"] == "adam"
    assert [(r["number"], r["updates"], r["loss"], r["test_loss"]) for r in told["runs"]] == [
        (r.number, r.update, r.loss, 0.5) for r in work.runs
    ]
    assert (told["run"], told["view"]) == (2, {"mode": "train", "step": 5, "selected": "d", "surface": ""})
    assert told["notes"] == "Look at neuron d.\nIt is silent."
    with zipfile.ZipFile(here / "mine.vnn") as archive:
        assert told["parts"] == [
            {"name": e.filename, "bytes": e.file_size, "packed": e.compress_size} for e in archive.infolist()
        ]
    assert told["bytes"] == (here / "mine.vnn").stat().st_size


def test_info_tells_how_far_a_training_has_come(run: Call, here: Path) -> None:
    project = load("xor")
    training = Training(
        project.network, project.data, replace(project.options, batch_size=50, goal=None), project.parameters
    )
    training.run(7)
    project = replace(project, options=training.options).with_parameters(training.parameters)
    curve = training.snapshot().curve
    native.write(here / "mine.vnn", project.with_progress(Progress(training.checkpoint(), training.start, curve)))
    lines = run("info", "mine.vnn")[1].splitlines()
    loss = curve.losses[-1]
    assert json.loads(run("info", "mine.vnn", "--json")[1])["progress"] == {
        "epochs": 2,
        "updates": 7,
        "loss_before_the_last": loss,
    }
    assert f"training   2 epochs, 7 updates, loss {loss:.6g} before the last; goes on where it stopped" in lines
    edited = native.read(here / "mine.vnn").with_parameter(0, 5.0)
    native.write(here / "edited.vnn", edited)
    assert "training   a run begins with these weights\n" in run("info", "edited.vnn")[1]


@pytest.mark.parametrize("name", IDS)
def test_info_of_an_example(run: Call, name: str) -> None:
    told = json.loads(run("info", name, "--json")[1])
    assert (told["format"], told["version"], told["bytes"]) == ("example", None, None)
    assert told["network"]["parameters"] == load(name).network.parameter_count
    assert "format     built-in example\n" in run("info", name)[1]


def test_info_of_a_model_tells_what_would_be_imported(run: Call, here: Path) -> None:
    run("export", "xor", "--to", "onnx", "-o", "model.onnx")
    told = json.loads(run("info", "model.onnx", "--json")[1])
    assert (told["format"], told["version"]) == ("ONNX model", None)
    assert told["bytes"] == (here / "model.onnx").stat().st_size
    assert told["network"]["layers"][0] == {"units": 4, "activation": "tanh"}
    assert names(here) == ["model.onnx"]


def test_info_of_weights_alone_takes_a_word(run: Call, here: Path) -> None:
    plain = save_weights(here / "w.safetensors", load("xor"))
    assert run("info", str(plain))[0] == 1
    told = json.loads(run("info", str(plain), "--hidden", "tanh", "--output", "sigmoid", "--json")[1])
    assert [layer["activation"] for layer in told["network"]["layers"]] == ["tanh", "sigmoid"]


def test_info_of_a_link(run: Call) -> None:
    code, out, err = run("info", LINK)
    assert (code, err) == (0, "")
    assert "format     link to the TensorFlow Playground\n" in out
    assert "network    2-4-2-1, " in out


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04"])
def test_info_of_a_broken_file_is_a_sentence(run: Call, here: Path, content: bytes) -> None:
    (here / "bad.vnn").write_bytes(content)
    code, out, err = run("info", "bad.vnn")
    assert (code, out) == (1, "")
    assert err.startswith("visualnn info: “bad.vnn” cannot be opened: ")
    assert err.count("\n") == 1
