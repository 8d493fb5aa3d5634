from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bench_command.conftest import Compete, Fake
from visualnn.bench import competitor
from visualnn.bench.competitor import JAX, KERAS, OURS, PYTORCH, Competitor
from visualnn.bench.process import Worker, WorkerError, busy_core
from visualnn.bench.workload import WORKLOADS

SMALL = WORKLOADS[0]
LARGE = next(workload for workload in WORKLOADS if workload.name == "mnist")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_everybody_gets_as_many_turns(compete: Compete, fake: Fake, told: list[str]) -> None:
    with compete(fake(OURS, 2.0), fake(JAX, 5.0), rounds=3) as contest:
        result = contest.measure(SMALL)
    assert [len(standing.samples) for standing in result.standings] == [3, 3]
    assert result.ratios == pytest.approx({JAX: 2.5})
    assert contest.versions == {OURS: "1.0", JAX: "1.0"}
    assert told == contest.notes == []


def test_a_rival_that_is_not_there_is_told_of_once(compete: Compete, fake: Fake, told: list[str]) -> None:
    missing = "say(unavailable='torch is not installed.'); sys.exit()"
    rivals = [fake(PYTORCH, variant=variant, begin=missing) for variant in ("default", "fused")]
    with compete(fake(OURS), *rivals, fake(JAX)) as contest:
        results = [contest.measure(SMALL), contest.measure(LARGE)]
    assert told == ["PyTorch: torch is not installed."]
    assert [set(result.ratios) for result in results] == [{JAX}, {JAX}]


@pytest.mark.parametrize("moment", ["begin", "prepare", "turn"])
def test_a_rival_that_crashes_is_told_of_and_the_others_go_on(
    compete: Compete, fake: Fake, told: list[str], moment: str
) -> None:
    crash = {moment: "sys.exit('out of memory')"}
    with compete(fake(OURS), fake(PYTORCH, **crash), fake(JAX)) as contest:
        result = contest.measure(SMALL)
    assert told == ["PyTorch, 1 thread, w1-b1-sgd: it crashed with code 1: out of memory"]
    assert set(result.ratios) == {JAX}


def test_a_rival_that_crashed_gets_another_chance(compete: Compete, fake: Fake, told: list[str]) -> None:
    fragile = "sys.exit('too large') if asked['prepare']['name'] == 'mnist' else say()"
    with compete(fake(OURS), fake(JAX, prepare=fragile)) as contest:
        assert contest.measure(LARGE).ratios == {}
        assert contest.measure(SMALL).ratios == {JAX: 1.0}
    assert len(told) == 1


def test_a_rival_that_raises_is_told_of(compete: Compete, fake: Fake, told: list[str]) -> None:
    with compete(fake(OURS), fake(JAX, prepare="say(error='ValueError: no such shape')")) as contest:
        assert contest.measure(SMALL).ratios == {}
    assert told == ["JAX, 1 thread, w1-b1-sgd: ValueError: no such shape"]


def test_without_a_second_thread_the_first_goes_on(compete: Compete, fake: Fake, told: list[str]) -> None:
    alone = fake(OURS, threads=2, begin="say(unavailable='one thread only.'); sys.exit()")
    with compete(fake(OURS), alone) as contest:
        result = contest.measure(LARGE)
    assert told == ["VisualNN: one thread only."]
    assert [standing.competitor.threads for standing in result.standings] == [1]
    assert result.peaks == {1: [1e9, 1e9]}


