from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import room
from visualnn.nn.data import Dataset, Recipe, circles, moons, noisy_sine, number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import INITIALIZERS, initial_parameters
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.passes import predict
from visualnn.nn.recipes import made
from visualnn.project import Project, frozen, new_project


@pytest.fixture
def project() -> Project:
    return new_project("Adder", Network.of(2, 3, 1), number_pairs(), Options(), np.arange(13.0))


def test_a_new_project_shows_the_first_row(project: Project) -> None:
    assert project.sample.tolist() == [-4.0, -4.0]
    assert project.origin is project.parameters
    assert project.names == (("a", "b"), ("c", "d", "e"), ("f",))
    assert project.notes == ""


def test_a_project_does_not_share_memory_with_what_made_it() -> None:
    parameters = np.arange(13.0)
    project = new_project("Adder", Network.of(2, 3, 1), number_pairs(), Options(), parameters)
    parameters[0] = 99
    assert project.parameters[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        project.parameters[0] = 1
    with pytest.raises(FrozenInstanceError):
        project.name = "Other"  # type: ignore[misc]


def test_a_weight_set_by_hand_keeps_the_origin(project: Project) -> None:
    edited = project.with_parameter(3, -1.5)
    assert edited.parameters[3] == -1.5
    assert project.parameters[3] == 3
    assert edited.origin is project.origin
    assert edited.data is project.data
    assert not edited.parameters.flags.writeable


def test_training_moves_the_origin(project: Project) -> None:
    trained = project.with_parameter(3, -1.5).with_parameters(np.ones(13))
    assert trained.origin is trained.parameters
    assert trained.origin.tolist() == [1.0] * 13


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_must_be_finite(project: Project, value: float) -> None:
    with pytest.raises(VisualNNError, match="must be a finite number"):
        project.with_parameter(0, value)
    with pytest.raises(VisualNNError, match="must be a finite number"):
        project.with_sample(np.array([0.0, value]))


def test_edits_change_one_thing(project: Project) -> None:
    options = Options(Optimizer("sgd", 0.5))
    changed = project.renamed("Other").with_options(options).with_sample(np.array([1.0, 2.0]))
    assert (changed.name, changed.options, changed.sample.tolist()) == ("Other", options, [1.0, 2.0])
    assert changed.parameters is project.parameters
    assert (project.name, project.sample.tolist()) == ("Adder", [-4.0, -4.0])


@pytest.mark.parametrize(
    ("changes", "trained"),
    [
        ({"loss": "mae"}, True),
        ({"initializer_scale": 0.5}, True),  # of no use to this recipe
        ({"seed": 1}, False),
        ({"initializer": "zeros"}, False),
        ({"initializer": "normal"}, False),
    ],
)
def test_other_first_weights_end_what_was_trained(project: Project, changes: dict[str, Any], trained: bool) -> None:
    before = project.with_parameters(np.ones(13))
    assert before.with_options(replace(before.options, **changes)).trained == trained


def test_another_scale_makes_other_first_weights(project: Project) -> None:
    normal = project.with_options(Options(initializer="normal")).with_parameters(np.ones(13))
    assert normal.with_options(Options(initializer="normal", l1=0.1)).trained
    assert not normal.with_options(Options(initializer="normal", initializer_scale=1.0)).trained


def test_parts_that_do_not_fit_are_refused(project: Project) -> None:
    with pytest.raises(VisualNNError, match="The data have 2 inputs and 1 outputs; the network 3-1 has 3 and 1"):
        replace(project, network=Network.of(3, 1))
    with pytest.raises(VisualNNError, match="needs 2 values, not 3"):
        project.with_sample(np.zeros(3))
    with pytest.raises(VisualNNError, match="2-3-1 needs 13 parameters, not 12"):
        project.with_parameters(np.zeros(12))


def test_other_data_of_the_same_shape_fit(project: Project) -> None:
    assert replace(project, data=circles()).data.classification


def test_frozen_copies(project: Project) -> None:
    values = np.array([1, 2])
    copy = frozen(values)
    assert copy.dtype == np.float64
    assert not copy.flags.writeable
    assert values.flags.writeable


# -- switched off ------------------------------------------------------------------------------------------------------


def answer(project: Project) -> float:
    return float(predict(project.network, project.parameters, project.sample, project.mask)[0])


def test_what_is_switched_off_counts_as_0_and_comes_back(project: Project) -> None:
    assert project.mask is None
    project = project.with_sample(np.array([1.0, 2.0]))
    off = project.with_silent(1, 2, True).with_cut(0, 0, 1, True)
    assert (off.silent, off.cut) == ({(1, 2)}, {(0, 0, 1)})
    assert off.parameters is project.parameters
    assert np.flatnonzero(off.mask.parameters == 0).tolist() == [1, 2, 5, 8, 11]
    expected = replace(project, parameters=frozen(project.parameters * off.mask.parameters))
    assert answer(off) == answer(expected) != answer(project)
    again = off.with_silent(1, 2, False).with_cut(0, 0, 1, False)
    assert again.mask is None
    assert answer(again) == answer(project)


def test_a_run_leaves_what_is_switched_off_as_it_was(project: Project) -> None:
    off = project.with_silent(1, 2, True).with_cut(0, 0, 1, True)
    trained = off.with_parameters(np.full(13, 0.5) * off.mask.parameters)
    assert trained.parameters.tolist() == [0.5, 1, 2, 0.5, 0.5, 5, 0.5, 0.5, 8, 0.5, 0.5, 11, 0.5]
    assert trained.origin is trained.parameters
    assert (trained.silent, trained.cut) == (off.silent, off.cut)
    with pytest.raises(VisualNNError, match="needs 13 parameters, not 12"):
        off.with_parameters(np.zeros(12))


@pytest.mark.parametrize("place", [(2, 0), (3, 0), (1, 3)])
def test_outputs_and_what_is_not_there_cannot_be_silenced(project: Project, place: tuple[int, int]) -> None:
    with pytest.raises(VisualNNError, match=f"There is no neuron {place[1]} in column {place[0]} that could be"):
        project.with_silent(*place, True)
    with pytest.raises(VisualNNError, match="There is no connection 0→1 in layer 1 that could be cut"):
        project.with_cut(1, 0, 1, True)


# -- shape -------------------------------------------------------------------------------------------------------------


def test_a_grown_layer_has_the_weights_a_fresh_network_would_have_there(project: Project) -> None:
    edited = project.with_parameter(0, 7.0).with_parameters(np.arange(13.0)).with_parameter(3, -1.5).with_units(1, 4)
    fresh = initial_parameters(Network.of(2, 4, 1), "glorot_uniform", 0)
    assert edited.network.sizes == (2, 4, 1)
    assert edited.parameters.tolist() == [0, 1, 2, fresh[3], -1.5, 4, 5, fresh[7], 6, 7, 8, 0, 9, 10, 11, fresh[15], 12]
    assert np.flatnonzero(edited.parameters != edited.origin).tolist() == [4]
    assert edited.origin[4] == 3
    assert edited.trained
    assert edited.sample is not None
    assert not edited.parameters.flags.writeable
    assert (edited.data, edited.options) == (project.data, project.options)
    assert project.with_units(1, 4).origin.tolist() == project.with_units(1, 4).parameters.tolist()
    back = edited.with_units(1, 3)
    assert back.parameters.tolist() == [0, 1, 2, -1.5, *range(4, 13)]


def test_taking_out_a_silent_neuron_changes_no_answer(project: Project) -> None:
    project = project.with_sample(np.array([1.0, 2.0]))
    silent = project.with_silent(1, 1, True).with_cut(1, 2, 0, True).with_cut(0, 1, 1, True)
    assert answer(silent) == answer(silent.without_neuron(1, 1))
    assert silent.without_neuron(1, 1).silent == frozenset()
    assert silent.without_neuron(1, 1).cut == {(1, 1, 0)}


def test_layers_come_and_go(project: Project) -> None:
    deep = project.with_layer(1, 5, "tanh").with_layer(0)
    assert deep.network == Network(2, (Layer(3), Layer(3), Layer(5, "tanh"), Layer(1, "linear")))
    assert deep.network.views(deep.parameters)[1].b.tolist() == [6, 7, 8]
    assert deep.without_layer(3).without_layer(1).network == project.network
    assert project.with_sizes((16, 16)).network == Network.of(2, 16, 16, 1)
    assert project.with_sizes(()).network == Network.of(2, 1)


def test_the_same_edit_gives_the_same_numbers(project: Project) -> None:
    for edit in (lambda: project.with_layer(1), lambda: project.with_fresh_layer(1, "he_normal")):
        assert edit().parameters.tobytes() == edit().parameters.tobytes()


def test_new_weights_for_one_layer(project: Project) -> None:
    edited = project.with_parameter(12, -1.0)
    drawn = edited.with_fresh_layer(1, "he_normal")
    assert drawn.parameters[6:].tolist() == [0, 0, 0, *edited.parameters[9:]]
    assert drawn.origin[:9].tolist() == drawn.parameters[:9].tolist()
    assert drawn.origin[9:].tolist() == project.origin[9:].tolist()
    assert set(drawn.parameters[:6]).isdisjoint(drawn.with_fresh_layer(1, "he_normal").parameters[:6])
    assert project.with_fresh_layer(2, "zeros").parameters.tolist() == [*range(9), 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("activation", "before", "after"),
    [
        ("tanh", "mae", "mae"),
        ("sigmoid", "mae", "mae"),
        ("sigmoid", "hinge", "binary_cross_entropy"),
        ("softmax", "hinge", "cross_entropy"),
        ("softmax", "mse", "mse"),
    ],
)
def test_the_loss_follows_the_activation_of_the_output(
    project: Project, activation: str, before: str, after: str
) -> None:
    changed = project.with_options(Options(loss=before)).with_activation(2, activation)
    assert changed.network.activations == ("relu", activation)
    assert changed.options.loss == after
    assert changed.parameters is project.parameters
    assert project.with_options(Options(loss=before)).with_activation(1, "elu").options.loss == before


def test_a_cross_entropy_needs_its_output(project: Project) -> None:
    sure = project.with_activation(2, "sigmoid").with_options(Options(loss="binary_cross_entropy"))
    assert sure.with_activation(2, "linear").options.loss == "mse"
    assert sure.with_activation(2, "softmax").options.loss == "cross_entropy"


def test_a_shape_that_does_not_fit_into_memory_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "known_memory", lambda: room.Memory(100_000_000, "{} are free"))
    assert project.with_units(1, 1000).network.sizes == (2, 1000, 1)
    with pytest.raises(VisualNNError, match=r"^This network would need about .* of memory; 0\.1 GB are free\.$"):
        project.with_sizes((2000, 2000))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda p: p.with_units(1, 0), "A layer can have 1 to 100,000 neurons, not 0."),
        (lambda p: p.with_units(2, 3), "There is no hidden layer 2; the network 2-3-1 has 1."),
        (
            lambda p: p.with_sizes((100_000, 100_000)),
            "This network would have 10,000,500,001 parameters; the limit is 200,000,000.",
        ),
        (
            lambda p: p.with_fresh_layer(1, "chance"),
            f"There is no initializer “chance”. Known: {', '.join(INITIALIZERS)}.",
        ),
        (lambda p: p.with_fresh_layer(0, "zeros"), "There is no layer 0; the network 2-3-1 has 2."),
    ],
)
def test_a_shape_that_cannot_be_is_told(project: Project, edit: Callable[[Project], Project], said: str) -> None:
    with pytest.raises(VisualNNError) as caught:
        edit(project)
    assert str(caught.value) == said


