"""Training moves between processor and GPU, and whatever goes wrong on the GPU ends on the processor."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fake_gpu import NO_CARD, FakeGpu
from visualnn.nn.data import number_pairs
from visualnn.nn.device import CPU, Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import accelerator, choose, reference
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

CUDA = Device("cuda")
FULL = DeviceError("The memory of the GPU is full.")
LOST = DeviceError("The GPU stopped: the system reset it (CUDA_ERROR_CONTEXT_IS_DESTROYED).", is_lost=True)
FAULTS = {
    "memory": FULL,
    "context": DeviceError("The GPU stopped: a computation went wrong (CUDA_ERROR_ILLEGAL_ADDRESS).", is_lost=True),
    "reset": LOST,
    "unplugged": DeviceError("The GPU stopped: it is not connected any more (CUDA_ERROR_NO_DEVICE).", is_lost=True),
    "bug": ZeroDivisionError("in one of our loops"),
}


@pytest.fixture
def card(fake_gpu: FakeGpu) -> FakeGpu:
    """A GPU whose loops are loaded."""
    assert accelerator.load() == ""
    return fake_gpu


def make(device: Device = CPU, **options: object) -> Training:
    given = {"precision": "float32", "batch_size": 16, **options}
    return Training(Network.of(2, 4, 1), number_pairs(), Options(Optimizer(), **given), device=device)


def same(a: Training, b: Training) -> bool:
    """Whether all that the next updates depend on is the same to the bit, and so are the losses before."""
    kept, others = a.checkpoint(), b.checkpoint()
    numbers = zip((*a.state, kept.order.line), (*b.state, others.order.line), strict=True)
    losses = np.array_equal(a.curve.view(a.updates).losses, b.curve.view(b.updates).losses)
    return a.updates == b.updates and losses and all(np.array_equal(x, y) for x, y in numbers)


# -- where it computes -------------------------------------------------------------------------------------------------


def test_the_gpu_is_used_where_it_is_wanted_loaded_and_computes_in_this_precision(card: FakeGpu):
    training = make(CUDA)
    assert training.on_gpu
    training.run(10)
    assert card.calls == [(0, 10)]
    assert not make().on_gpu
    assert not make(CUDA, precision="float64").on_gpu


def test_until_its_loops_are_loaded_the_processor_trains(fake_gpu: FakeGpu):
    training = make(CUDA)
    training.run(5)
    assert not fake_gpu.calls
    assert accelerator.load() == ""
    training.run(5)
    assert fake_gpu.calls == [(5, 5)]


def test_a_run_is_the_same_however_often_it_moves(card: FakeGpu, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choose, "_ready", set())  # the readable loop is what this GPU computes like
    whole, moved = make(), make()
    whole.run(60)
    for device in (CUDA, CPU, Device("cuda", tf32=True)):
        moved.run(15)
        moved.set_device(device)
    moved.run(15)
    assert same(whole, moved)
    assert card.calls == [(15, 15), (45, 15)]
    assert card.made == [CUDA, Device("cuda", tf32=True)]


def test_a_loop_is_made_once_and_another_one_for_other_products(card: FakeGpu):
    training = make(CUDA)
    training.run(5)
    training.run(5)
    training.set_device(Device("cuda", tf32=True))
    training.run(5)
    assert card.made == [CUDA, Device("cuda", tf32=True)]


def test_the_past_is_replayed_where_it_was_made(card: FakeGpu):
    training = make()
    training.run(10)
    training.set_device(CUDA)
    training.run(10)
    training.set_device(CPU)
    training.run(10)
    card.calls.clear()
    training.seek(5)
    assert card.calls == []
    training.seek(30)
    assert card.calls == [(10, 10)]
    training.seek(15)
    training.run(5)  # another present: on the processor, as wished
    card.calls.clear()
    training.seek(20)
    training.seek(17)
    assert all(first + count <= 15 for first, count in card.calls)


def test_there_is_no_other_device():
    with pytest.raises(VisualNNError, match="There is no device “tpu”"):
        Device("tpu")


# -- loading -----------------------------------------------------------------------------------------------------------


def test_loading_compiles_once(card: FakeGpu):
    assert accelerator.load() == ""
    assert (card.prepared, card.probed) == (1, 1)
    assert accelerator.loaded()


def test_without_a_gpu_nothing_is_loaded_and_the_probe_says_why(fake_gpu: FakeGpu):
    fake_gpu.card = NO_CARD
    assert accelerator.load() == NO_CARD.sentence
    assert not fake_gpu.prepared
    assert not accelerator.loaded()
    training = make(CUDA)
    training.run(3)
    assert (training.updates, training.notice, training.device) == (3, "", CUDA)


def test_kernels_that_cannot_be_compiled_leave_the_processor_and_may_be_tried_again(fake_gpu: FakeGpu):
    fake_gpu.error, fake_gpu.fails_to_load = DeviceError("The GPU’s compiler failed."), True
    assert accelerator.load() == "The GPU’s compiler failed."
    assert not make(CUDA).on_gpu
    fake_gpu.fails_to_load = False
    assert accelerator.load() == ""
    assert make(CUDA).on_gpu


def test_whatever_the_packages_do_while_they_are_loaded_is_a_sentence(fake_gpu: FakeGpu):
    fake_gpu.error, fake_gpu.fails_to_load = AttributeError("row_stack"), True
    assert accelerator.load() == "The GPU cannot train this network: AttributeError."


def test_a_gpu_that_is_lost_while_it_is_loaded_is_not_tried_again(fake_gpu: FakeGpu):
    fake_gpu.error, fake_gpu.fails_to_load = LOST, True
    assert accelerator.load() == accelerator.lost() == str(LOST)
    fake_gpu.fails_to_load = False
    assert accelerator.load() == str(LOST)
    assert fake_gpu.prepared == 1


# -- failures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("update", [-1, 0, 1, 17, 39])
def test_whatever_fails_at_any_update_the_processor_goes_on_to_the_very_same_numbers(
    card: FakeGpu, monkeypatch: pytest.MonkeyPatch, fault: str, update: int
):
    monkeypatch.setattr(choose, "_ready", set())
    expected, training = make(), make(CUDA)
    expected.run(40)
    card.fail(FAULTS[fault], update)
    for _ in range(8):
        assert training.run(5) is Stop.DONE
    assert same(training, expected)
    assert training.device == CPU
    assert training.notice.endswith(" Training goes on on the processor.")
    assert training.notice.count(".") == 2 or "CUDA_ERROR" in training.notice
    assert len([call for call in card.calls if call[0] >= max(update, 0)]) <= 1


@pytest.mark.parametrize("update", [0, 7, 100])
def test_the_compiled_loop_goes_on_from_the_state_before_the_call_that_failed(
    card: FakeGpu, compiled_kernel: object, update: int
):
    training, expected = make(CUDA), make()
    training.run(update)
    expected.resume(training.checkpoint())
    card.fail(FULL, update + 20)
    training.run(60)
    expected.run(60)
    assert training.updates == update + 60
    assert not isinstance(training._loop, reference.Loop)
    np.testing.assert_array_equal(training.parameters, expected.parameters)
    np.testing.assert_array_equal(training.memory, expected.memory)


def test_a_full_memory_may_be_tried_again_when_somebody_chooses_the_gpu_anew(card: FakeGpu):
    training = make(CUDA)
    card.fail(FULL, 3)
    training.run(10)
    assert not training.on_gpu
    card.mend()
    training.set_device(CUDA)
    card.calls.clear()
    training.run(10)
    assert card.calls == [(10, 10)]


def test_a_lost_gpu_is_asked_by_nobody_again(card: FakeGpu):
    training = make(CUDA)
    card.fail(LOST, 3)
    training.run(10)
    card.mend()
    made = len(card.made)
    for other in (training, make(CUDA)):
        other.set_device(CUDA)
        other.run(10)
        assert not other.on_gpu
        assert not accelerator.ready(other.task)
    assert len(card.made) == made
    assert accelerator.lost() == str(LOST)


def test_a_replay_on_a_gpu_that_has_failed_is_made_by_the_processor(card: FakeGpu):
    training = make(CUDA)
    training.run(30)
    card.fail(FULL, 4)
    assert training.seek(10) is Stop.DONE
    assert (training.updates, training.last) == (10, 30)
    assert training.seek(30) is Stop.DONE
    assert training.notice


def test_a_gpu_that_somebody_else_has_lost_is_told_of(card: FakeGpu):
    training, other = make(CUDA), make(CUDA)
    training.run(5)
    card.fail(LOST, 3)
    other.run(10)
    assert not training.notice
    training.run(5)
    assert training.notice == other.notice == f"{LOST} Training goes on on the processor."
    assert (training.device, training.updates) == (CPU, 10)


def test_after_a_failure_the_past_is_replayed_by_the_processor_though_the_gpu_works_again(card: FakeGpu):
    training = make(CUDA)
    card.fail(FULL, 10)
    training.run(20)
    card.mend()
    training.set_device(CUDA)
    training.run(20)
    card.calls.clear()
    assert training.seek(5) is Stop.DONE
    assert not card.calls
    assert training.seek(40) is Stop.DONE
    assert card.calls == [(20, 20)]


def test_an_error_that_is_none_of_the_gpu_is_nobodys_to_hide(monkeypatch: pytest.MonkeyPatch):
    def broken(*_args: object) -> None:
        raise DeviceError("somebody else")

    monkeypatch.setattr(reference.Loop, "run", broken)
    monkeypatch.setattr(choose, "_ready", set())
    with pytest.raises(DeviceError):
        make().run(1)
