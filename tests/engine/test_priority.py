from __future__ import annotations

import os
import sys
import threading

import pytest

from visualnn.engine.priority import NICE, give_way


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_only_the_thread_that_gives_way_is_lowered() -> None:
    before, found = os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), []

    def work() -> None:
        give_way()
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [max(before, NICE)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