def test_a_cross_entropy_asks_for_shares():
    project = load("circles").with_target(np.array([2.0]))
    assert project.answer.tolist() == [1.0]
    assert project.with_options(replace(project.options, loss="mse")).answer.tolist() == [2.0]


def adder() -> Project:
    return new_project("Adder", Network.of(2, 3, 1), number_pairs(), Options(), np.arange(13.0))


def three_classes() -> Dataset:
    return Dataset("three", np.eye(3)[:, :2], np.eye(3), ("p", "q"), classification=True)


def test_other_data_of_the_same_shape_keep_every_weight():
    project = adder().with_data(number_pairs(1, 5))
    assert project.parameters.tolist() == list(range(13))
    assert project.origin is project.parameters
    assert (project.network, project.options) == (adder().network, adder().options)
    assert (project.sample.tolist(), project.data.rows) == ([1.0, 1.0], 25)


def test_other_answers_get_the_output_and_the_loss_that_suit_them():
    project = adder().with_data(circles())
    assert project.network.activations == ("relu", "sigmoid")
    assert project.options == replace(adder().options, loss="binary_cross_entropy")
    assert project.parameters.tolist() == list(range(13))
    assert project.with_data(number_pairs()).network.activations == ("relu", "linear")


def test_answers_of_the_same_kind_leave_output_and_loss_as_they_were_chosen():
    project = adder().with_data(circles()).with_activation(2, "tanh")
    project = project.with_options(replace(project.options, loss="hinge"))
    other = project.with_data(moons())
    assert (other.network.activations[-1], other.options.loss) == ("tanh", "hinge")
    assert other.with_data(three_classes()).network.activations[-1] == "softmax"


