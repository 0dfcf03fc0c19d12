import time
from threading import Barrier, Thread

import pytest
from xblock.core import XBlock
from xblock.fields import Integer

from lykeion.blocks import mixing


class _SlowFields:
    def __get__(self, instance: object, owner: type) -> dict[str, object]:
        time.sleep(0.05)
        return {}


class SlowBase:
    """Its fields take a while to work out, as those of a big class on a busy machine."""

    fields = _SlowFields()


@pytest.fixture
def slow() -> type:
    """A block class that nobody has used yet."""

    class Slow(XBlock, SlowBase):
        number = Integer()

    return Slow


def test_threads_that_meet_in_a_new_class_all_see_its_fields(slow: type) -> None:
    seen: list[object] = []
    barrier = Barrier(8)

    def look() -> None:
        barrier.wait()
        seen.append(mixing.mixologist.mix(slow).fields)

    threads = [Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [fields is not None and "number" in fields for fields in seen] == [True] * 8
