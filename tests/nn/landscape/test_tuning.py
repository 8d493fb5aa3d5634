"""The best of the rates that are tried, and how many updates it takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.nn.data import number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.landscape import tuning
from visualnn.nn.landscape.course import Course, NetworkCourse, SurfaceCourse
from visualnn.nn.landscape.descent import TwoWeights, descend
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.tuning import EACH_WAY, RATES, Search, Trial, best_rate
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training

NETWORK = Network.of(2, 3, 1)
START = initial_parameters(NETWORK, "glorot_uniform", 11)
BOWL = SurfaceCourse(CLASSICS["bowl"], (-1.0, 2.5))
SHELF = SurfaceCourse(CLASSICS["valley"], (-0.5, 0.5))
ADDER = NetworkCourse(NETWORK, number_pairs(), None, START)


def rule(name: str, rate: float = 0.05, **options: object) -> Options:
    return Options(Optimizer("sgd", rate=rate).renamed(name), **options)


def found(course: Course, options: Options, goal: float, **most: int) -> Search:
    *_before, last = best_rate(course, options, goal, **most)
    return last


def test_plain_descent_on_the_bowl_is_best_at_a_twelfth_with_21_updates():
    """Its curvatures are 4 and 20, so that 2 / (4 + 20) shrinks both ways alike (Polyak 1964)."""
    best = found(BOWL, rule("sgd"), 1e-6).best
    assert best is not None
    assert best.updates == 21
    assert best.rate == pytest.approx(1 / 12, rel=0.01)
    assert best.loss < 1e-6


def test_the_network_of_the_bowl_says_the_same():
    model = MODELS["bowl"]
    course = SurfaceCourse(TwoWeights(model.task(Options()), model.plane), (-1.0, 2.5))
    mine, theirs = found(course, rule("sgd"), 1e-6), found(BOWL, rule("sgd"), 1e-6)
    assert [(trial.rate, trial.updates) for trial in mine.trials] == [
        (trial.rate, trial.updates) for trial in theirs.trials
    ]


@pytest.mark.parametrize(
    ("name", "rate", "updates"),
    [  # those that are told of the bowl in the lessons, and here no worse
        ("momentum", 0.01, 119),
        ("nesterov", 0.05, 43),
        ("adagrad", 1.0, 25),
        ("rmsprop", 0.1, 24),
        ("adam", 0.1, 106),
    ],
)
def test_every_rule_is_as_good_as_at_the_rate_that_was_set_or_better(name: str, rate: float, updates: int):
    search = found(BOWL, rule(name, rate), 1e-6)
    assert search.trials[0].rate == rate
    assert search.trials[0].updates == updates
    assert search.best.updates <= updates


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam", "lion"])
def test_what_is_told_of_a_trial_is_what_a_descent_does(name: str):
    search = found(SurfaceCourse(CLASSICS["beale"], (1.0, 1.5)), rule(name), 1e-4, most=400)
    sooner = 400
    for trial in search.trials:
        path = descend(CLASSICS["beale"], rule(name, trial.rate), (1.0, 1.5), sooner)
        assert path.first_below(1e-4) == trial.updates
        sooner = trial.updates or sooner
    assert search.best == min(
        (trial for trial in search.trials if trial.updates is not None), key=lambda trial: (trial.updates, trial.loss)
    )


def test_rates_are_swept_over_five_powers_of_ten_and_closely_around_the_best():
    assert (RATES[0], RATES[-1], len(RATES)) == (10.0, 1e-4, 21)
    search = found(BOWL, rule("sgd"), 1e-6)
    rates = [trial.rate for trial in search.trials]
    assert rates[0] == 0.05
    assert rates[1:22] == list(RATES)
    assert len(rates) == len(set(rates)) == search.whole == 22 + 2 * EACH_WAY
    near = np.sort([rate for rate in rates if abs(np.log(rate / search.best.rate)) < 0.3])
    assert (near[1:] / near[:-1]).max() < 1.051


def test_no_trial_goes_on_longer_than_the_best_one_took():
    course, longest = SurfaceCourse(CLASSICS["bowl"], (-1.0, 2.5)), 0
    search = found(course, rule("sgd", 1 / 12), 1e-6)
    assert search.trials[0].updates == 21
    for trial in search.trials[1:]:
        longest = max(longest, trial.updates or 0)
        if trial.updates is None and np.isfinite(trial.loss):
            path = descend(CLASSICS["bowl"], rule("sgd", trial.rate), (-1.0, 2.5), 21)
            assert trial.loss in path.losses[-2:]
    assert longest <= 21


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_where_nothing_arrives_it_says_so(name: str):
    for course in (SHELF, SurfaceCourse(CLASSICS["rastrigin"], CLASSICS["rastrigin"].start)):
        search = found(course, rule(name), 1e-6, most=50)
        assert search.best is None
        assert [trial.updates for trial in search.trials] == [None] * 22
        assert search.whole == 22


def test_a_start_below_the_goal_needs_no_rate():
    search = found(BOWL, rule("adam", 0.3), 20.0)
    assert search.trials == (Trial(0.3, 0, 13.5),)
    assert search.best == search.trials[0]
    assert (search.whole, search.share) == (1, 1.0)


def test_it_shows_how_far_it_is_and_may_be_left_at_any_portion():
    shares, searches = [], []
    for search in best_rate(SHELF, rule("sgd"), 1e-6, most=600):
        searches.append(search)
        shares.append(search.share)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [len(search.trials) for search in searches[:4]] == [0, 0, 1, 1]
    assert searches[0] is searches[1]
    half = best_rate(SHELF, rule("sgd"), 1e-6)
    next(half)
    half.close()


@pytest.mark.parametrize("options", [rule("adam"), rule("sgd", 0.01), rule("momentum", 0.01)])
def test_a_whole_network_arrives_when_its_training_does(kernel: str, options: Options):
    search = found(ADDER, options, 1e-3, most=300)
    assert search.best is not None
    at = replace(options, optimizer=replace(options.optimizer, rate=search.best.rate), goal=1e-3)
    training = Training(NETWORK, number_pairs(), at, START)
    training.run(10_000)
    assert training.updates == search.best.updates
    assert training.full_loss() == pytest.approx(search.best.loss, rel=1e-9)


@pytest.mark.parametrize("options", [rule("adam", batch_size=7), rule("adam", dropout=0.1)])
def test_in_batches_the_loss_of_all_rows_counts(options: Options):
    goal = 0.5
    search = found(ADDER, options, goal, most=60)
    assert search.best is not None
    at = replace(options, optimizer=replace(options.optimizer, rate=search.best.rate))
    training = Training(NETWORK, number_pairs(), at, START)
    for _ in range(search.best.updates):
        assert training.full_loss() >= goal
        training.run(1)
    assert training.full_loss() == search.best.loss < goal


def test_rows_come_in_the_course_s_order_and_other_ends_are_not_heeded():
    one = found(ADDER, rule("adam", batch_size=7, seed=1), 0.5, most=40)
    two = found(ADDER, rule("adam", batch_size=7, seed=2, goal=100.0, epochs=1), 0.5, most=40)
    assert one == two


def test_a_trial_of_a_network_that_explodes_is_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tuning, "RATES", (1e6, 1e5))
    for options in (rule("sgd", 1e7), rule("sgd", 1e7, batch_size=7)):
        search = found(ADDER, options, 1e-6, most=10**9)
        assert search.best is None
        assert not any(np.isfinite(trial.loss) for trial in search.trials)


def test_options_that_do_not_fit_are_said():
    with pytest.raises(VisualNNError, match="does not fit"):
        found(ADDER, rule("sgd", loss="cross_entropy"), 1e-6)