def test_ends_of_another_size_are_new_and_the_rest_stays():
    network = Network.of(2, 3, 4, 1)
    project = new_project("Mine", network, number_pairs(), Options(seed=3), np.arange(1.0, network.parameter_count + 1))
    other = project.with_data(noisy_sine())
    assert (str(other.network), other.sample.shape) == ("1-3-4-1", (1,))
    (w, b), *rest = other.network.views(other.parameters)
    start = initial_parameters(other.network, "glorot_uniform", 3)
    assert np.array_equal(w, other.network.views(start)[0].w)
    assert np.array_equal(b, network.views(project.parameters)[0].b)
    for ours, known in zip(rest, network.views(project.parameters)[1:], strict=True):
        assert np.array_equal(ours.w, known.w)
        assert np.array_equal(ours.b, known.b)
    wide = project.with_data(three_classes())
    assert str(wide.network) == "2-3-4-3"
    (_w, b), known = wide.network.views(wide.parameters)[-1], network.views(project.parameters)
    assert b.tolist() == [0.0, 0.0, 0.0]
    assert np.array_equal(wide.network.views(wide.parameters)[1].w, known[1].w)


def test_other_data_end_what_belonged_to_the_old_rows():
    project = adder().with_batch(4).with_target(np.array([9.0])).with_silent(1, 2, True).with_cut(0, 1, 0, True)
    project = project.with_update(project.parameters, np.zeros((2, 13)))
    same, other = project.with_data(number_pairs(1, 5)), project.with_data(noisy_sine())
    for found in (same, other):
        assert (found.batch, found.row, found.target, found.updates, found.memory) == (0, 0, None, 0, None)
        assert found.silent == {(1, 2)}
    assert (same.cut, other.cut) == ({(0, 1, 0)}, frozenset())


