from __future__ import annotations

import numpy as np

from visualnn.nn.landscape.logbook import Logbook


def moment(t: int, slots: int = 1) -> tuple[float, ...]:
    return (10.0 + t, 0.1, 20.0 + t, 30.0 + t, 40.0 + t, 50.0 + t, *(60.0 + t + 100 * k for k in range(2 * slots)))


def test_what_is_written_is_read_column_by_column():
    log = Logbook(slots=2)
    for t in range(3):
        log.write(moment(t, slots=2))
    pages = log.read()
    np.testing.assert_array_equal(pages.updates, [0, 1, 2])
    np.testing.assert_array_equal(pages.losses, [10, 11, 12])
    np.testing.assert_array_equal(pages.rates, [0.1, 0.1, 0.1])
    np.testing.assert_array_equal(pages.places, [[20, 30], [21, 31], [22, 32]])
    np.testing.assert_array_equal(pages.slopes, [[40, 50], [41, 51], [42, 52]])
    np.testing.assert_array_equal(pages.memory[2], [[62, 162], [262, 362]])


def test_what_was_read_never_changes_however_much_is_written_later():
    log, read = Logbook(slots=1), []
    for t in range(1000):
        log.write(moment(t))
        if t % 37 == 0:
            pages = log.read()
            read.append((pages, [page.copy() for page in pages]))
    log.read()
    for pages, copies in read:
        assert not any(page.flags.writeable for page in pages)
        for page, copy in zip(pages, copies, strict=True):
            np.testing.assert_array_equal(page, copy)


def test_reading_again_copies_nothing():
    log = Logbook(slots=0)
    for t in range(100):
        log.write(moment(t, slots=0))
    first = log.read()
    log.write(moment(100, slots=0))
    second = log.read()
    assert np.shares_memory(first.places, second.places)
    assert second.memory.shape == (101, 0, 2)
