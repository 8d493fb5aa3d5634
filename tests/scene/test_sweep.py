"""A sweep in words: rates as they are written, who is best, what each rate comes to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.engine.sweep_moment import CURVE_POINTS, Field, Ground, Moment
from visualnn.files.examples import load
from visualnn.scene.scales import tick_text
from visualnn.scene.sweep import (
    FEWER,
    RATE_COUNTS,
    Standing,
    factor_text,
    facts,
    headings,
    lesson,
    loss_text,
    meaning,
    rate_text,
    rates_around,
    seeds_from,
    speed_text,
    too_large,
)

FIELD = Field((0.01, 0.1, 1.0), (3, 4))


def moment(losses, update=100, goal=None, updates=None, speed=0.0) -> Moment:
    losses = np.array(losses, dtype=np.float64)
    count = len(losses)
    reached = losses < (goal if goal is not None else -np.inf)
    diverged = ~np.isfinite(losses)
    updates = np.full(count, update) if updates is None else np.array(updates)
    firsts = np.ones(count)
    parameters = np.zeros((count, 4), dtype=np.float32)
    curves = np.full((count, CURVE_POINTS), 0.5, dtype=np.float32)
    return Moment(update, updates, losses, firsts, reached, diverged, parameters, curves, speed)


def standing(losses, goal=None, **others) -> Standing:
    return Standing.of(FIELD, moment(losses, goal=goal, **others), goal)


def said(parts) -> str:
    return "".join(part[0] for part in parts)


# -- which networks ----------------------------------------------------------------------------------------------------


def test_rates_stand_on_a_logarithmic_ladder_around_the_present_one():
    assert rates_around(0.03, 5) == (0.003, 0.01, 0.03, 0.1, 0.3)
    assert rates_around(0.02, 5) == (0.003, 0.01, 0.03, 0.1, 0.3)
    assert rates_around(0.1, 3) == (0.03, 0.1, 0.3)


def test_many_rates_stand_closer():
    rates = rates_around(0.01, 16)
    assert 0.01 in rates
    assert rates[4:9] == (0.001, 0.0018, 0.003, 0.0056, 0.01)


@pytest.mark.parametrize("count", RATE_COUNTS)
@pytest.mark.parametrize("rate", [1e-5, 0.001, 0.02, 0.1, 1.0, 7.0])
def test_what_is_written_is_exactly_the_rate(count, rate):
    rates = rates_around(rate, count)
    assert len(rates) == count
    assert list(rates) == sorted(rates)
    for each in rates:
        text = rate_text(each)
        assert float(text.replace("−", "-").replace(",", "")) == each


def test_small_rates_are_written_without_an_exponent():
    assert rate_text(0.0003) == "0.0003"
    assert rate_text(0.000056) == "0.000056"
    assert rate_text(10.0) == "10"
    assert [rate_text(each) for each in (3_000.0, 30_000.0)] == ["3,000", "30,000"]
    assert rate_text(1e-8) == tick_text(1e-8)


def test_seeds_begin_with_the_own_one():
    assert seeds_from(7, 3) == (7, 8, 9)
    assert seeds_from(2**63 - 1, 3)[-1] == 2**63 - 1


def test_a_sweep_of_a_large_network_is_refused_with_its_size():
    project = load("million")
    ground = Ground(project.network, project.data, project.options)
    assert too_large(ground, 66) == (
        "Even 5 of these networks need 307 MB; a sweep may take 256 MB. Choose a smaller network."
    )
    assert too_large(ground, 5) == "5 of these networks need 307 MB; a sweep may take 256 MB. " + FEWER
    small = load("circles")
    assert not too_large(Ground(small.network, small.data, small.options), 264)


def test_a_sweep_that_would_crawl_is_refused():
    project = load("digits")
    ground = Ground(project.network, project.data, replace(project.options, batch_size=None))
    assert too_large(ground, 264)


# -- how it stands -----------------------------------------------------------------------------------------------------


def test_the_lowest_loss_is_the_best_without_a_goal():
    found = standing([0.5, 0.2, np.inf, 0.4, 0.1, 0.3])
    assert found.best == 4
    assert found.name(4) == "rate 0.1, seed 4"


def test_the_first_at_the_goal_is_the_best():
    found = standing([0.5, 0.009, 0.0001, 0.4, 0.008, 0.3], goal=0.01, updates=[100, 20, 50, 100, 20, 100])
    assert found.best == 4, "of two at the same update the one with the lower loss"


def test_at_the_start_nobody_is_best():
    assert standing([1.0] * 6, update=0).best is None
    assert standing([np.nan] * 6).best is None


def test_columns_count_who_learned_and_take_the_median():
    found = standing([0.95, 0.2, np.inf, 0.5, 0.4, np.nan])
    assert [column.share for column in found.columns] == ["1 of 2", "2 of 2", "0 of 2"]
    assert found.columns[0].median == pytest.approx(0.725)
    assert found.columns[1].median == pytest.approx(0.3)
    assert [column.loss for column in found.columns] == ["0.72", "0.30", "–"]


def test_learned_means_below_the_goal_where_there_is_one():
    found = standing([0.5, 0.009, 0.5, 0.5, 0.008, 0.005], goal=0.01, updates=[100, 20, 100, 100, 40, 60])
    assert [column.learned for column in found.columns] == [0, 2, 1]
    assert [column.updates for column in found.columns] == ["–", "30", "–"]
    assert [name for name, _texts in found.summary] == ["learned", "loss", "updates"]
    assert "0.01" in meaning(0.01)
    assert "90 %" in meaning(None)


def test_before_the_first_update_there_is_nothing_to_sum_up():
    assert all(not text for _name, texts in standing([1.0] * 6, update=0).summary for text in texts)


def test_the_line_over_all_says_how_many_how_far_how_fast_and_who_is_best():
    found = standing([0.5, 0.2, np.inf, 0.4, 0.0021, 0.3], update=12_400, speed=1.31e6)
    lines = [said(line) for line in headings(found, "on the processor")]
    assert lines[0] == (
        "6 networks · update 12,400 · 1.3 M updates a second together on the processor"
        " · best: rate 0.1, seed 4, loss 0.00210"
    )
    assert lines[-1] == "6 networks · update 12,400 · best: rate 0.1, seed 4"
    assert "1.3 M updates/s" in lines[-3]
    assert [len(line) for line in lines] == sorted((len(line) for line in lines), reverse=True)
    assert "second" not in said(headings(found, "on the GPU", running=False)[0])


def test_speeds_have_two_digits():
    assert [speed_text(each) for each in (0.0, 4.2, 950, 24_300, 1.31e6, 61e6, 2.1e9)] == [
        "0", "4.2", "950", "24 k", "1.3 M", "61 M", "2.1 G",
    ]  # fmt: skip


def test_the_sentence_says_which_rate_comes_lowest_and_how_much_its_seeds_differ():
    assert lesson(standing([1.0] * 6, update=0)).endswith("all learn at once.")
    assert lesson(standing([1.0, 0.2, np.inf, 1.0, 0.4, 0.5])) == (
        "Rate 0.1 comes lowest: 0.30 in the median. Between its seeds lies a factor of 2.0."
        " At 1 the seed decides: 1 of 2."
    )
    assert lesson(standing([1.0, 1.0, np.inf] * 2)) == "No seed has learned yet at any rate. 2 have diverged."


def test_seeds_that_end_alike_and_a_single_seed_are_told_of_without_a_factor():
    assert lesson(standing([0.5, 0.2, 0.5, 0.5, 0.2001, 0.5])) == (
        "Rate 0.1 comes lowest: 0.20 in the median. Its seeds are all alike."
    )
    alone = Field((0.01, 0.1, 1.0), (3,))
    without = Standing.of(alone, moment([0.5, 0.2, 0.95]), None)
    assert lesson(without) == "Rate 0.1 comes lowest: 0.20."
    with_goal = Standing.of(alone, moment([0.001, 0.001, 0.5], goal=0.01, updates=[70, 20, 90]), 0.01)
    assert lesson(with_goal) == "Rates 0.01 to 0.1: the goal is reached, fastest at 0.1."


def test_where_all_have_diverged_the_smallest_rate_is_named():
    assert lesson(standing([np.inf] * 6, goal=0.01)) == "All have diverged, even at the smallest rate, 0.01."


def test_networks_that_see_batches_are_judged_by_the_mean_of_the_latest():
    now = replace(moment([0.0001, 0.5, 0.5] * 2), recent=np.array([1.2, 0.4, 0.5, 1.1, 0.3, 0.8]))
    found = Standing.of(FIELD, now, None)
    assert found.is_mean
    assert found.learned.tolist() == [False, True, True, False, True, True]
    assert found.best == 4
    assert found.columns[0].median == pytest.approx(1.15)
    assert facts(found, 4)[0].name == "Loss of the latest batches"
    assert found.words(4) == "Rate 0.1, seed 4: mean loss of the latest batches 0.3 after 100 updates, the best"
    assert "mean of the latest batches" in meaning(None, is_mean=True)


def test_the_columns_that_the_sentence_speaks_of():
    assert standing([1.0] * 6, update=0).told == ()
    assert standing([1.0, 0.2, np.inf, 1.0, 0.4, 0.5]).told == (1, 2)
    assert standing([0.001] * 6, goal=0.01, updates=[80, 20, 40, 90, 20, 40]).told == (1,)
    assert standing([1.0, 1.0, np.inf] * 2).told == ()


def test_the_sentence_says_at_which_rates_the_goal_is_reached_and_where_first():
    def told(losses, updates=(100,) * 6) -> str:
        return lesson(standing(losses, goal=0.01, updates=updates))

    assert (
        told([1.0, 0.001, np.inf, 1.0, 0.001, 0.005]) == "Rate 0.1: all seeds learned. At 1 the seed decides: 1 of 2."
    )
    everywhere = told([0.001] * 6, [80, 20, 40, 90, 20, 40])
    assert everywhere == "Rates 0.01 to 1: all seeds learned, fastest at 0.1."
    apart = told([0.001, 1.0, 0.001] * 2, [30, 100, 40, 30, 100, 40])
    assert apart == "Rates 0.01 and 1: all seeds learned, fastest at 0.01."
    nobody = told([1.0, 0.2, np.inf, 1.0, 0.4, np.inf])
    assert nobody == "No seed is at the goal yet. Rate 0.1 comes nearest: 0.30 in the median. 2 have diverged."
    half = told([0.001, 1.0, 1.0, 1.0, 1.0, 1.0])
    assert half == "Rate 0.01: 1 of 2 seeds learned."


def test_factors_have_two_digits():
    assert [factor_text(each) for each in (1.04, 9.9, 12.3, 430.0, 9_870.0, 1e9)] == [
        "1.0", "9.9", "12", "430", "9,900", "over 10,000",
    ]  # fmt: skip


def test_every_cell_tells_its_numbers_exactly():
    found = standing([0.5, 0.009123456789012345, np.inf, 0.4, 0.1, 0.3], goal=0.01, updates=[100, 20, 7, 100, 100, 100])
    assert found.words(1) == (
        "Rate 0.1, seed 3: loss 0.009123456789012345 after 20 updates, below the goal 0.01, the best"
    )
    assert found.words(2) == "Rate 1, seed 3: diverged after 7 updates"
    assert [found.tag(index) for index in (0, 1, 2)] == ["", "20", "diverged"]


def test_facts_rank_the_networks():
    found = standing([0.5, 0.009, np.inf, 0.4, 0.1, 0.3], goal=0.01, updates=[100, 20, 7, 100, 100, 100])
    assert [fact.text for fact in facts(found, 1)] == ["0.009000", "20", "1 of 6"]
    assert facts(found, 4)[2].text == "2 of 6"
    assert facts(found, 2)[0].role == "bad"


def test_losses_are_short():
    assert [loss_text(each) for each in (0.0123, 1.5, 123456.0, np.inf)] == ["0.012", "1.50", "1e5", "–"]
