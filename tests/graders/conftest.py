"""Alice in the course of ``course.py``."""

from __future__ import annotations

import pytest

from lykeion.accounts.models import User
from tests.factories import learner, store_course
from tests.graders.course import coding


@pytest.fixture
def alice(db: None) -> User:
    """A learner of the course."""
    store_course(coding())
    return learner("alice")
