"""Processor or GPU? What measured times say about the present network, in words."""

from __future__ import annotations

from visualnn.engine.devices import Times

SMALL_SECONDS = 1e-4  # an update of the processor's: a network that quick has little to share out among many units
UNITS = ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms"), (float("inf"), 1.0, "s"))
TWICE = 1.95  # times as fast, from which on it is told how often
SWEPT = 2  # networks that a sweep trains on the processor at once
KEPT = "\u00a0"  # a number and its unit stay on one line


def duration(seconds: float) -> str:
    """A time with its two or three digits: “2.1 µs”."""
    factor, unit = next((factor, unit) for below, factor, unit in UNITS if float(f"{seconds:.2g}") < below)
    value = seconds * factor
    return f"{value:.0f}{KEPT}{unit}" if value >= 99.5 else f"{_two(value)}{KEPT}{unit}"


def _two(value: float) -> str:
    """Two digits that count."""
    return f"{float(f'{value:.2g}'):g}"


def measured(times: Times) -> str:
    """What was measured: “Processor 2.1 µs an update, GPU 1.4 µs”."""
    known = [(name, time) for name, time in (("Processor", times.cpu), ("GPU", times.gpu)) if time is not None]
    said = [f"{name} {duration(time)}" for name, time in known]
    return ", ".join([f"{said[0]} an update", *said[1:]]) if said else ""


def conclusion(times: Times, multiprocessors: int) -> str:
    """What follows from it; "" where one of the times is not known. The GPU has so many processors."""
    if times.cpu is None or times.gpu is None:
        return ""
    if times.faster is None:
        return "Both take about as long."
    ratio = times.cpu / times.gpu
    if times.faster == "cuda":
        return (
            f"The GPU is {_two(ratio)} times as fast."
            if ratio >= TWICE
            else f"The GPU takes {_two(1 / ratio)} of the time."
        )
    if times.cpu > SMALL_SECONDS:
        return "The processor is faster here."
    gains = SWEPT * times.gpu < multiprocessors * times.cpu  # a guess: that was not measured
    return "This network is too small for a GPU to pay" + (
        ", but a sweep of many at once should gain." if gains else "."
    )
