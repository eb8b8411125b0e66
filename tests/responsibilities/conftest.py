"""The town that most tests of reporting start from."""

import pytest

from tests.responsibilities.town import Town


@pytest.fixture
def town() -> Town:
    return Town()
