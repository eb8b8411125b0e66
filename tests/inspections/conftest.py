"""The department that most tests of inspections begin with."""

import pytest

from tests.inspections.worlds import Department, make_department


@pytest.fixture
def department(db: None) -> Department:
    return make_department()
