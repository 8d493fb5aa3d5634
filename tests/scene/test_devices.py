"""What measured times say, in words."""

import pytest

from visualnn.engine.devices import NO_TIMES, Times
from visualnn.scene.devices import conclusion, duration, measured


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (4.2e-7, "0.42 µs"),
        (2.13e-6, "2.1 µs"),
        (3e-6, "3 µs"),
        (8.44e-5, "84 µs"),
        (9.96e-5, "100 µs"),
        (3.424e-4, "342 µs"),
        (9.96e-4, "1 ms"),
        (0.0123, "12 ms"),
        (0.9994, "1 s"),
        (1.73, "1.7 s"),
    ],
)
def test_a_time_has_two_or_three_digits_and_a_unit_beside_it(seconds, text):
    assert duration(seconds) == text.replace(" ", "\u00a0")


def test_what_was_measured_is_told_in_one_breath():
    assert measured(Times(2.1e-6, 1.4e-6)).replace("\u00a0", " ") == "Processor 2.1 µs an update, GPU 1.4 µs"
    assert measured(Times(2.1e-6)).replace("\u00a0", " ") == "Processor 2.1 µs an update"
    assert measured(NO_TIMES) == ""


@pytest.mark.parametrize(
    ("cpu", "gpu", "said"),
    [
        (2.1e-6, 1.4e-6, "The GPU takes 0.67 of the time."),
        (1e-3, 1e-4, "The GPU is 10 times as fast."),
        (1e-3, 3.1e-5, "The GPU is 32 times as fast."),
        (1e-3, 7.6e-6, "The GPU is 130 times as fast."),
        (1.98e-4, 1e-4, "The GPU is 2 times as fast."),
        (1e-4, 1.05e-4, "Both take about as long."),
        (2e-6, 9e-6, "This network is too small for a GPU to pay, but a sweep of many at once should gain."),
        (2e-6, 1.5e-4, "This network is too small for a GPU to pay."),
        (2e-6, 9e-4, "This network is too small for a GPU to pay."),
        (2e-3, 9e-3, "The processor is faster here."),
        (2e-3, None, ""),
        (None, 2e-3, ""),
    ],
)
def test_what_follows(cpu, gpu, said):
    assert conclusion(Times(cpu, gpu), multiprocessors=132) == said
