"""Kernels of a library are called like Numba's, and say what Numba's say."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path
from struct import Struct
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from llvmlite import binding
from numba import njit

from visualnn import precompiled
from visualnn.nn.kernels import choose, reference
from visualnn.nn.kernels.arguments import Control, Loop, State, Task
from visualnn.nn.kernels.online import OnlineLoop
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars
from visualnn.precompiled import Form, Kernel
from visualnn.scene.kernels import plain
from visualnn.scene.kernels.terrain import plain as plain_terrain

DOOR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)


class Pair(NamedTuple):
    left: Any
    right: Any


def kernel(answer, words: str, arrays: tuple[str, ...], result: str = "") -> Kernel:
    """A kernel that is a function of Python, which is told where its words lie."""
    form = Form(DOOR(answer), Struct("=" + words), Struct("=" + result) if result else None)
    return Kernel("a.kernel", {arrays: form})


def test_a_kernel_reads_addresses_lengths_and_numbers_out_of_one_row_of_words():
    seen: list[tuple[Any, ...]] = []
    layout = Struct("=QqqQqdqQ")

    def answer(address: int) -> int:
        seen.append(layout.unpack(ctypes.string_at(address, layout.size)))
        return 0

    plane, line = np.zeros((3, 5), np.float32), np.arange(4)
    call = kernel(answer, layout.format[1:], ("f4:2", "i8:1"))
    assert call(Pair(plane, line), np.float32(0.5), -7, np.uint64(2**63)) is None
    assert seen == [(plane.ctypes.data, 3, 5, line.ctypes.data, 4, 0.5, -7, 2**63)]


def test_what_a_kernel_says_is_in_the_first_word():
    def answer(address: int) -> int:
        ctypes.c_double.from_address(address).value = 2.5
        return 0

    assert kernel(answer, "q", (), "d")(1) == 2.5


def test_arrays_of_another_kind_or_with_gaps_are_refused():
    call = kernel(lambda _address: 0, "Qq", ("f8:1",))
    call(np.zeros(3))
    with pytest.raises(TypeError, match=r"a\.kernel was not compiled for f4:1\."):
        call(np.zeros(3, np.float32))
    with pytest.raises(TypeError, match=r"a\.kernel needs arrays without gaps\."):
        call(np.zeros(6)[::2])


def test_arrays_that_may_not_be_written_and_empty_ones_have_addresses_too():
    read_only = np.arange(4.0)
    read_only.flags.writeable = False
    assert precompiled.address(read_only) == read_only.ctypes.data
    assert precompiled.address(np.zeros((2, 3))[1:]) > 0
    assert precompiled.address(np.zeros(0)) > 0


def test_a_kernel_that_gives_up_is_an_error():
    with pytest.raises(RuntimeError, match=r"a\.kernel failed\."):
        kernel(lambda _address: 1, "q", ())(1)


def test_the_fastest_library_that_the_processor_can_run_is_taken(monkeypatch: pytest.MonkeyPatch):
    features = SimpleNamespace(__cpu_features__={"X86_V2": True, "X86_V3": True, "X86_V4": False})
    monkeypatch.setattr(precompiled.platform, "machine", lambda: "AMD64")
    monkeypatch.setattr(precompiled, "import_module", lambda _name: features)
    assert precompiled.suited({"x86-64-v2": "", "x86-64-v3": "", "x86-64-v4": ""}) == "x86-64-v3"
    assert precompiled.suited({"x86-64-v2": ""}) == "x86-64-v2"
    with pytest.raises(OSError, match="compiled for arm64, which this processor"):
        precompiled.suited({"arm64": ""})


def test_a_processor_without_levels_has_one_library(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(precompiled.platform, "machine", lambda: "arm64")
    assert precompiled.suited({"arm64": ""}) == "arm64"


def test_numpy_knows_the_levels_by_these_names():
    assert set(precompiled.LEVELS.values()) <= set(np._core._multiarray_umath.__cpu_features__)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The C library in the place of one with kernels: it has `abs`."""
    form = {"symbol": "abs", "arrays": [], "words": "q", "result": ""}
    index = {"libraries": {"x86-64-v2": "libc.so.6", "arm64": ""}, "kernels": {"somewhere.size": [form]}}
    (tmp_path / precompiled.INDEX).write_text(json.dumps(index), encoding="utf-8")
    monkeypatch.setenv("VISUALNN_KERNELS", str(tmp_path))
    monkeypatch.setattr(precompiled.ctypes, "CDLL", lambda _path: ctypes.PyDLL(None))
    precompiled.shipped.cache_clear()
    yield tmp_path
    precompiled.shipped.cache_clear()


