from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import visualnn
from visualnn import display
from visualnn.cli import COMMANDS, main, training
from visualnn.files import native
from visualnn.files.examples import EXAMPLES, IDS, load
from visualnn.files.fresh import shape_name
from visualnn.nn.data import Dataset
from visualnn.nn.kernels import choose
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.passes import predict
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Training
from visualnn.project import new_project

NEITHER = f"neither a file nor an example ({', '.join(IDS)}) nor a shape like 2-16-16-1."
Result = tuple[int, str, str]
Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> Result:
        code = main(arguments)
        return (code, *capsys.readouterr())

    return call


def process(*arguments: str, script: str = "", **kwargs: Any) -> subprocess.CompletedProcess[str]:
    """Runs a command line, or a script with `sys.argv`, in a process of its own."""
    start = ["-c", script] if script else ["-m", "visualnn"]
    command = [sys.executable, "-W", "error", *start, *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False, **kwargs)


class App(ModuleType):
    """Stands in for `visualnn.app` and remembers how it was called."""

    def __init__(self) -> None:
        super().__init__("visualnn.app")
        self.calls: list[tuple[Any, ...]] = []

    def run(self, document: str | None) -> int:
        self.calls.append((document,))
        return 0

    def render(self, document: str, out: Path, **options: object) -> None:
        self.calls.append((document, out, options))

    def render_stage(self, document: str, out: Path, **options: object) -> None:
        self.calls.append(("stage", document, out, options))

    def render_film(self, document: str, out: Path, **options: object) -> None:
        del options["report"]
        self.calls.append(("film", document, out, options))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    fake = App()
    monkeypatch.setitem(sys.modules, "visualnn.app", fake)
    monkeypatch.setattr(visualnn, "app", fake, raising=False)
    monkeypatch.setattr(display, "problem", lambda platform=None: None)
    return fake


# The window


@pytest.mark.parametrize("document", [None, *IDS, "2-16-16-1"])
def test_the_window_opens(run: Run, app: App, document: str | None) -> None:
    assert run(*filter(None, [document])) == (0, "", "")
    assert app.calls == [(document,)]


def test_the_window_opens_a_file(run: Run, app: App, tmp_path: Path) -> None:
    path = tmp_path / "mine.vnn"
    native.write(path, load("xor"))
    assert run(str(path)) == (0, "", "")
    assert app.calls == [(str(path),)]


@pytest.mark.parametrize("arguments", [["adder"], ["render", "adder", "out.png"]])
def test_without_a_screen_nothing_opens(
    run: Run, app: App, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(display, "problem", lambda platform=None: "No screen.\n")
    assert run(*arguments) == (3, "", "No screen.\n")
    assert app.calls == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bogus"], f"“bogus” is {NEITHER}"),
        (["2-0-1"], "A layer can have 1 to 100,000 neurons, not 0."),
        (["bogus", "2", "2"], "there is no command “bogus”, and only one file can be opened."),
        (["--bogus"], "there is no option --bogus."),
        (["adder", "--json"], "there is no option --json."),
    ],
)
def test_wrong_use_of_the_window_is_told(run: Run, app: App, arguments: list[str], said: str) -> None:
    assert run(*arguments) == (2, "", f"visualnn: {said} See visualnn --help.\n")
    assert app.calls == []


