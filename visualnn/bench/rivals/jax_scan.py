"""JAX at its best: many updates in one compiled ``lax.scan``."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from visualnn.bench.job import Run
from visualnn.bench.workload import Workload

FIRST_LENGTH = 8  # updates in a call, to find out how many a call should do
CALL_S = 0.02  # how long a call should take, so that calling costs nothing
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"relu": jax.nn.relu, "tanh": jnp.tanh}


class State(NamedTuple):
    """What an update changes; `m` and `v` are empty for SGD."""

    layers: Any
    m: Any
    v: Any
    updates: Any


def begin(threads: int) -> str:
    """Its version; the threads are chosen by the environment."""
    return str(jax.__version__)


def prepare(workload: Workload, variant: str) -> Run:
    """What runs updates: compiled twice, the second time with as many updates in a call as fill `CALL_S`."""
    inputs, targets, layers = workload.problem()
    used = workload.batches * workload.batch
    rows = [jnp.asarray(a[:used].reshape(workload.batches, workload.batch, -1), jnp.float32) for a in (inputs, targets)]
    start = jax.tree.map(lambda a: jnp.asarray(a, jnp.float32), layers)
    zeros = jax.tree.map(jnp.zeros_like, start) if workload.optimizer == "adam" else ()
    state = State(start, zeros, zeros, jnp.zeros((), jnp.int32))
    advance, length = _scan(workload, rows, FIRST_LENGTH), FIRST_LENGTH
    jax.block_until_ready(advance(state))
    begun = perf_counter()
    jax.block_until_ready(advance(state))
    longer = round(length * CALL_S / (perf_counter() - begun))
    if longer > 2 * length:
        advance, length = _scan(workload, rows, longer), longer

    def run(updates: int) -> int:
        nonlocal state
        calls = max(1, round(updates / length))
        for _ in range(calls):
            state = advance(state)
        jax.block_until_ready(state)
        return calls * length

    return run


def _scan(workload: Workload, rows: list[Any], length: int) -> Callable[[State], State]:
    """Compiles `length` updates into one call."""
    loss = _loss(workload)

    def update(state: State, x: Any, y: Any) -> State:
        batch = state.updates % workload.batches
        slopes = jax.grad(loss)(state.layers, x[batch], y[batch])
        return (_adam if workload.optimizer == "adam" else _sgd)(state, slopes, workload.rate)

    def advance(state: State, x: Any, y: Any) -> Any:
        return jax.lax.scan(lambda s, _: (update(s, x, y), None), state, None, length=length)[0]

    compiled: Any = jax.jit(advance)
    return lambda state: compiled(state, *rows)


def _loss(workload: Workload) -> Callable[[Any, Any, Any], Any]:
    def loss(layers: Any, x: Any, y: Any) -> Any:
        for w, b in layers[:-1]:
            x = ACTIVATIONS[workload.hidden](x @ w + b)
        z = x @ layers[-1][0] + layers[-1][1]
        if workload.output == "softmax":
            return -(y * jax.nn.log_softmax(z)).sum(axis=-1).mean()
        return ((ACTIVATIONS.get(workload.output, lambda same: same)(z) - y) ** 2).mean()

    return loss


def _sgd(state: State, slopes: Any, rate: float) -> State:
    layers = jax.tree.map(lambda w, g: w - rate * g, state.layers, slopes)
    return State(layers, (), (), state.updates + 1)


def _adam(state: State, slopes: Any, rate: float) -> State:
    t = state.updates + 1
    m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, state.m, slopes)
    v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, state.v, slopes)
    step, scale = rate / (1 - BETA1**t), 1 / (1 - BETA2**t)
    layers = jax.tree.map(lambda w, m, v: w - step * m / (jnp.sqrt(v * scale) + EPS), state.layers, m, v)
    return State(layers, m, v, t)