def test_kernels_are_found_in_the_library_by_their_names(library: Path):
    assert precompiled.place() == library
    assert isinstance(precompiled.kernel("somewhere", "size"), Kernel)
    with pytest.raises(ImportError, match=r"nowhere\.size was not compiled ahead\."):
        precompiled.kernel("nowhere", "size")


def test_numba_is_asked_where_there_is_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from visualnn.scene.kernels.terrain import sight

    monkeypatch.setenv("VISUALNN_KERNELS", str(tmp_path))
    precompiled.shipped.cache_clear()
    assert precompiled.place() is None
    assert precompiled.kernel("visualnn.scene.kernels.terrain.sight", "hidden") is sight.hidden


@pytest.fixture(scope="module")
def objects(script) -> ModuleType:
    """What makes object files out of kernels."""
    return script("packaging/kernels/objects.py")


@pytest.fixture(scope="module")
def ahead(objects: ModuleType):
    """Compiles a kernel ahead, from nothing, and loads the object file: what a library of kernels is linked from."""
    binding.initialize_all_asmprinters()
    target = binding.Target.from_triple(binding.get_process_triple())
    engines = []

    def made(dispatcher, number: int = 0) -> Kernel:
        options = {
            name: dispatcher.targetoptions[name]
            for name in ("nogil", "_nrt", "fastmath", "error_model")
            if name in dispatcher.targetoptions
        }
        fresh = njit(**options)(dispatcher.py_func)
        fresh.compile(dispatcher.signatures[number])
        [(arguments, compiled)] = fresh.overloads.items()
        machine = target.create_target_machine(
            cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(),
            opt=3, reloc="pic", codemodel="default",
        )  # fmt: skip
        door, words = objects.opened(compiled, "door")
        code = objects.emitted(door, fresh.inspect_llvm(arguments), "door", machine)
        engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
        engines.append(engine)
        engine.add_object_file(binding.ObjectFileRef.from_data(code))
        engine.finalize_object()
        result = objects.letter(compiled.signature.return_type)
        form = Form(
            ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p)(engine.get_function_address("door")),
            Struct("=" + words),
            Struct("=" + result) if result else None,
        )
        return Kernel(dispatcher.__name__, {tuple(objects.arrays(compiled.signature.args)): form})

    return made


def test_pixels_are_the_same_compiled_ahead_by_numba_at_once_and_in_numpy(ahead):
    from visualnn.scene.kernels import pixels

    chance = np.random.default_rng(3)
    ink = chance.random((70, 300, 2), np.float32) * np.float32(0.5)
    colours = np.array([[20, 30, 40], [100, 50, 25], [-10, 60, 90]], np.float32)
    made = [np.zeros((300, 70), np.uint32) for _ in range(3)]
    for resolve, out in zip((ahead(pixels.resolve), pixels.resolve, plain.resolve), made, strict=True):
        resolve(0, 300, ink, colours, out)
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])


def test_what_is_hidden_is_the_same(ahead):
    from visualnn.scene.kernels.terrain import sight

    chance = np.random.default_rng(4)
    points, z = chance.uniform(-1, 1, (200, 3)), chance.random((20, 30), np.float32)
    made = [np.zeros(200, np.bool_) for _ in range(3)]
    for hidden, out in zip((ahead(sight.hidden), sight.hidden, plain_terrain.hidden), made, strict=True):
        hidden(points, np.array([2.0, -1.5, 1.2]), z, 0.01, out)
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])
    assert 0 < made[0].sum() < 200


def test_training_is_the_same_to_the_bit_and_near_to_the_reference(ahead):
    from visualnn.nn.kernels import row

    assert choose.load(choose.Kind("lane", "float32"))
    number = next(k for k, form in enumerate(row.train.signatures) if form[1].dtype.name == "float32")
    task, loops = xor(), [OnlineLoop(xor()) for _ in range(2)]
    loops[0]._train = ahead(row.train, number)
    ends = [trained(loop, task) for loop in (*loops, reference.Loop(task))]
    assert np.array_equal(ends[0], ends[1])
    np.testing.assert_allclose(ends[0], ends[2], rtol=1e-3)


def trained(loop: Loop, task: Task, updates: int = 300) -> np.ndarray:
    """The losses of so many updates, and the parameters after them."""
    count, losses = task.network.parameter_count, np.zeros(updates)
    state = State(np.linspace(-0.9, 1.1, count), np.zeros((0, count)), fresh_scalars())
    loop.run(Order(4, 1, 5), state, Control(count, 0.1, None), losses, 1, updates)
    return np.concatenate([losses, state.parameters])


def xor() -> Task:
    """Four points, one row at a time."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    options = Options(Optimizer("sgd"), batch_size=1, precision="float32")
    return Task(Network.of(2, 4, 1, hidden="tanh"), options, x, x.sum(1, keepdims=True) % 2)
