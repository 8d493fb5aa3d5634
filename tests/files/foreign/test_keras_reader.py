"""Models of Keras 3: what Keras predicts with real ones, what is named of others, what broken ones end in."""

from __future__ import annotations

import copy
import io
import json
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.files import native
from visualnn.files.errors import Damage, FileError
from visualnn.files.fields import Fields
from visualnn.files.foreign import formats
from visualnn.files.foreign.keras.chain import Chain
from visualnn.files.foreign.keras.graph import Graph, snake
from visualnn.files.foreign.keras.hdf5 import Meter
from visualnn.files.foreign.keras.weights import filled
from visualnn.nn.metrics import predict
from visualnn.project import Project

SAMPLES = Path(__file__).parent / "samples"
PREDICTED = json.loads((SAMPLES / "keras.json").read_text("utf-8"))
CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"


def sample(name: str) -> Project:
    return formats.read(SAMPLES / f"{name}.keras")


def members(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(SAMPLES / f"{name}.keras") as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def written(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(name: str, change) -> dict[str, bytes]:
    """A sample whose description was changed: `change` gets all of it, and the list of its layers."""
    parts = members(name)
    config = json.loads(parts[CONFIG])
    change(config, config["config"]["layers"])
    return parts | {CONFIG: json.dumps(config).encode()}


def refused(path: Path) -> str:
    with pytest.raises(FileError) as raised:
        formats.read(path)
    said = str(raised.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert said.startswith(f"“{path.name}” cannot be opened: ")
    return said.removeprefix(f"“{path.name}” cannot be opened: ")


# -- what Keras says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PREDICTED)
def test_predictions_are_those_of_keras(name):
    project, told = sample(name), PREDICTED[name]
    x, y = np.array(told["x"]), np.array(told["y"])
    ours = predict(project.network, project.parameters, x.reshape(len(x), -1), project.mask)
    assert ours == pytest.approx(y, rel=2e-6, abs=2e-6 * np.abs(y).max())
    assert project.trained


def test_activations_are_ours_in_the_order_of_the_model():
    names = "relu elu gelu silu softplus tanh sigmoid hard_tanh hard_sigmoid hard_silu linear"
    assert sample("all_activations").network.activations == tuple(names.split())


def test_adds_become_shortcuts():
    network = sample("shortcuts").network
    assert network.shortcut == 2
    assert network.shortcuts == (None, None, None, 1, None, 3, None, 5, None)


def test_what_makes_some_activations_0_says_which_neurons_are_silent(tmp_path):
    project = sample("silent")  # an export of ours, saved by Keras
    assert project.network.shortcut == 1
    assert project.silent == {(1, 2), (2, 0), (3, 1)}
    for scale, silent in (([1.0, 0.0, 1.0], {(1, 1)}), ([1.0, 0.5, 1.0], set()), ([1.0, 1.0, 1.0], set())):
        path = written(tmp_path / "m.keras", changed("pictures", insert(4, "Rescaling", "r", scale=scale, offset=0.0)))
        assert formats.read(path).silent == silent


def test_what_is_silent_before_an_add_is_not_silent_after_it(tmp_path):
    def change(_, layers):
        place = next(place for place, each in enumerate(layers) if each["class_name"] == "Add")
        last = layers[place - 1]
        fed = {"args": layers[place]["inbound_nodes"][0]["args"][0][1:], "kwargs": {}}
        if fed["args"][0]["config"]["keras_history"][0] != last["config"]["name"]:
            fed["args"] = layers[place]["inbound_nodes"][0]["args"][0][:1]
        silencer = layer("Rescaling", "r", scale=[0.0] + [1.0] * (last["config"]["units"] - 1), offset=0.0)
        layers.insert(place, silencer | {"name": "r", "inbound_nodes": [copy.deepcopy(fed)]})
        fed["args"][0]["config"]["keras_history"][0] = "r"

    said = refused(written(tmp_path / "m.keras", changed("shortcuts", change)))
    assert "adds to neurons that its layer “r” (Rescaling) has made 0" in said


def test_what_scales_becomes_part_of_the_weights():
    project = sample("normalized")
    mean, variance, kernel, bias = stored("normalized", "normalization/0 normalization/1 dense/0 dense/1")
    w, b = project.network.views(project.parameters)[0]
    spread = np.sqrt(variance)
    assert w == pytest.approx(kernel / spread[:, None], rel=1e-14)
    assert b == pytest.approx(bias - (mean / spread) @ kernel, rel=1e-12)
    assert "“normalization” (Normalization)" in project.notes


def stored(name: str, places: str) -> list[np.ndarray]:
    """Variables of layers, in 64 bits."""
    import pyfive

    with pyfive.File(io.BytesIO(members(name)[WEIGHTS])) as file:
        paths = [place.rsplit("/", 1) for place in places.split()]
        return [file[f"layers/{group}/vars/{number}"][...].astype(np.float64) for group, number in paths]


def test_rows_that_are_pictures_stay_pictures():
    project = sample("pictures")
    assert (project.data.image, project.network.sizes) == ((4, 4), (16, 3, 2))


def test_weights_of_32_bits_are_widened_exactly():
    project = sample("all_activations")
    parameters = project.parameters
    assert np.array_equal(parameters.astype(np.float32).astype(np.float64), parameters)


def test_it_can_be_kept(tmp_path):
    project = sample("shortcuts")
    native.write(tmp_path / "a.vnn", project)
    assert native.read(tmp_path / "a.vnn").parameters.tobytes() == project.parameters.tobytes()


def test_groups_are_called_as_keras_calls_them():
    kinds = {"Dense": "dense", "LeakyReLU": "leaky_re_lu", "BatchNormalization": "batch_normalization", "ELU": "elu"}
    assert {kind: snake(kind) for kind in kinds} == kinds


# -- how it was trained ------------------------------------------------------------------------------------------


def compiled(tmp_path: Path, optimizer: object, loss: object) -> Project:
    def change(config, _):
        config["compile_config"] = {"optimizer": optimizer, "loss": loss}

    return formats.read(written(tmp_path / "m.keras", changed("pictures", change)))


def made(kind: str, **config: object) -> dict:
    return {"module": "keras.optimizers", "class_name": kind, "config": config, "registered_name": None}


def test_a_model_that_was_never_compiled_says_so():
    assert "does not say how it was trained" in sample("pictures").notes


def test_optimizer_and_loss_are_taken_over(tmp_path):
    rule = made("SGD", learning_rate=float(np.float32(0.1)), momentum=0.9, nesterov=True, global_clipnorm=2.0)
    project = compiled(tmp_path, rule, "sparse_categorical_crossentropy")
    options, optimizer = project.options, project.options.optimizer
    assert (optimizer.name, optimizer.rate, optimizer.momentum) == ("nesterov", 0.1, 0.9)
    assert (options.loss, options.clip_norm) == ("cross_entropy", 2.0)
    assert "Not taken over" not in project.notes


@pytest.mark.parametrize(
    ("kind", "ours"),
    [
        ("SGD", ("sgd", 0.01, 1e-7)),
        ("adam", ("adam", 0.001, 1e-7)),
        ("AdamW", ("adamw", 0.001, 1e-7)),
        ("rmsprop", ("rmsprop", 0.001, 1e-7)),
        ("Lion", ("lion", 0.001, 1e-7)),
    ],
)
def test_an_optimizer_said_by_name_has_the_constants_of_keras(tmp_path, kind, ours):
    optimizer = compiled(tmp_path, kind, ["mse"]).options.optimizer
    assert (optimizer.name, optimizer.rate, optimizer.eps) == ours


def test_what_is_not_taken_over_is_told(tmp_path):
    schedule = {"class_name": "ExponentialDecay", "config": {"initial_learning_rate": 0.25}}
    project = compiled(tmp_path, made("Adam", learning_rate=schedule, amsgrad=True), "poisson")
    assert project.options.optimizer.rate == 0.25
    assert "Not taken over: amsgrad, its schedule (ExponentialDecay)." in project.notes
    assert "Its loss (poisson) is not one of those for this output." in project.notes
    assert project.options.loss == "cross_entropy"


def test_an_optimizer_that_is_not_here_is_named(tmp_path):
    assert "Its optimizer (Ftrl) is not one of those here." in compiled(tmp_path, made("Ftrl"), "mse").notes


def layer(kind: str, name: str, **config: object) -> dict:
    module = "keras.layers"
    return {"module": module, "class_name": kind, "config": {"name": name, **config}, "registered_name": None}


def test_one_dropout_after_every_hidden_layer_is_taken_over(tmp_path):
    def change(_, layers):
        layers.insert(4, layer("Dropout", "drop", rate=0.25))

    assert formats.read(written(tmp_path / "m.keras", changed("pictures", change))).options.dropout == 0.25


def test_another_dropout_is_told(tmp_path):
    def change(_, layers):
        layers.insert(3, layer("Dropout", "drop", rate=0.25))

    project = formats.read(written(tmp_path / "m.keras", changed("pictures", change)))
    assert project.options.dropout == 0.0
    assert "Dropout layers are left out" in project.notes


def test_penalties_that_all_layers_share_are_taken_over(tmp_path):
    def change(_, layers):
        for each in layers:
            if each["class_name"] == "Dense":
                each["config"]["kernel_regularizer"] = made("L1L2", l1=0.5, l2=float(np.float32(0.01)))

    options = formats.read(written(tmp_path / "m.keras", changed("pictures", change))).options
    assert (options.l1, options.l2) == (0.5, 0.01)


# -- what cannot be shown ----------------------------------------------------------------------------------------


def insert(place: int, *args: object, **config: object):
    return lambda _, layers: layers.insert(place, layer(*args, **config))


def replace(place: int, **values: object):
    return lambda _, layers: layers[place].update(values)


def configure(place: int, **values: object):
    return lambda _, layers: layers[place]["config"].update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (insert(4, "LSTM", "memory"), "its layer “memory” (LSTM) has no counterpart in this program"),
        (insert(4, "Conv2D", "c"), "its layer “c” (Conv2D) has no counterpart"),
        (insert(4, "Lambda", "l"), "its layer “l” (Lambda) is a program, and programs in files are never run"),
        (insert(4, "LeakyReLU", "l", negative_slope=0.3), "“l” (LeakyReLU) is a leaky ReLU with a slope of 0.3"),
        (insert(4, "LeakyReLU", "l"), "with a slope of 0.3 below 0; here it is 0.01"),
        (insert(4, "ReLU", "r", max_value=6.0), "“r” (ReLU) has a greatest value of 6"),
        (insert(4, "ELU", "e", alpha=0.5), "“e” (ELU) has alpha = 0.5; here it is 1"),
        (insert(4, "ELU", "e"), "“e” (ELU) follows the activation relu; a layer has one activation here"),
        (insert(3, "ELU", "e"), "“e” (ELU) does not follow the sums of a Dense layer"),
        (insert(4, "Softmax", "s", axis=-2), "“s” (Softmax) has the axis -2"),
        (insert(2, "Dense", "d", units=2), "“d” (Dense) works along the last axis of rows of 4×4×1"),
        (insert(2, "Reshape", "r", target_shape=[5]), "“r” (Reshape) makes rows of 5 from 16 numbers"),
        (insert(5, "Rescaling", "r", scale=2.0), "“r” (Rescaling) follows the last activation"),
        (insert(5, "Rescaling", "r", scale=[1.0] + [0.0] * 3), "“r” (Rescaling) follows the last activation"),
        (insert(2, "Rescaling", "r", scale=[1.0, 2.0, 3.0]), "“r” (Rescaling) has 3 numbers for rows of 4×4×1"),
        (insert(4, "Dropout", "d", rate=2.0), "“config.layers.4.config.rate” is not a number from 0 and below 1"),
        (insert(1, "InputLayer", "i", batch_shape=[None, 3]), "“i” (InputLayer) is a second input"),
        (configure(4, activation="softmax"), None),
        (configure(3, activation="softmax"), "has the activation softmax, which only the last layer can have"),
        (configure(3, activation="mish"), "(Dense) has the activation “mish”, which this program does not have"),
        (configure(3, activation="leaky_relu"), "with a slope of 0.2 below 0; here it is 0.01"),
        (configure(3, activation=made("function")), "has the activation “{}”, whose program the file does not hold"),
        (configure(3, quantization_config={}), "(Dense) is quantized"),
        (configure(3, dtype="int8_from_float32"), "(Dense) computes in int8_from_float32"),
        (configure(3, dtype="float64"), "is of type <f4 instead of float64"),
        (configure(3, units=4), "layers/dense/vars/0 has the shape 16×3 instead of 16×4"),
        (configure(3, units=0), "“config.layers.3.config.units” is not a whole number from 1"),
        (configure(3, units=10**9), "units” is not a whole number from 1 to 100,000"),
        (configure(0, batch_shape=[None, None, 4]), "(InputLayer) does not say how many numbers a row has"),
        (configure(0, batch_shape=[None, 10**6]), "(InputLayer) has 1,000,000 numbers a row"),
        (configure(3, use_bias=False), None),
        (replace(3, module="my.layers"), "of the class “Dense” is not Keras’ own, and what it does is not in the file"),
        (replace(3, module=None), "of the class “Dense” is not Keras’ own"),
        (replace(3, registered_name="Mine>Dense"), "of the class “Dense” is not Keras’ own"),
        (replace(3, class_name=3), "“config.layers.3.class_name” is not a text"),
        (lambda config, _: config.update(class_name="Mine", module="mine"), "its model of the class “Mine” is not"),
        (lambda _, layers: layers.clear(), "it has no layers"),
        (lambda _, layers: layers.pop(0), "its model has no input"),
        (lambda _, layers: layers.__delitem__(slice(1, 5)), "its model has no Dense layer"),
        (lambda _, layers: layers.__delitem__(slice(3, 4)), "layers/dense/vars/0 has the shape 16×3 instead of 16×2"),
        (lambda _, layers: layers.extend([layers[4]] * 1000), "it has more than 1,000 layers"),
    ],
)
def test_what_cannot_be_shown_is_named(tmp_path, change, words):
    path = written(tmp_path / "model.keras", changed("pictures", change))
    if words is None:
        assert formats.read(path).trained
    else:
        assert words in refused(path)


def test_a_model_inside_itself_again_and_again_is_too_deep(tmp_path):
    def change(config, layers):
        inner = copy.deepcopy(layers)
        for _ in range(30):
            inner = [{"module": "keras", "class_name": "Sequential", "config": {"layers": inner}}]
        config["config"]["layers"] = [layers[0], *inner]

    assert "more than 20 deep" in refused(written(tmp_path / "m.keras", changed("pictures", change)))


def wired(place: int, change):
    """What feeds a layer of a functional model, changed."""
    return lambda config, layers: change(config, layers[place])


def call(**values: object):
    return wired(2, lambda _, each: each["inbound_nodes"][0].update(values))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (call(args=[]), "its layers branch before"),
        (call(args=["x"]), "(Dense) is called with more than the outputs of other layers"),
        (call(kwargs={"training": True}), "(Dense) is called with more than its input"),
        (call(kwargs=[]), "(Dense) is called with more than its input"),
        (wired(2, lambda _, each: each["inbound_nodes"].append({})), "is used 2 times; a layer can be shown once"),
        (wired(2, lambda _, each: each.update(inbound_nodes=[[["d", 0, 0, {}]]])), "as Keras did before version 3"),
        (wired(2, lambda _, each: each.update(name="lost")), "which does not come before it"),
        (wired(4, lambda _, each: each["inbound_nodes"][0]["args"][0].pop()), "(Add) does not add the activations"),
        (wired(0, lambda config, _: config["config"].update(output_layers=[["a", 0, 0], ["b", 0, 0]])), "2 outputs"),
        (wired(0, lambda config, _: config["config"].update(input_layers=[])), "its model has 0 inputs"),
        (wired(0, lambda config, _: config["config"].update(output_layers=["dense", 0, 1])), "3 outputs"),
    ],
)
def test_a_net_that_is_no_line_is_named(tmp_path, change, words):
    assert words in refused(written(tmp_path / "m.keras", changed("shortcuts", change)))


