"""A link to TensorFlow Playground opens as the points, weights and steps of the page itself."""

from __future__ import annotations

import json
import math
import zlib
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from visualnn.files import native
from visualnn.files.errors import FileError
from visualnn.files.foreign import playground
from visualnn.files.foreign.playground import fdlibm
from visualnn.files.foreign.playground.link import KNOWN, LONGEST, settings
from visualnn.files.foreign.playground.points import SETS
from visualnn.files.foreign.playground.seedrandom import SeedRandom
from visualnn.nn.metrics import score
from visualnn.nn.training import Training
from visualnn.project import Project

SAMPLE = Path(__file__).parent / "samples" / "playground.json"
PAGES = json.loads(SAMPLE.read_text("utf-8"))["links"]
PAGE = "https://playground.tensorflow.org/"


def page_id(page: dict) -> str:
    named = settings(page["link"])
    return f"{named.points} {named.seed}"


def neurons(project: Project) -> list:
    """The bias and the weights of every neuron, as the sample has them."""
    views = project.network.views(project.parameters)
    return [[[b, *w[:, k].tolist()] for k, b in enumerate(layer_b.tolist())] for w, layer_b in views]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_points_and_first_weights_are_those_of_the_page_in_every_bit(page):
    project = playground.read(page["link"])
    data = project.data
    rows = np.vstack([np.hstack([data.inputs, data.targets]), np.hstack([data.test_inputs, data.test_targets])])
    assert (data.rows, data.tests) == (page["rows"], page["tests"])
    assert rows[0].tolist() == page["first"]
    assert zlib.crc32(rows.astype("<f8").tobytes()) == page["crc32"]
    assert neurons(project) == page["start"]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_training_with_all_rows_goes_the_way_of_the_page(page):
    project = playground.read(page["link"])
    training = Training(project.network, project.data, project.options, project.parameters)
    for loss in page["losses"]:
        ours = score(project.network, training.parameters, project.data, project.options.loss).loss
        assert ours == pytest.approx(2 * loss, rel=1e-12)
        training.run(25)


def test_the_samples_hold_every_set_and_every_function():
    named = [settings(page["link"]) for page in PAGES]
    assert {each.points for each in named} == set(SETS)
    assert {each.activation for each in named} == {"tanh", "sigmoid", "relu"}
    assert {each.penalty for each in named} == {"none", "L1", "L2"}
    assert any(each.zeros for each in named)
    assert any(not each.hidden for each in named)


def test_the_first_numbers_of_a_seed_are_those_of_the_library():
    rng = SeedRandom("0.69938")
    assert [rng.random() for _ in range(3)] == [0.5251885030625543, 0.010594827347261717, 0.5955943851220246]


@given(st.floats(-1e4, 1e4), st.floats(1e-300, 1e300))
def test_the_elementary_functions_are_within_a_unit_of_the_last_place(angle, number):
    for ours, theirs in (
        (fdlibm.sin(angle), math.sin(angle)),
        (fdlibm.cos(angle), math.cos(angle)),
        (fdlibm.log(number), math.log(number)),
    ):
        assert abs(ours - theirs) <= math.ulp(theirs)


# -- what a link says --------------------------------------------------------------------------------------------


def test_a_link_becomes_the_settings_of_the_page():
    link = f"{PAGE}#activation=relu&regularization=L2&regularizationRate=0.01&batchSize=12&dataset=xor&noise=5"
    link += "&learningRate=0.1&networkShape=3,2&seed=0.1&percTrainData=40&x=false&y=true&xTimesY=true&sinY=true"
    project = playground.read(link)
    options, data = project.options, project.data
    assert (project.network.sizes, project.network.activations) == ((3, 3, 2, 1), ("relu", "relu", "tanh"))
    assert data.input_names == ("X₂", "X₁X₂", "sin(X₂)")
    assert (data.rows, data.tests) == (200, 300)
    assert (options.optimizer.name, options.optimizer.rate, options.loss) == ("sgd", 0.05, "mse")
    assert (options.batch_size, options.l1, options.l2) == (12, 0.0, 0.01)
    assert project.trained  # the next run starts from the weights of the page


def test_the_page_itself_is_what_it_shows_when_it_opens():
    project = playground.read(PAGE)
    assert (project.name, project.network.sizes) == ("Circle (Playground)", (2, 4, 2, 1))
    assert "names no seed" in project.notes
    assert "the same points" not in project.notes
    assert "the same points" in playground.read("#seed=0.5").notes


def test_regression_has_a_linear_output():
    project = playground.read("#problem=regression&regDataset=reg-gauss&networkShape=2")
    assert project.network.activations == ("tanh", "linear")
    assert project.data.rows + project.data.tests == 1200


def test_a_hidden_input_is_none():
    assert playground.read("#x=true&y=true&x_hide=true").data.input_names == ("X₂",)


def test_noise_beyond_the_slider_is_as_the_page_has_it():
    assert [settings(f"#noise={noise}").noise for noise in (-5, 80, 81)] == [0.0, 80.0, 50.0]


def test_commas_may_be_escaped_and_spaces_left():
    assert playground.read(" #networkShape=3%2C2 ").network.sizes == (2, 3, 2, 1)


