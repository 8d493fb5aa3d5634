"""The simulator notices what a GPU would punish now and then."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.nn.gpu.simulator import AHEAD, BEHIND, SCHEDULES, TOGETHER, Launches, Schedule, shuffled
from tests.nn.gpu.simulator.fibres import Stuck
from visualnn.nn.kernels.gpu.door import cuda, float32, int32, uint32

ROOT = Path(__file__).parents[3]
ALL = 0xFFFFFFFF
EVERY = (AHEAD, BEHIND, TOGETHER, shuffled(1), shuffled(2))

pytestmark = pytest.mark.usefixtures("simulator")


@pytest.fixture
def schedule(request: pytest.FixtureRequest, simulator: Launches) -> Schedule:
    simulator.schedule = request.param
    return request.param


def outcomes(simulator: Launches, launch: Callable[[], Any]) -> list[Any]:
    """What comes out under each of the schedules that together show every race."""
    found = []
    for simulator.schedule in SCHEDULES:
        try:
            found.append(np.asarray(launch()).tolist())
        except Stuck as stuck:
            found.append(str(stuck))
    return found


@cuda.jit
def neighbours(out, is_safe):
    shared = cuda.shared.array(64, float32)
    at = cuda.threadIdx.x
    shared[at] = cuda.blockIdx.x * 100 + at
    if is_safe:
        cuda.syncthreads()
    out[cuda.blockIdx.x, at] = shared[(at + 1) % cuda.blockDim.x]


@pytest.mark.parametrize("schedule", EVERY, indirect=True)
def test_a_block_shares_memory_among_its_threads_and_with_no_other(schedule: Schedule) -> None:
    out = np.zeros((3, 40))
    neighbours[3, 40](out, True)
    np.testing.assert_array_equal(out, [[block * 100 + (at + 1) % 40 for at in range(40)] for block in range(3)])


def test_without_a_barrier_memory_is_read_before_it_is_written(simulator: Launches) -> None:
    def launch() -> Any:
        out = np.zeros((1, 40))
        neighbours[1, 40](out, False)
        return out

    ahead, behind = outcomes(simulator, launch)
    assert np.isnan(ahead).sum() == 39
    assert np.isnan(behind).sum() == 1


@cuda.jit
def overtaken(out, is_safe):
    shared = cuda.shared.array(1, float32)
    at = cuda.threadIdx.x
    for lap in range(3):
        if at == 5:
            shared[0] = lap
        cuda.syncthreads()
        out[at, lap] = shared[0]
        if is_safe:
            cuda.syncthreads()


@pytest.mark.parametrize("is_safe", [True, False])
def test_memory_that_is_written_before_all_have_read_it_shows(simulator: Launches, is_safe: bool) -> None:
    def launch() -> Any:
        out = np.zeros((8, 3))
        overtaken[1, 8](out, is_safe)
        return out

    assert (outcomes(simulator, launch) == [[[0, 1, 2]] * 8] * 2) == is_safe


@cuda.jit
def unwritten(out, numbers):
    static = cuda.shared.array(4, float32, 16)
    whole = cuda.shared.array(4, int32)
    dynamic = cuda.shared.array(0, float32)
    local = cuda.local.array(4, float32)
    out[0], out[1], out[2], out[3], out[4] = static[1], dynamic[1], local[1], numbers[1], whole[1]


def test_nobody_has_written_memory_that_is_new() -> None:
    out = np.zeros(5)
    unwritten[1, 1, 0, 16](out, cuda.device_array(4, np.float32))
    assert np.isnan(out[:4]).all()
    assert out[4] > 1e9
    assert np.isnan(cuda.pinned_array(4, np.float32)).all()


@cuda.jit
def computed(out, numbers):
    out[0] = math.log(numbers[0])
    out[1] = math.sqrt(numbers[1])
    out[2] = math.exp(numbers[2])
    numbers[3] = math.exp(numbers[3]) != math.exp(float(numbers[3]))


def test_mathematics_are_a_gpus() -> None:
    out, numbers = np.zeros(3), np.array([0, -1, 1000, 0.3], np.float32)
    computed[1, 1](out, numbers)
    np.testing.assert_array_equal(out, [-np.inf, np.nan, np.inf])
    assert numbers[3] == 1, "computed in 32 bits"
    with pytest.raises(ValueError, match="domain"):
        math.log(0)


@cuda.jit
def warped(out):
    lane = cuda.laneid
    value = float32(cuda.threadIdx.x)
    at = cuda.threadIdx.x
    out[0, at] = cuda.shfl_down_sync(ALL, value, 1)
    out[1, at] = cuda.shfl_up_sync(ALL, value, 2)
    out[2, at] = cuda.shfl_xor_sync(ALL, value, 3)
    out[3, at] = cuda.shfl_sync(ALL, value, 7)
    out[4, at] = cuda.ballot_sync(ALL, lane % 4 == 1)
    out[5, at] = cuda.all_sync(ALL, at < 40)
    out[6, at] = cuda.any_sync(ALL, at == 40)


@pytest.mark.parametrize("schedule", EVERY, indirect=True)
def test_lanes_of_a_warp_meet(schedule: Schedule) -> None:
    out = np.zeros((7, 64))
    warped[1, 64](out)
    at = np.arange(64)
    np.testing.assert_array_equal(out[0], np.where(at % 32 < 31, at + 1, at))
    np.testing.assert_array_equal(out[1], np.where(at % 32 >= 2, at - 2, at))
    np.testing.assert_array_equal(out[2], at ^ 3)
    np.testing.assert_array_equal(out[3], at // 32 * 32 + 7)
    np.testing.assert_array_equal(out[4], np.full(64, 0x22222222))
    np.testing.assert_array_equal(out[5], at < 32)
    np.testing.assert_array_equal(out[6], at >= 32)


@cuda.jit
def summed(numbers, is_safe):
    shared = cuda.shared.array(32, float32)
    lane = cuda.threadIdx.x
    shared[lane] = lane
    cuda.syncwarp()
    for step in (16, 8, 4, 2, 1):
        if lane < step:
            shared[lane] += shared[lane + step]
        if is_safe:
            cuda.syncwarp()
    if lane == 0:
        numbers[0] = shared[0]


@pytest.mark.parametrize("is_safe", [True, False])
def test_lanes_of_a_warp_do_not_go_in_step(simulator: Launches, is_safe: bool) -> None:
    def launch() -> Any:
        numbers = np.zeros(1)
        summed[1, 32](numbers, is_safe)
        return numbers

    assert (outcomes(simulator, launch) == [[496], [496]]) == is_safe


@cuda.jit
def some_come(way):
    if way == 0 and cuda.threadIdx.x < 3:
        cuda.syncthreads()
    if way == 1 and cuda.threadIdx.x < 3:
        return
    if way == 2 and cuda.threadIdx.x < 3:
        cuda.syncthreads()
    else:
        cuda.syncthreads()


@pytest.mark.parametrize("way", [0, 1, 2])
def test_a_barrier_is_for_all_threads_and_at_one_place(way: int) -> None:
    with pytest.raises(Stuck):
        some_come[1, 8](way)


@cuda.jit
def in_turn(flag, out):
    if cuda.blockIdx.x == 0:
        while flag[0] == 0:
            cuda.threadfence()
        out[0] = flag[0]
    else:
        cuda.atomic.add(flag, 0, 7)


@pytest.mark.parametrize("schedule", EVERY, indirect=True)
def test_all_blocks_run_at_once(schedule: Schedule) -> None:
    out = np.zeros(1)
    in_turn[2, 1](np.zeros(1, np.int32), out)
    assert out == [7]


@cuda.jit
def passed_on(numbers, is_safe):
    at = cuda.grid(1)
    numbers[0, at] = at
    if is_safe:
        cuda.cg.this_grid().sync()
    numbers[1, at] = numbers[0, (at + cuda.blockDim.x) % cuda.gridsize(1)]


@pytest.mark.parametrize("is_safe", [True, False])
def test_blocks_meet_where_a_grid_is_one_group(simulator: Launches, is_safe: bool) -> None:
    def launch() -> Any:
        numbers = np.full((2, 12), -1)
        passed_on[3, 4](numbers, is_safe)
        return numbers[1]

    assert (outcomes(simulator, launch) == [[4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3]] * 2) == is_safe


@cuda.jit
def tile(a, b, c, out):
    group, place = cuda.laneid // 4, cuda.laneid % 4
    a0, a1 = cuda.to_tf32(a[group, place]), cuda.to_tf32(a[group + 8, place])
    a2, a3 = cuda.to_tf32(a[group, place + 4]), cuda.to_tf32(a[group + 8, place + 4])
    b0, b1 = cuda.to_tf32(b[place, group]), cuda.to_tf32(b[place + 4, group])
    left, right = 2 * place, 2 * place + 1
    c0, c1, c2, c3 = c[group, left], c[group, right], c[group + 8, left], c[group + 8, right]
    out[group, left], out[group, right], out[group + 8, left], out[group + 8, right] = cuda.mma_tf32(
        a0, a1, a2, a3, b0, b1, c0, c1, c2, c3
    )


def test_tensor_cores_multiply_numbers_of_ten_bits() -> None:
    chance = np.random.default_rng(1)
    a, b, c = (chance.standard_normal(size).astype(np.float32) for size in ((16, 8), (8, 8), (16, 8)))
    out = np.zeros((16, 8), np.float32)
    tile[1, 32](a, b, c, out)
    missed = np.abs(out - (a.astype(np.float64) @ b + c)) / (np.abs(a) @ np.abs(b))
    assert 2**-14 < missed.max() < 2**-10
    a, b = np.round(a * 16) / 16, np.round(b * 16) / 16
    tile[1, 32](a, b, c, out)
    np.testing.assert_array_equal(out, (a.astype(np.float64) @ b + c).astype(np.float32))


@cuda.jit
def fetched(source, out, waits_for):
    shared = cuda.shared.array(12, float32)
    for part in range(3):
        cuda.copy_async(shared, uint32(4 * part), source, uint32(4 * part))
        cuda.copy_commit()
    cuda.copy_wait(waits_for)
    for at in range(12):
        out[at] = shared[at]


@pytest.mark.parametrize("pending", range(4))
def test_copies_take_place_at_once_or_when_they_are_waited_for(simulator: Launches, pending: int) -> None:
    out, source = np.zeros(12), np.arange(12.0)
    for simulator.schedule in SCHEDULES:
        fetched[1, 1](source, out, pending)
        done = 12 if simulator.schedule.copies_early else 12 - 4 * min(pending, 3)
        np.testing.assert_array_equal(out[:done], source[:done])
        assert np.isnan(out[done:]).all()


@cuda.jit
def out_of_bounds(numbers, at):
    if cuda.threadIdx.x == 3:
        numbers[uint32(at)] = 1
    cuda.syncthreads()


def test_what_goes_wrong_in_a_thread_says_in_which() -> None:
    with pytest.raises(IndexError) as caught:
        out_of_bounds[2, 8](np.zeros(4), int32(-1) + uint32(0))
    assert caught.value.__notes__ == ["in thread (3, 0, 0) of block (0, 0, 0)"]


def test_a_barrier_can_be_passed_over(simulator: Launches) -> None:
    file, line = __file__, neighbours.fn.__code__.co_firstlineno + 6
    neighbours[1, 8](np.zeros((1, 8)), True)
    assert simulator.watch.reached == {(file, line)}
    simulator.watch.ignored = (file, line)
    out = np.zeros((1, 8))
    neighbours[1, 8](out, True)
    assert np.isnan(out).any()


@cuda.jit
def greedy(count):
    cuda.shared.array(count, float32)


def test_a_block_has_limits() -> None:
    greedy[1, 1](12 * 1024)
    with pytest.raises(MemoryError):
        greedy[1, 1](12 * 1024 + 1)
    with pytest.raises(ValueError, match="too large"):
        greedy[1, 1, 0, 232_449](1)
    with pytest.raises(ValueError, match="too large"):
        greedy[1, (32, 33)](1)


def test_launches_are_known_with_the_types_of_their_arguments(simulator: Launches) -> None:
    greedy[1, 1](np.int32(1))
    greedy[1, 1](1)
    out_of_bounds[1, 1](cuda.to_device(np.zeros(4, np.float32)), uint32(1))
    assert simulator.kernels == {
        greedy: {("int32",), ("int64",)},
        out_of_bounds: {("array(float32, 1d, C)", "uint32")},
    }


ALONE = """
import sys
sys.meta_path = [finder for finder in sys.meta_path if "NumbaCuda" not in type(finder).__name__]
import pytest
from numba import cuda
assert "numba_cuda" not in cuda.__file__, cuda.__file__
sys.exit(pytest.main([sys.argv[1], "-q", "-p", "no:cacheprovider", "-k", "not alone"]))
"""


def test_it_works_with_the_simulator_of_numba_alone() -> None:
    environment = {**os.environ, "NUMBA_ENABLE_CUDASIM": "1"}
    command = [sys.executable, "-c", ALONE, __file__]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
