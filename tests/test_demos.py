"""The demonstrations of the lessons, each done again with the program's own engine."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.demos import plain, rows, surfaces
from tests.demos.facts import FACTS, facts
from tests.demos.results import CLOSE, DIFFERS, Result, result
from tests.demos.runs import NETWORKS, cases
from visualnn.nn.kernels import choose

WITH_RUNS = [demo for demo in rows.demos() if cases(demo)]


@pytest.fixture(autouse=True)
def _compiled(compiled_kernel: frozenset[choose.Kind], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "_ready", set(compiled_kernel))


@cache
def results(demo: str) -> list[Result]:
    return [result(case) for case in cases(demo)]


@pytest.mark.parametrize("demo", WITH_RUNS)
def test_early_losses_and_the_way_it_ends_are_the_demonstrations(demo: str):
    for found in results(demo):
        if (demo, found.case.number) not in DIFFERS:
            assert found.differences == (), f"run {found.case.number}"


@pytest.mark.parametrize("demo", FACTS)
def test_what_a_demonstration_says_beside_its_curves_holds(demo: str):
    told = facts(demo, [(found.case, found.played) for found in results(demo)])
    assert told
    for fact in told:
        assert fact.holds, fact


def test_every_demonstration_has_runs_or_facts():
    assert len(rows.demos()) == 34
    assert set(WITH_RUNS) | set(FACTS) == set(rows.demos())


def test_only_the_runs_named_differ():
    differing = {(demo, found.case.number) for demo in WITH_RUNS for found in results(demo) if found.differences}
    assert differing == set(DIFFERS)


def test_where_ours_differs_early_the_other_trainer_differs_from_itself():
    [case] = [case for case in cases("deep-gradients") if case.number == 2]
    net, data = NETWORKS["deep-gradients"](case.run)
    order = np.random.default_rng(1).permutation(data.rows)
    losses, again = (plain.curve(net, case.run, data.inputs[o], data.targets[o], 100) for o in (slice(None), order))
    assert abs(again / losses - 1).max() > CLOSE
    found = results("deep-gradients")[2]
    np.testing.assert_allclose(found.played.losses[:42], losses[:42], rtol=CLOSE * 1e-6)
    assert found.ours.loss == pytest.approx(found.theirs.loss, rel=0.01)


def test_where_ours_ends_otherwise_it_was_done_and_spiked_later():
    found = results("feature-scaling")[2]
    losses, run = found.played.losses, found.case.run
    assert not run["robust"]
    done = int(np.argmax(losses < 1e-6))
    assert 0 < done < losses.size // 2
    assert losses[done:].max() > run["loss_final"]


@pytest.mark.parametrize("name", surfaces.SURFACES)
def test_the_slopes_of_a_surface_are_those_of_its_loss(name: str):
    surface, rng = surfaces.SURFACES[name], np.random.default_rng(0)
    for start in rng.uniform(0.3, 1.5, (5, len(rows.demos()[name]["runs"][0]["start"]))):
        ways = np.eye(start.size) * 1e-6
        slopes = [(surface(start + way)[0] - surface(start - way)[0]) / 2e-6 for way in ways]
        np.testing.assert_allclose(surface(start)[1], slopes, rtol=1e-5, atol=1e-6)
