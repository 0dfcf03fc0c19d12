import time
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from xblock.core import XBlock
from xblock.fields import Integer

from lykeion.blocks import mixing


@pytest.fixture
def slow() -> Iterator[type]:
    """A block class whose fields take a while to work out, as those of a big one on a busy machine."""

    class Meta(type(XBlock)):
        def __dir__(cls) -> list[str]:
            time.sleep(0.05)
            return list(super().__dir__())

    class Slow(XBlock, metaclass=Meta):
        number = Integer()

    yield Slow


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
