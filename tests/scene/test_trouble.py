"""What is said about the runs of the demonstrations, and that nothing is said about those that are well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.demos import plain as reference
from tests.demos import rows
from tests.demos.runs import NETWORKS, cases, network_of, options_of
from visualnn.engine.report import Reporter
from visualnn.nn.dataset import Dataset
from visualnn.nn.diagnosis import overfitting
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import Recipe, made
from visualnn.nn.training import Stop, Training
from visualnn.project import Project, frozen
from visualnn.scene.course import Course
from visualnn.scene.formula import plain
from visualnn.scene.trouble import Advice, advice, dead_places

ADDER, POSITIVE = Network.of(2, 3, 1), rows.grid(range(1, 6))


class Run:
    """A training that reports."""

    def __init__(self, network: Network, data: Dataset, options: Options):
        self.training = Training(network, data, options)
        self.reporter = Reporter(self.training)
        self.reporter.ask()
        self.reporter.begin()
        start = frozen(self.training.start)
        self.project = Project("demo", network, start, data, options, frozen(data.inputs[0]), start)

    def after(self, updates: int) -> Course:
        stop = self.training.run(updates - self.training.updates)
        stop = stop if stop is Stop.DIVERGED else None
        if stop is not None:
            self.reporter.end(stop)
        self.reporter.ask()
        self.reporter.make()
        rates = self.training.rates
        return Course(self.project, self.training.snapshot(stop), self.reporter.newest, rates=rates)


def sgd(rate: float, seed: int = 11, data: Dataset = POSITIVE, network: Network = ADDER, **options) -> Run:
    return Run(network, data, Options(Optimizer("sgd", rate=rate), seed=seed, **options))


def of_demo(demo: str, number: int) -> Run:
    run = cases(demo)[number].run
    net, data = NETWORKS[demo](run)
    return Run(network_of(net), data, options_of(run, net.loss))


def told(course: Course) -> Advice:
    found = advice(course)
    assert found is not None
    return found


def mended(course: Course, updates: int) -> float:
    """The loss after as many updates at what the button makes."""
    mend = told(course).mend
    project = mend.applied(course.project)
    training = Training(project.network, project.data, project.options, mask=project.mask)
    training.run(updates)
    return training.full_loss()


HEALTHY = [
    *(("adder-train-default", number) for number in range(6)),
    *(("adder-lr-sweep", number) for number in (1, 2, 3, 4)),
    *(("dead-relu-trap", number) for number in (8, 10, 11)),
    *(("xor-needs-nonlinearity", number) for number in (2, 4, 5, 6)),
    *(("zero-init-symmetry", number) for number in (2, 3, 4)),
    *(("deep-gradients", number) for number in (1, 2, 4)),
    *(("batch-size-noise", number) for number in range(5)),
    *(("feature-scaling", number) for number in (0, 3, 4)),
    *(("digits-8x8", number) for number in (0, 1, 2)),
    *(("spiral-width-depth", number) for number in (3, 4, 6, 7)),
]


@pytest.mark.parametrize(("demo", "number"), HEALTHY)
def test_nothing_is_said_of_a_run_that_is_well(demo: str, number: int):
    run = of_demo(demo, number)
    for updates in (1, 2, 10, 60, 300, 1000):
        assert advice(run.after(updates)) is None, updates


def test_the_jump_that_killed_all_neurons_is_told_in_the_numbers_of_the_curve():
    course = sgd(0.03).after(4)
    pairs = POSITIVE.inputs, POSITIVE.targets
    losses = reference.curve(reference.Net([2, 3, 1]), {"optimizer": "sgd", "lr": 0.03, "seed": 11}, *pairs, 4)
    assert losses.argmax() == 2
    assert losses[1] > losses[0]
    found = told(course)
    assert found.title == "Training is stuck"
    assert plain(found.cause) == (
        f"Two steps at rate 0.03 were too large. The loss jumped from {losses[0]:.2f} to {losses[2]:.1f}. "
        "All sums are now below zero, so ReLU passes no slope back to the hidden layer."
    )
    assert [part.text for part in found.cause if part.role == "text"] == ["0.03", "5.88", "41.6"]
    assert plain(found.subtitle) == "Stuck: all three hidden neurons give 0 for every row."
    assert found.neurons == {(1, 0), (1, 1), (1, 2)} == dead_places(course.report)
    assert found.blames_rate
    (z, _f) = reference.outputs(
        reference.Net([2, 3, 1]),
        [np.array(part) for pair in ADDER.views(course.snapshot.parameters.copy()) for part in (pair.w, pair.b)],
        POSITIVE.inputs,
    )[1]
    assert (z < 0).all()


def test_one_step_is_one_step():
    assert plain(told(sgd(0.05).after(3)).cause).startswith("One step at rate 0.05 was too large. The loss jumped from")


def test_the_button_begins_at_the_same_weights_with_a_rate_that_learns():
    course = sgd(0.1).after(5)
    found = told(course)
    assert found.mend.label == "Same start, rate 0.01"
    assert found.mend.options == replace(course.project.options, optimizer=Optimizer("sgd", rate=0.01))
    assert mended(course, 1000) < 1e-5


def test_a_rate_set_while_it_ran_is_the_one_that_is_blamed():
    run = sgd(0.01)
    run.training.run(3)
    run.training.set_rate(0.2)
    course = run.after(8)
    assert "at rate 0.2" in plain(told(course).cause)


def test_who_is_dead_at_birth_gets_other_weights():
    course = of_demo("dead-relu-trap", 0).after(2)
    found = told(course)
    assert "With these first weights all sums of the hidden layer are below zero" in plain(found.cause)
    assert found.mend.label == "New weights, seed 21"
    assert not found.blames_rate
    assert mended(course, 1000) < 0.1


def test_a_network_that_adam_kills_slowly_is_told_so():
    course = of_demo("dead-relu-trap", 9).after(300)
    found = told(course)
    assert plain(found.cause).startswith("At rate 0.1 the last neuron that was alive fell silent.")
    assert found.mend.label == "New weights, seed 3"  # from the same start a smaller rate does no better
    assert not found.blames_rate
    assert mended(course, 1000) < 0.9 * course.snapshot.loss


def test_zeros_get_random_weights():
    course = of_demo("zero-init-symmetry", 0).after(100)
    found = told(course)
    assert plain(found.cause).startswith("All weights began at 0. Neurons that begin alike")
    assert found.mend.label == "Start with Glorot weights"
    assert mended(course, 1000) < 1e-3


def test_a_network_without_a_bend_gets_one():
    course = of_demo("xor-needs-nonlinearity", 0).after(1000)
    found = told(course)
    assert "0.693" in plain(found.cause)
    assert mended(course, 2000) < 0.1
    alone = of_demo("spiral-width-depth", 0).after(2000)
    assert told(alone).mend.applied(alone.project).network.sizes == (2, 8, 1)


def test_a_slope_that_vanishes_gets_relu():
    course = of_demo("deep-gradients", 0).after(300)
    found = told(course)
    assert "1,000,000 times" in plain(found.cause)
    project = found.mend.applied(course.project)
    assert set(project.network.activations[:-1]) == {"relu"}
    assert project.network.activations[-1] == "sigmoid"
    assert mended(course, 300) < 0.1


def test_other_layers_begin_at_fresh_weights_even_where_the_recipe_stays():
    course = of_demo("deep-gradients", 0).after(300)
    stuck = course.project.with_parameters(course.snapshot.parameters)
    he = replace(stuck, options=replace(stuck.options, initializer="he_normal"))
    assert stuck.trained
    assert not told(course).mend.applied(he).trained


def test_a_valley_from_which_no_way_leads_down_gets_other_weights():
    course = of_demo("xor-needs-nonlinearity", 3).after(1000)
    assert "has stayed at 0.347" in plain(told(course).cause)
    assert mended(course, 1000) < 0.05


def test_a_penalty_that_is_too_strong_is_weakened():
    course = of_demo("overfit-and-regularise", 5).after(1000)
    found = told(course)
    assert found.mend.label == "Same start, L2 0.003"
    assert mended(course, 1000) < course.snapshot.loss


def test_a_loss_that_is_no_number_names_the_update_and_the_weight():
    course = sgd(0.3, data=rows.grid(range(1, 6)), network=Network.of(2, 1), seed=0).after(5000)
    found = told(course)
    assert found.title == "Training stopped"
    [trouble] = course.report.troubles
    assert "Update 1 moved weight b→c by 14.21. Rate 0.3 is too large here." in plain(found.cause)
    assert trouble.change == pytest.approx(14.21, abs=0.005)
    assert found.links == {(0, 1, 0)}
    assert np.isfinite(mended(course, 2000))


def test_before_the_report_comes_it_is_told_what_is_known():
    course = sgd(0.3, network=Network.of(2, 1), seed=0).after(5000)
    found = told(replace(course, report=None))
    update = f"{course.snapshot.update:,}"
    assert plain(found.cause) == f"After update {update} the loss is no longer a number. Rate 0.3 is too large here."


def test_a_loss_that_grows_is_told_before_it_is_no_number():
    course = of_demo("feature-scaling", 1).after(100)
    found = told(course)
    assert found.title == "The loss grows without end"
    assert "rose from 1.21e5 to" in plain(found.cause)
    assert mended(course, 1000) < course.losses[0]


def test_learning_by_heart_leads_back_to_the_best_test_loss():
    data = made(Recipe("sine"))
    network = Network.of(1, 64, 64, 1, hidden="tanh")
    run = Run(network, data, Options(Optimizer("adam", rate=0.01)))
    gauge = run.reporter._gauge
    for updates in range(0, 3001, 100):
        run.training.run(updates - run.training.updates)
        gauge.now()
    course = run.after(3000)
    found = told(course)
    seen = gauge.readings
    best = overfitting(seen.updates, seen.train_loss, seen.test_loss)
    assert found.title == "It learns by heart"
    assert found.mend.update == best.best_update
    assert 200 <= best.best_update <= 700
    assert found.mend.applied(course.project) is course.project


def test_the_past_and_the_start_have_no_trouble():
    run = sgd(0.05)
    course = run.after(0)
    assert advice(course) is None
    course = run.after(10)
    back = replace(course.snapshot, update=3, last=10)
    assert back.looks_back
    assert advice(replace(course, snapshot=back)) is None


def test_a_report_of_another_moment_proves_nothing():
    course = sgd(0.05).after(40)
    early = replace(course.report, update=2)
    assert advice(course) is not None
    assert advice(replace(course, report=early)) is None
