"""Kernels with the faults that test_ptx.py looks for."""

from __future__ import annotations

import math

from visualnn.nn.kernels.gpu.door import cuda, float32, kernel, uint32


@kernel(128)
def good(numbers):
    shared = cuda.shared.array(128, float32)
    at = uint32(cuda.threadIdx.x)
    shared[at] = numbers[at] * float32(0.5)
    cuda.syncthreads()
    numbers[at] = shared[uint32(uint32(127) - at)]


@kernel(128)
def double(numbers):
    at = uint32(cuda.threadIdx.x)
    numbers[at] = 1.0 - numbers[at] * 0.5


@kernel(1024)
def spilling(numbers):
    at = uint32(cuda.threadIdx.x)
    many = cuda.local.array(128, float32)
    for i in range(128):
        many[i] = numbers[uint32(at + uint32(i))]
    for _ in range(numbers.shape[0]):
        for i in range(128):
            many[i] = float32(math.sqrt(many[i])) + many[127 - i]
    for i in range(128):
        numbers[uint32(at + uint32(i))] = many[i]


def kernels(_):
    return [(each.__name__, each, "void(float32[::1])") for each in (good, double, spilling)]
