"""The course and the people of Studio's tests."""

from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test
from tests.studio.conftest import as_person, author, carol, run  # noqa: F401
