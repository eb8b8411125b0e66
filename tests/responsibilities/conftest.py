"""The town that most tests of reporting start from."""

from copy import deepcopy

import pytest

from tests.responsibilities.town import Town
from tests.standing import built_once

whole_town = built_once(Town)


@pytest.fixture
def town(db: None, whole_town: Town) -> Town:
    return deepcopy(whole_town)