def test_help_names_every_command(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert all(f"\n  {command}" in out for command in COMMANDS if command)
    assert "ONNX, Keras, PyTorch" in out
    assert "a link to the TensorFlow Playground" in out


@pytest.mark.parametrize("command", sorted(filter(None, COMMANDS)))
def test_every_command_explains_itself(run: Run, command: str) -> None:
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: visualnn {command}")
    assert f"visualnn {command}" in out.partition("example")[2]


# visualnn examples


def test_examples_are_listed(run: Run) -> None:
    code, out, _err = run("examples")
    assert code == 0
    assert [line.split()[:2] for line in out.splitlines()] == [[name, shape_name(load(name).network)] for name in IDS]
    assert all(example.title in out for example in EXAMPLES)


def test_examples_as_json(run: Run) -> None:
    listed = json.loads(run("examples", "--json")[1])
    assert listed[0] == {
        "id": "adder",
        "title": "Add two numbers",
        "subtitle": "Thirteen numbers that learned to add",
        "network": "2-3-1",
    }
    assert [item["id"] for item in listed] == list(IDS)


# visualnn predict


@pytest.mark.parametrize(
    ("numbers", "printed"),
    [
        (["2", "2"], "3.9895875277625037"),
        (["1", "3"], "3.987205739152688"),
        (["-1", "-1"], "0.9494661520905878"),
        (["−1", "-1e0"], "0.9494661520905878"),
        (["--", "-1", "-1"], "0.9494661520905878"),
        (["-1e3", "-.5"], "-9.29e-06"),
        (["1e308", "1e308"], "inf"),
    ],
)
def test_predict_prints_all_digits(run: Run, numbers: list[str], printed: str) -> None:
    assert run("predict", "adder", *numbers) == (0, printed + "\n", "")


def test_what_is_switched_off_stays_off_without_a_window(run: Run, tmp_path: Path) -> None:
    cut = load("adder").with_silent(1, 0, True).with_cut(0, 1, 2, True)
    native.write(tmp_path / "cut.vnn", cut)
    expected = repr(float(predict(cut.network, cut.parameters, np.array([2.0, 2.0]), cut.mask)[0]))
    assert run("predict", str(tmp_path / "cut.vnn"), "2", "2") == (0, expected + "\n", "")
    trained = tmp_path / "trained.vnn"
    assert run("train", str(tmp_path / "cut.vnn"), "--epochs", "3", "--continue", "--out", str(trained))[0] == 0
    after = native.read(trained)
    moved = after.parameters != cut.parameters
    assert cut.mask is not None
    assert not moved[cut.mask.parameters == 0].any()
    assert moved[cut.mask.parameters == 1].any()
    training = Training(cut.network, cut.data, cut.options, cut.parameters, mask=cut.mask)
    training.run(3 * training.epoch_length)
    assert np.array_equal(after.parameters, cut.with_parameters(training.parameters).parameters)


def test_predict_as_json_shows_every_layer(run: Run) -> None:
    code, out, _err = run("predict", "adder", "--json", "2", "2")
    answer = json.loads(out)
    assert code == 0
    assert answer["inputs"] == [2.0, 2.0]
    assert answer["output"] == [3.9895875277625037] == answer["layers"][1]["activations"]
    assert [layer["activation"] for layer in answer["layers"]] == ["relu", "linear"]
    assert answer["layers"][0]["sums"][1] == 2 * 0.01417504 + 2 * -0.8950311 + -0.06846002
    assert answer["layers"][0]["activations"][1] == 0.0
    assert run("predict", "adder", "2", "--json", "2")[1] == out


def test_predict_as_json_has_null_for_an_overflow(run: Run) -> None:
    assert json.loads(run("predict", "adder", "1e308", "1e308", "--json")[1])["output"] == [None]


def test_several_outputs_are_one_a_line(run: Run, tmp_path: Path) -> None:
    data = load("adder").data
    network = Network(2, (Layer(2, "linear"),))
    wide = type(data)("two", data.inputs, data.inputs, ("a", "b"))
    native.write(tmp_path / "two.vnn", new_project("Two", network, wide, Options(), np.array([1, 0, 0, 1, 0, 0.5])))
    assert run("predict", str(tmp_path / "two.vnn"), "3", "-4") == (0, "3.0\n-3.5\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["adder", "1", "2", "3"], "adder takes 2 inputs (a, b), not 3."),
        (["adder"], "adder takes 2 inputs (a, b), not 0."),
        (["xor", "1"], "xor takes 2 inputs (x, y), not 1."),
        (["adder", "1", "two"], "“two” is not a number."),
        (["adder", "1", "nan"], "an input must be a finite number, not nan."),
        (["adder", "1", "-inf"], "an input must be a finite number, not -inf."),
        (["adder", "1", "1e999"], "an input must be a finite number, not 1e999."),
        (["add", "1", "2"], f"“add” is {NEITHER}"),
        (["adder", "1", "2", "--jsno"], "unrecognized arguments: --jsno."),
    ],
)
def test_wrong_use_of_predict_is_told(run: Run, arguments: list[str], said: str) -> None:
    assert run("predict", *arguments) == (2, "", f"visualnn predict: {said} See visualnn predict --help.\n")


