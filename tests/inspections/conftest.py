"""The department that most tests of inspections begin with."""

from copy import deepcopy

import pytest

from tests.inspections.worlds import Department, make_department
from tests.standing import built_once

whole_department = built_once(make_department)


@pytest.fixture
def department(db: None, whole_department: Department) -> Department:
    return deepcopy(whole_department)