def test_a_seed_is_the_text_that_the_browser_has():
    assert settings("#seed=caf%C3%A9").seed == settings("#seed=café").seed == "caf%C3%A9"


def test_what_differs_from_the_page_is_told():
    notes = playground.read("#regularization=L1&regularizationRate=0.1&cosX=true&wings=2&showTestData=true").notes
    for words in ("½(y − t)²", "0.015 in place of 0.03", "same order", "0.2 here", "“cosX”, “wings”", "−1 (orange)"):
        assert words in notes
    assert "showTestData" not in notes


def test_batches_that_are_never_full_are_told():
    project = playground.read("#batchSize=300&percTrainData=50")
    assert project.options.batch_size is None
    assert "nothing is learned" in project.notes


def test_a_link_can_be_kept(tmp_path):
    project = playground.read(PAGES[1]["link"])
    native.write(tmp_path / "a.vnn", project)
    again = native.read(tmp_path / "a.vnn")
    assert again.parameters.tobytes() == project.parameters.tobytes()
    assert again.data.inputs.tobytes() == project.data.inputs.tobytes()
    assert (again.data.input_names, again.notes) == (project.data.input_names, project.notes)


# -- what is a link ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"{PAGE}#activation=tanh",
        "http://playground.tensorflow.org",
        "playground.tensorflow.org/#dataset=xor",
        "https://somebody.github.io/nn/?v=2#networkShape=4,2&seed=1",
        "#activation=relu",
        "  #seed=0.5&activation=no such thing\n",
        f"{PAGE}#seed={'9' * 20_000}",
    ],
)
def test_links_are_known(text):
    assert playground.is_link(text)


@pytest.mark.parametrize(
    "text", ["", "#", "adder", "2-3-1", "model.onnx", "C:\\nets\\a.vnn", "#5", "https://example.org/#top", "a#seed=1 b"]
)
def test_other_texts_are_none(text):
    assert not playground.is_link(text)


# -- what cannot be opened ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("#activation=swish", "its activation is “swish”; known are relu, tanh, sigmoid, linear"),
        ("#problem=ranking", "its problem is “ranking”"),
        ("#dataset=moons", "its dataset is “moons”"),
        ("#learningRate=fast", "its learningRate is “fast”, not a number"),
        ("#learningRate=0", "its learningRate is 0"),
        ("#learningRate=1e999", "its learningRate is “1e999”"),
        ("#regularizationRate=-1", "its regularizationRate is “-1”, not a number from 0"),
        ("#noise=NaN", "its noise is “NaN”"),
        ("#percTrainData=101", "its percTrainData is “101”, not a number from 0 to 100"),
        ("#percTrainData=0.1", "its percTrainData is 0.1, which leaves no point"),
        ("#batchSize=0", "its batchSize is “0”, not a whole number from 1"),
        ("#batchSize=2.5", "its batchSize is “2.5”"),
        ("#networkShape=4,0", "its networkShape is “4,0”"),
        ("#networkShape=4,,2", "its networkShape is “4,,2”"),
        ("#networkShape=999999999,999999999", "its networkShape has 1,000,000,"),
        ("#networkShape=99999999999", "its networkShape is “99999999999”"),
        (f"#networkShape={'1,' * 200}1", "its networkShape has 201 hidden layers"),
        ("#x=false&y=false", "it has no inputs"),
        ("#x=perhaps", "its x is “perhaps”, neither true nor false"),
        (f"#seed={'9' * LONGEST}", "it is too long"),
        ("nothing", "it is no link"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(link, words):
    with pytest.raises(FileError) as raised:
        playground.read(link)
    said = str(raised.value)
    assert words in said
    assert said.startswith("The link to the Playground cannot be opened: ")
    assert said.endswith(".")
    assert "\n" not in said


names = st.sampled_from(sorted(KNOWN | {"x_hide", "foo"})) | st.text(max_size=8)
values = (
    st.sampled_from(["", "true", "false", "tanh", "L1", "xor", "regression", "4,2", "1e400", "-0", "%", "%00", "NaN"])
    | st.integers(-(10**12), 10**12).map(str)
    | st.floats().map(str)
    | st.lists(st.integers(0, 300), max_size=6).map(lambda sizes: ",".join(map(str, sizes)))
    | st.text(max_size=20)
)


@runs(max_examples=60)
@given(st.lists(st.tuples(names, values), max_size=12), st.booleans())
@example([("networkShape", "220,220"), ("seed", "\ud800")], False)
def test_every_link_ends_in_a_project_or_a_sentence(pairs, escaped):
    link = "#" + "&".join(f"{name}={quote(value, errors='replace') if escaped else value}" for name, value in pairs)
    playground.is_link(link)
    said, numbers = opened(link)
    assert said.endswith(".")
    assert said.encode("utf-8")
    assert all(np.isfinite(each).all() for each in numbers)


def opened(link: str) -> tuple[str, tuple]:
    """What is said about a link, and the numbers it has become."""
    try:
        project = playground.read(link)
    except FileError as error:
        return str(error), ()
    return project.notes, (project.parameters, project.data.inputs, project.data.targets)