# visualnn steps


def told_steps(run: Run, *arguments: str) -> dict[str, Any]:
    code, out, err = run("steps", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize(("rate", "after"), [("0.01", 3.99669701), ("0.02", 4.00380962)])
def test_steps_follow_one_update_of_the_articles_network(run: Run, rate: str, after: float) -> None:
    told = told_steps(run, "adder", "2", "2", "--target", "4", "--rate", rate)
    assert [step["index"] for step in told["steps"]] == list(range(1, 56))
    assert told["output"] == [3.9895875277625037]
    relu, weight = told["steps"][9], told["steps"][42]
    assert (relu["phase"], relu["kind"], relu["value"]) == ("Forward", "activate", 0.0)
    assert relu["sentence"] == "ReLU clips −1.83 to 0: neuron d passes nothing on."
    assert weight["place"] == {"kind": "weight", "column": 1, "neuron": 0, "source": 0, "name": "a→c"}
    hidden, output = told["layers"]
    assert (
        weight["value"]
        == hidden["weights"]["after"][0][0]
        == weight["before"] - float(rate) * told["steps"][33]["value"]
    )
    assert np.array(hidden["weights"]["gradient"]).shape == (2, 3)
    assert output["biases"]["gradient"] == [2 * (told["output"][0] - 4)]
    assert told["loss_after"] == pytest.approx((after - 4) ** 2, rel=1e-5)


def test_steps_can_use_another_optimizer_and_loss(run: Run) -> None:
    told = told_steps(run, "adder", "2", "2", "--optimizer", "adam", "--loss", "mae", "--rate", "0.1")
    assert told["loss"] == 4 - told["output"][0]
    moved = np.array(told["layers"][1]["weights"]["after"]) - np.array(told["layers"][1]["weights"]["before"])
    np.testing.assert_allclose(moved.ravel(), [0.1, 0.0, 0.1], atol=1e-6)


def test_steps_are_the_documents_own_without_more_words(run: Run) -> None:
    code, out, err = run("steps", "backprop")
    assert (code, err) == (0, "")
    assert "     44  1.000 − 0.02 × (−1.20) = 1.024 " in out
    assert "Same inputs again: the loss falls from 0.250 to 0.0383." in out
    assert [line for line in out.splitlines() if not line.startswith(" ")][:4] == [
        "Forward",
        "Loss",
        "Backward",
        "Update",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["adder", "2"], "adder takes 2 inputs, not 1."),
        (["adder", "2", "x"], "“x” is not a number."),
        (["adder", "2", "2", "--target", "4", "5"], "adder takes 1 target, not 2."),
        (["circles", "0.1", "0.2"], "these inputs are not in the data: say with --target what the answer should be."),
        (["adder", "--rate", "0"], "argument --rate: must be a number above 0, not 0."),
        (["2-1000-1000-1"], "2-1000-1000-1 has 3,023,007 steps; at most 500,000 are listed."),
        (
            ["xor", "--loss", "cross_entropy"],
            "the loss “cross_entropy” does not fit the output activation “sigmoid”; use ",
        ),
    ],
)
def test_wrong_use_of_steps_is_told(run: Run, arguments: list[str], said: str) -> None:
    code, out, err = run("steps", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"visualnn steps: {said}")


