"""The kernels that are compiled for a look at them are those that are launched."""

from __future__ import annotations

from numba.core.sigutils import normalize_signature

from tests.nn.gpu.examples import EXAMPLES
from tests.nn.gpu.index import kernels
from tests.nn.gpu.simulator import Launches


def test_kernels_are_launched_with_the_types_that_they_are_compiled_for(simulator: Launches) -> None:
    for example in EXAMPLES:
        example()
    known = {kernel.fn.__name__: normalize_signature(signature)[0] for _, kernel, signature in kernels((9, 0))}
    launched = {kernel.fn.__name__: types for kernel, types in simulator.kernels.items()}
    assert launched.keys() == known.keys()
    assert {name: {tuple(map(str, types))} for name, types in known.items()} == launched