def test_a_project_that_is_named_by_its_data_is_named_by_the_new_ones():
    named = adder().renamed("Add two numbers").with_data(made(Recipe("circles", test_share=0.3)))
    assert (named.name, named.data.tests) == ("Circles", 48)
    assert adder().with_data(circles()).name == "Adder"
    shape = adder().renamed("2-3-1").with_data(noisy_sine())
    assert shape.name == "1-3-1"


def test_data_that_do_not_fit_into_memory_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "known_memory", lambda: room.Memory(100, "{} are free"))
    with pytest.raises(VisualNNError, match="This network would need about"):
        adder().with_data(circles())


def test_columns_are_said_with_their_headings():
    houses = new_project("Houses", Network.of(2, 1), made(Recipe("houses")), Options(), np.zeros(3))
    assert houses.titles == (("a (area)", "b (rooms)"), ("c (price)",))
    long = replace(
        houses, data=replace(houses.data, input_names=("area", "how many rooms it has got"), output_names=())
    )
    assert long.titles == (("a (area)", "b"), ("c",))


def test_letters_and_numbered_columns_and_pixels_are_not_said_twice():
    assert adder().titles == (("a", "b"), ("c", "d", "e"), ("f",))
    numbered = replace(adder(), data=replace(number_pairs(), input_names=("x1", "x2"), output_names=("y",)))
    assert numbered.titles == numbered.names
    digits = load("digits")
    assert (digits.titles[0], digits.titles[-1][3]) == (digits.names[0], "y4 (3)")