@pytest.mark.parametrize("command", [["predict", "{}", "1", "2"], ["train", "{}"]])
def test_a_bad_file_is_told(run: Run, tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "bad.vnn"
    path.write_bytes(b"hello")
    said = f"visualnn {command[0]}: “bad.vnn” cannot be opened: it is damaged or not a VisualNN file.\n"
    assert run(*(part.format(path) for part in command)) == (1, "", said)


# visualnn train


def trained(run: Run, *arguments: str) -> dict[str, Any]:
    code, out, err = run("train", *arguments, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["loss", "updates", "seed", "final_loss"]
    assert len(answer["loss"]) == answer["updates"] + 1
    assert answer["loss"][-1] == answer["final_loss"]
    return answer


def test_train_gives_the_losses_of_the_documents_options(run: Run) -> None:
    adder = load("adder")
    reference = Training(adder.network, adder.data, adder.options)
    reference.run(20)
    answer = trained(run, "adder", "--epochs", "20")
    assert answer["loss"][:-1] == reference.curve.view(20).losses.tolist()
    assert answer["final_loss"] == reference.full_loss()
    assert (answer["updates"], answer["seed"]) == (20, 0)
    assert trained(run, "adder", "--epochs", "20", "--seed", "0", "--batch", "all", "--rate", "0.1") == answer


def test_train_takes_every_option(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine.vnn"
    rule = ["--optimizer", "momentum", "--rate", "1e-2", "--batch", "50", "--loss", "mse"]
    start = ["--seed", "3", "--initializer", "he_normal"]
    answer = trained(run, "xor", "--epochs", "4", *rule, *start, "--out", str(out))
    assert (answer["updates"], answer["seed"]) == (12, 3)
    options = native.read(out).options
    assert (options.optimizer.name, options.optimizer.rate, options.batch_size) == ("momentum", 0.01, 50)
    assert (options.seed, options.initializer, options.loss, options.goal) == (3, "he_normal", "mse", 0.01)


def test_train_takes_every_refinement(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine.vnn"
    rate = ["--schedule", "cosine", "--period", "20", "--warmup", "3", "--weight-decay", "0.02"]
    rest = ["--l1", "0.001", "--l2", "0", "--dropout", "0.25", "--clip-norm", "2", "--precision", "float32"]
    trained(run, "xor", "--epochs", "2", *rate, *rest, "--out", str(out))
    options = native.read(out).options
    assert options.schedule == Schedule("cosine", period=20, warmup=3)
    assert (options.l1, options.l2, options.dropout, options.clip_norm) == (0.001, 0.0, 0.25, 2.0)
    assert (options.precision, options.optimizer.weight_decay) == ("float32", 0.02)
    assert options.optimizer == replace(load("xor").options.optimizer, weight_decay=0.02)
    trained(run, str(out), "--epochs", "2", "--clip-norm", "off", "--out", str(out))
    assert native.read(out).options == replace(options, clip_norm=None)


def test_another_optimizer_comes_with_its_own_constants(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine.vnn"
    trained(run, "xor", "--epochs", "1", "--optimizer", "adamw", "--out", str(out))
    assert native.read(out).options.optimizer == Optimizer("adamw", 0.05, weight_decay=0.01)
    trained(run, str(out), "--epochs", "1", "--optimizer", "adamw", "--weight-decay", "0.3", "--out", str(out))
    trained(run, str(out), "--epochs", "1", "--optimizer", "adamw", "--rate", "0.2", "--out", str(out))
    assert native.read(out).options.optimizer == Optimizer("adamw", 0.2, weight_decay=0.3)
    trained(run, str(out), "--epochs", "1", "--optimizer", "lion", "--out", str(out))
    assert native.read(out).options.optimizer == Optimizer("lion", 0.2, beta2=0.99)


def test_hinge_counts_what_is_above_0(run: Run, tmp_path: Path) -> None:
    data = Dataset("four", np.array([[0.2], [-0.2], [0.7], [-1]]), np.array([[1.0], [0], [0], [0]]), ("x",), True)
    options = Options(loss="hinge", optimizer=Optimizer("sgd", 1e-9))
    native.write(tmp_path / "a.vnn", new_project("Four", Network.of(1, 1), data, options, np.array([1.0, 0.0])))
    assert "3 of 4 rows right\n" in run("train", str(tmp_path / "a.vnn"), "--epochs", "1", "--continue")[1]


def test_train_saves_what_it_trained(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine.vnn"
    answer = trained(run, "xor", "--epochs", "200", "--out", str(out))
    np.testing.assert_allclose(native.read(out).parameters, load("xor").parameters, rtol=1e-6)
    again = trained(run, str(out), "--continue", "--epochs", "1")
    assert again["loss"][0] == pytest.approx(answer["final_loss"], rel=1e-12)
    assert trained(run, str(out), "--epochs", "1")["loss"][0] == answer["loss"][0]


def test_train_does_not_stop_at_the_goal(run: Run) -> None:
    assert trained(run, "circles", "--epochs", "400")["updates"] == 400


def test_train_sums_up(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine.vnn"
    code, text, err = run("train", "xor", "--epochs", "200", "--out", str(out))
    assert (code, err) == (0, "")
    first, second, third, *rest = text.splitlines()
    assert first == "XOR (2-4-1): 200 epochs, 200 updates"
    assert second == "adam, rate 0.05, binary_cross_entropy, all 112 rows, seed 0"
    assert third.startswith("loss 0.70929 → 0.01346")
    assert rest == ["112 of 112 rows right", f"saved as {out}"]
    assert (
        "1 epoch, 3 updates\nadam, rate 0.1, mse, batches of 40 rows, seed 0\n"
        in run("train", "adder", "--epochs", "1", "--batch", "40")[1]
    )


def test_diverging_is_told_and_nothing_saved(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine.vnn"
    arguments = ["train", "adder", "--optimizer", "sgd", "--rate", "1e200", "--out", str(out)]
    said = "visualnn train: The loss was no longer a finite number after 1 update; nothing was saved, try a smaller"
    code, text, err = run(*arguments, "--json")
    assert (code, err) == (1, f"{said} --rate than 1e+200.\n")
    answer = json.loads(text)
    assert (answer["updates"], answer["loss"][1:], answer["final_loss"]) == (1, [None], None)
    assert run(*arguments)[:2] == (1, "")
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--epochs", "0"], "argument --epochs: must be a whole number from 1, not 0."),
        (["--epochs", "1.5"], "argument --epochs: must be a whole number from 1, not 1.5."),
        (["--epochs", "1000000000"], "1,000,000,000 epochs are 1,000,000,000 updates; the limit is 100,000,000."),
        (["--rate", "-1"], "argument --rate: must be a number above 0, not -1."),
        (["--rate", "nan"], "argument --rate: must be a number above 0, not nan."),
        (["--rate", "fast"], "argument --rate: must be a number above 0, not fast."),
        (["--batch", "0"], "argument --batch: must be a whole number from 1, not 0."),
        (["--batch", "some"], "argument --batch: must be a whole number from 1, not some."),
        (["--seed", "-1"], "argument --seed: must be a whole number from 0, not -1."),
        (["--loss", "cross_entropy"], "the loss cross_entropy does not fit a linear output; use mse or mae or"),
        (["--continue", "--initializer", "he_normal"], "--initializer is for fresh weights and cannot go with --conti"),
        (["--out", "mine.txt"], "“mine.txt” does not end in .vnn."),
        (["--out", "nowhere/mine.vnn"], "there is no folder “nowhere”."),
        (["--optimizer", "tiger"], "argument --optimizer: invalid choice: 'tiger' (choose from "),
        (["--schedule", "often"], "argument --schedule: invalid choice: 'often' (choose from "),
        (["--period", "0"], "argument --period: must be a whole number from 1, not 0."),
        (["--weight-decay", "-1"], "argument --weight-decay: must be a number from 0, not -1."),
        (["--l1", "inf"], "argument --l1: must be a number from 0, not inf."),
        (["--l2", "much"], "argument --l2: must be a number from 0, not much."),
        (["--dropout", "1"], "argument --dropout: must be at least 0 and below 1, not 1."),
        (["--clip-norm", "0"], "argument --clip-norm: must be a number above 0, not 0."),
        (["--precision", "float16"], "argument --precision: invalid choice: 'float16' (choose from "),
    ],
)
def test_wrong_use_of_train_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run("train", "adder", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"visualnn train: {said}")
    assert err.endswith(" See visualnn train --help.\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(("epochs", "loaded"), [("5", 0), ("25", 0), ("26", 1), ("60", 1)])
def test_the_compiled_kernel_is_loaded_for_long_work_only(
    run: Run, monkeypatch: pytest.MonkeyPatch, epochs: str, loaded: int
) -> None:
    asked: list[int] = []
    saved_s = training.OVERHEAD_S - training.BLAS_GAIN_S * 100 * 13
    monkeypatch.setattr(training, "LOADING_S", 24.5 * saved_s)
    monkeypatch.setattr(choose, "loaded", lambda _task: bool(asked))
    monkeypatch.setattr(choose, "load", lambda *_kinds: asked.append(1))
    assert trained(run, "adder", "--epochs", epochs)["updates"] == int(epochs)
    assert len(asked) == loaded


def test_progress_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert json.loads(run("train", "adder", "--epochs", "30", "--json")[1])["updates"] == 30
    assert "/30" in terminal.getvalue()


def test_ctrl_c_ends_with_its_own_code(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "_run", interrupt)
    assert run("train", "adder") == (130, "", "Stopped.\n")


def test_what_nobody_expected_is_not_hidden(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(training, "_run", fail)
    with pytest.raises(ZeroDivisionError):
        run("train", "adder")


# visualnn render


def test_render_has_defaults(run: Run, app: App, tmp_path: Path) -> None:
    out = tmp_path / "adder.png"
    assert run("render", "adder", str(out)) == (0, "", "")
    options = {"mode": "step", "step": None, "theme": "dark", "size": (1280, 800), "scale": 2.0}
    assert app.calls == [("adder", out, options)]


def test_render_passes_everything_on(run: Run, app: App, tmp_path: Path) -> None:
    arguments = ["--mode", "train", "--step", "7", "--theme", "light", "--size", "1600X1000", "--scale", ".5"]
    assert run("render", "xor", str(tmp_path / "x.PNG"), *arguments)[0] == 0
    assert app.calls[0][2] == {"mode": "train", "step": 7, "theme": "light", "size": (1600, 1000), "scale": 0.5}


@pytest.mark.parametrize("arguments", [["x.svg"], ["x.pdf"], ["x.png", "--part", "stage"]])
def test_render_draws_the_stage_alone(run: Run, app: App, tmp_path: Path, arguments: list[str]) -> None:
    out = tmp_path / arguments[0]
    assert run("render", "adder", str(out), *arguments[1:], "--step", "10") == (0, "", "")
    options = {"mode": "step", "step": 10, "theme": "dark", "size": (1280, 800), "scale": 2.0}
    assert app.calls == [("stage", "adder", out, options)]


def test_render_makes_films(run: Run, app: App, tmp_path: Path) -> None:
    out = tmp_path / "x.gif"
    assert run("render", "adder", str(out)) == (0, "", "")
    usual = {"steps": "all", "grain": "operation", "seconds": None, "fps": None, "theme": "dark", "size": (1280, 800)}
    assert app.calls == [("film", "adder", out, usual)]
    chosen = ["--steps", "1-20", "--grain", "layer", "--fps", "30", "--seconds-per-step", "2", "--scale", "1.5"]
    run("render", "adder", str(out), *chosen)
    told = {"steps": "1-20", "grain": "layer", "seconds": 2.0, "fps": 30.0, "theme": "dark", "size": (1920, 1200)}
    assert app.calls[1] == ("film", "adder", out, told)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x.jpg"], "“x.jpg” does not end in .png, .svg, .pdf, .gif or .mp4."),
        (["x.svg", "--steps", "all"], "--steps belongs to films, which end in .gif or .mp4."),
        (["x.png", "--fps", "20"], "--fps belongs to films, which end in .gif or .mp4."),
        (["x.gif", "--step", "3"], "--step belongs to pictures; a film takes --steps 3."),
        (["x.mp4", "--mode", "train"], "a film shows the steps of step mode."),
        (["x.svg", "--part", "window"], "the whole window is drawn into .png only."),
        (["x.pdf", "--mode", "start"], "the start page has no stage."),
        (["x.gif", "--fps", "61"], "argument --fps: must be a number from 1 to 60, not 61."),
        (["x.gif", "--seconds-per-step", "0"], "argument --seconds-per-step: must be a number from 0.1 to 60, not 0."),
        (["nowhere/x.png"], "there is no folder “nowhere”."),
        (["x.png", "--size", "800"], "argument --size: must look like 1280x800, not 800."),
        (["x.png", "--size", "959x640"], "argument --size: must be from 960x640 to 7680x4320, not 959x640."),
        (["x.png", "--size", "7680x4321"], "argument --size: must be from 960x640 to 7680x4320, not 7680x4321."),
        (["x.png", "--scale", "4.1"], "argument --scale: must be a number from 0.5 to 4, not 4.1."),
        (["x.png", "--scale", "nan"], "argument --scale: must be a number from 0.5 to 4, not nan."),
        (["x.png", "--step", "-1"], "argument --step: must be a whole number from 0, not -1."),
        ([], "the following arguments are required: OUT."),
    ],
)
def test_wrong_use_of_render_is_told(
    run: Run, app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("render", "adder", *arguments) == (2, "", f"visualnn render: {said} See visualnn render --help.\n")
    assert app.calls == []


# In a process of its own


def test_the_version() -> None:
    done = process("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"visualnn {visualnn.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--version"], {"PySide6", "pyqtgraph", "numba", "numpy", "safetensors"}),
        (["predict", "adder", "2", "2"], {"PySide6", "pyqtgraph", "numba"}),
        (["steps", "adder", "2", "2"], {"PySide6", "pyqtgraph", "numba"}),
        (["examples"], {"PySide6", "pyqtgraph", "numba"}),
        (["train", "adder", "--epochs", "3"], {"PySide6", "pyqtgraph", "numba", "tqdm"}),
    ],
)
def test_commands_import_only_what_they_need(arguments: list[str], absent: set[str]) -> None:
    script = (
        "import sys; from visualnn.cli import main; assert main() == 0; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = process(*arguments, script=script)
    assert done.returncode == 0, done.stderr
    assert not absent & set(done.stderr.split())


def test_predict_in_a_process() -> None:
    done = process("predict", "adder", "2", "2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "3.9895875277625037\n", "")


def test_a_closed_pipe_is_quiet() -> None:
    command = [sys.executable, "-m", "visualnn", "train", "adder", "--epochs", "20000", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141


def test_a_terminal_without_arrows_is_served() -> None:
    done = process("train", "adder", "--epochs", "1", env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert done.returncode == 0
    assert "loss 15.6178 \\u2192" in done.stdout


def test_ctrl_c_in_a_process_is_clean() -> None:
    script = (
        "import signal, sys; from visualnn.cli import main, training; run = training._run\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # whoever runs the tests may ignore it
        "def started(*arguments, **named):\n    print('started', flush=True)\n    run(*arguments, **named)\n"
        "training._run = started; sys.exit(main(['train', 'adder', '--epochs', '10000000', '--rate', '1e-12']))"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "started\n"
        running.send_signal(signal.SIGINT)
        rest, err = running.communicate(timeout=60)
    assert (running.returncode, rest, err) == (130, "", "Stopped.\n")
