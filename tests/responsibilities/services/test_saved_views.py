"""Saved views: a name for a query, kept by one person and perhaps shared."""

import pytest
from django.core.exceptions import ValidationError

from common.errors import NotAllowed
from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.models import SavedView
from responsibilities.services.views import create_saved_view, delete_saved_view
from tests.builders import NOW, make_unit, make_user, rights

pytestmark = pytest.mark.django_db


@pytest.fixture
def awb() -> Unit:
    return make_unit("awb", "区安委办", order=1)


@pytest.fixture
def office(awb: Unit) -> User:
    return make_user("office", (awb, PostKind.OFFICE))


def _save(owner: User, name: str = "交通口", *, is_shared: bool = False) -> SavedView:
    return create_saved_view(name=name, query="unit=jtj", is_shared=is_shared, actor=owner, at=NOW)


def test_a_view_leads_back_to_its_filters(office: User) -> None:
    view = _save(office)

    assert view.get_absolute_url() == "/tasks/?unit=jtj"
    assert view.history.latest().history_user == office


def test_a_name_has_at_most_twenty_characters(office: User) -> None:
    _save(office, "二" * 20)

    with pytest.raises(ValidationError):
        _save(office, "三" * 21)


def test_a_person_uses_a_name_once_and_again_after_deleting(office: User) -> None:
    view = _save(office)
    with pytest.raises(ValidationError, match="同名视图"):
        _save(office)

    delete_saved_view(view, actor=office, at=NOW)

    assert _save(office).pk != view.pk


def test_two_people_may_use_the_same_name(office: User, awb: Unit) -> None:
    other = make_user("other", (awb, PostKind.OFFICE))

    assert _save(office).pk != _save(other).pk


def test_a_shared_view_is_met_by_those_who_see_everything(office: User, awb: Unit) -> None:
    leader = make_user("leader", (awb, PostKind.LEADER))
    liaison = make_user("liaison", (make_unit("jtj", "区交通运输局"), PostKind.LIAISON))
    shared, own = _save(office, is_shared=True), _save(office, "自用")

    assert set(SavedView.objects.visible_to(rights(office))) == {shared, own}
    assert set(SavedView.objects.visible_to(rights(leader))) == {shared}
    assert not SavedView.objects.visible_to(rights(liaison)).exists()


def test_only_the_office_shares(awb: Unit) -> None:
    leader = make_user("leader", (awb, PostKind.LEADER))

    with pytest.raises(NotAllowed):
        _save(leader, is_shared=True)


def test_only_the_owner_deletes(office: User, awb: Unit) -> None:
    other = make_user("other", (awb, PostKind.OFFICE))
    view = _save(office, is_shared=True)

    with pytest.raises(NotAllowed, match="自己的视图"):
        delete_saved_view(view, actor=other, at=NOW)

    view.refresh_from_db()
    assert not view.is_void