def test_an_add_that_follows_no_rule_is_named(tmp_path):
    def change(_, layers):
        adds = [each for each in layers if each["class_name"] == "Add"]
        drop = {"Add": "Flatten"}  # the first Add becomes a layer that passes on what the last Dense gave
        adds[0]["class_name"] = drop["Add"]
        adds[0]["inbound_nodes"][0]["args"] = [adds[0]["inbound_nodes"][0]["args"][0][1]]

    assert "Add layers do not follow one rule" in refused(written(tmp_path / "m.keras", changed("shortcuts", change)))


class Shelf:
    """Weights by their paths, as the files of older versions lay them out."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.arrays = arrays

    def has(self, path: str) -> bool:
        return any(f"{each}/".startswith(f"{path}/") for each in self.arrays)

    def array(self, path: str, shape: tuple[int, ...], kind: str | None) -> np.ndarray:
        assert (self.arrays[path].shape, kind) == (shape, "float32")
        return self.arrays[path]


def test_the_groups_of_older_versions_are_known():
    dense = [layer("InputLayer", "i", batch_shape=[None, 2]), layer("Dense", "d", units=1, dtype="float32")]
    inner, outer = ({"module": "keras", "class_name": "Sequential", "config": {}} for _ in range(2))
    inner["config"], outer["config"] = {"layers": dense}, {"layers": [dense[0], inner]}
    chain = Chain.of(Graph.of(Fields(outer)))
    old, new = "_layer_checkpoint_dependencies", "layers"
    w, b = np.array([[2.0], [3.0]]), np.array([4.0])
    for name in (old, new):
        shelf = Shelf({f"{name}/sequential/{name}/dense/vars/{number}": each for number, each in enumerate((w, b))})
        ((ours_w, ours_b, activation),) = filled(chain, shelf)
        assert (ours_w.tolist(), ours_b.tolist(), activation) == (w.tolist(), b.tolist(), "linear")


# -- broken files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({CONFIG: b"{"}, "its description is not valid JSON"),
        ({CONFIG: b"[" * 100_000}, "its description is not valid JSON"),
        ({CONFIG: b"[]"}, "its description is not a JSON object"),
        ({CONFIG: b"{}"}, "its “class_name” is missing"),
        ({CONFIG: b" " * 9_000_000}, "its config.json is larger (9,000,000 bytes) than it can rightly be"),
        ({WEIGHTS: b""}, "its weights are damaged, or no HDF5 file"),
        ({WEIGHTS: b"\x89HDF\r\n\x1a\n" + bytes(100)}, "its weights are damaged, or no HDF5 file"),
        ({WEIGHTS: bytes(3_000_000)}, "its model.weights.h5 is larger (3,000,000 bytes) than it can rightly be"),
    ],
)
def test_broken_parts_end_in_a_sentence(tmp_path, change, words):
    assert words in refused(written(tmp_path / "m.keras", members("pictures") | change))


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_part_that_is_missing_is_named(tmp_path, name):
    parts = members("pictures")
    del parts[name]
    assert refused(written(tmp_path / "m.keras", parts)) == f"it has no {name}."


def test_the_version_may_be_missing_or_nonsense(tmp_path):
    parts = members("pictures")
    assert "From Keras 3." in formats.read(written(tmp_path / "a.keras", parts)).notes
    assert "From Keras.\n" in formats.read(written(tmp_path / "b.keras", parts | {METADATA: b"{"})).notes


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = written(tmp_path / "m.keras", members("pictures"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(CONFIG, "{}")
    assert refused(path) == "it holds two parts of the same name."


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "m.keras"
    path.write_bytes(b"hello")
    assert refused(path) == "it is damaged or not a model of Keras."


def test_a_weight_that_is_no_number_is_named_by_its_layer(tmp_path):
    parts = members("pictures")
    kernel = stored("pictures", "dense/0")[0].astype("<f4").tobytes()
    assert parts[WEIGHTS].count(kernel) == 1
    broken = parts[WEIGHTS].replace(kernel, struct.pack("<f", float("nan")) + kernel[4:])
    path = written(tmp_path / "m.keras", parts | {WEIGHTS: broken})
    assert "the weights of its layer 1 hold a value that is not a finite number" in refused(path)


def test_a_weight_that_signals_is_as_wrong_as_any(tmp_path):
    parts = members("pictures")
    kernel = stored("pictures", "dense/0")[0].astype("<f4").tobytes()
    broken = parts[WEIGHTS].replace(kernel, struct.pack("<I", 0x7F800001) + kernel[4:])
    path = written(tmp_path / "m.keras", parts | {WEIGHTS: broken})
    assert "the weights of its layer 1 hold a value" in refused(path)


def test_arrays_that_claim_more_than_the_file_holds_are_not_read(tmp_path):
    """Of a layer of 16 million weights the file says where they lie, and ends before."""

    def change(_, layers):
        layers[0]["config"]["batch_shape"] = [None, 4000]
        layers[1:] = [layer("Dense", "dense", units=4000)]

    parts = changed("pictures", change)
    shape = struct.pack("<2Q", 16, 3)
    assert parts[WEIGHTS].count(shape) == 2  # as large as it is, and as large as it may become
    broken = parts[WEIGHTS].replace(shape, struct.pack("<2Q", 4000, 4000))
    path = written(tmp_path / "m.keras", parts | {WEIGHTS: broken})
    assert refused(path) == "its weights claim to be more than the file holds."


def test_without_pyfive_the_file_says_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyfive", None)
    with pytest.raises(FileError) as raised:
        sample("pictures")
    assert str(raised.value) == '“pictures.keras” needs the package pyfive: pip install "visualnn[keras]".'


def test_reading_in_circles_comes_to_an_end():
    meter = Meter(np.zeros(1000, dtype=np.uint8), parts=1)

    def circle():
        while True:
            meter.seek(0)
            meter.read(8)

    with pytest.raises(Damage, match="lead in circles"):
        circle()


@settings(max_examples=80)
@given(st.sampled_from(sorted(PREDICTED)), st.data())
def test_changed_bytes_end_in_a_network_or_a_sentence(tmp_path_factory, name, data):
    parts = members(name)
    which = data.draw(st.sampled_from([CONFIG, WEIGHTS]))
    content = bytearray(parts[which])
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)
    ):
        content[place] = byte
    path = written(tmp_path_factory.mktemp("changed") / "m.keras", parts | {which: bytes(content)})
    said, parameters = opened(path)
    assert said.endswith(".")
    assert np.isfinite(parameters).all()


def opened(path: Path) -> tuple[str, np.ndarray]:
    """What is said about a file, and the numbers in it."""
    try:
        project = formats.read(path)
    except FileError as error:
        return str(error), np.empty(0)
    return project.notes, project.parameters