def test_no_process_is_left(compete: Compete, fake: Fake, tmp_path: Path) -> None:
    """Not even of one that is busy when Ctrl+C is pressed."""
    file = tmp_path / "pid"
    begin = f"open({str(file)!r}, 'w').write(str(os.getpid())); say(version='1.0')"
    contest = compete(fake(OURS, begin=begin))

    def stopped() -> None:
        with contest:
            contest.measure(SMALL)
            assert is_running(int(file.read_text()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not is_running(int(file.read_text()))


def test_a_worker_that_says_nothing_is_given_up(fake: Fake) -> None:
    with Worker(fake(JAX, turn="__import__('time').sleep(60)").command, dict(os.environ)) as worker:
        begun = time.perf_counter()
        with pytest.raises(WorkerError, match="no answer for 0 s"):
            worker.ask({"turn": 1.0}, patience_s=0.2)
    assert time.perf_counter() - begun < 10


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(WorkerError, match="does not start") as caught:
        Worker(("/nowhere/python",), {})
    assert caught.value.for_good


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_a_core_can_be_kept_busy() -> None:
    from visualnn.bench.machine import Watch

    with busy_core():
        time.sleep(0.3)
        watch = Watch()
        time.sleep(0.3)
        others = watch.others()
    assert others is not None
    assert others > 0.4  # of one, on a machine that may have more to do


def test_threads_of_ours_end(fake: Fake) -> None:
    before = threading.active_count()
    with Worker(fake(JAX).command, dict(os.environ)) as worker:
        worker.ask({"turn": 1.0}, patience_s=5.0)
    assert threading.active_count() == before


def test_nothing_misleading_is_in_the_environment() -> None:
    given = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512", "HOME": "/home/me", "OMP_NUM_THREADS": "8"}
    two = Competitor(JAX, (), threads=2).environment(given)
    assert not set(two) & {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}
    assert (two["HOME"], two["OMP_NUM_THREADS"], two["NPROC"]) == ("/home/me", "2", "2")


def test_who_does_what() -> None:
    everybody = [*competitor.ours(2), *competitor.rivals(list(competitor.RIVALS), "python", 2)]
    everybody += competitor.playground(Path("nn.js"))
    by_name = {workload.name: workload for workload in WORKLOADS}

    def names(name: str) -> set[str]:
        return {c.family for c in everybody if c.takes(by_name[name])}

    assert names("w1-b1-sgd") == set(competitor.FAMILIES)
    assert "Playground" not in names("w1-b10-adam") | names("digits")
    assert "scikit-learn" not in names("w2")
    assert names("maps") == {"VisualNN", "Playground"}
    assert [c.threads for c in everybody if c.family == OURS and c.takes(by_name["mnist"])] == [1, 2]
    assert [c.threads for c in everybody if c.family == OURS and c.takes(by_name["digits"])] == [1]
    assert sum(c.family == PYTORCH for c in everybody) == 6
    assert sum(c.family == KERAS for c in everybody) == 1


@pytest.mark.parametrize("library", competitor.RIVALS)
def test_rivals_train_or_say_that_they_are_not_installed(compete: Compete, told: list[str], library: str) -> None:
    rival = competitor.rivals([library], sys.executable, 1)[0]
    with compete(rival, rounds=1) as contest:
        result = contest.measure(replace(SMALL, batch=10))
    if find_spec(library) is None:
        assert told == [f"{rival.family}: {library} is not installed."]
        assert not result.standings
    else:
        assert result.standings[0].us > 0


ENGINE = """
const none = { output: (x) => x, der: () => 1 };
exports.Activations = { RELU: none, TANH: none, LINEAR: none };
exports.Errors = { SQUARE: { der: (o, t) => o - t } };
exports.buildNetwork = (sizes, f, g, none, ids) => sizes.map((n, l) => Array.from({ length: n }, (_, i) => ({
  id: `${l}-${i}`, inputLinks: l ? Array.from({ length: sizes[l - 1] }, () => ({ weight: 0 })) : [] })));
exports.forwardProp = (network, row) => { if (row.length !== network[0].length) throw new Error("row"); };
exports.backProp = (network, target) => { if (typeof target !== "number") throw new Error("target"); };
exports.updateWeights = () => {};
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize("name", ["w2", "maps"])
def test_playground_takes_part(compete: Compete, told: list[str], tmp_path: Path, name: str) -> None:
    file = tmp_path / "nn.js"
    file.write_text(ENGINE, encoding="utf-8")
    with compete(*competitor.playground(file), rounds=1) as contest:
        result = contest.measure(next(workload for workload in WORKLOADS if workload.name == name))
    assert told == []
    assert result.standings[0].us > 0


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_another_file_is_not_playground(compete: Compete, told: list[str], tmp_path: Path) -> None:
    file = tmp_path / "nn.js"
    file.write_text("exports.buildNetwork = () => {};", encoding="utf-8")
    with compete(*competitor.playground(file)) as contest:
        contest.measure(SMALL)
    assert told == [f"Playground: {file} does not export forwardProp."]
