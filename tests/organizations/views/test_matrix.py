"""Who reaches which page of units and people: the office edits, everybody signed in reads."""

import pytest
from django.urls import reverse

from organizations.enums import PostKind, UnitKind
from organizations.services.aliases import add_member, create_alias
from organizations.services.people import get_system_user
from tests.builders import NOW, make_unit, make_user

pytestmark = pytest.mark.django_db
READ = ("unit_list", "unit_detail", "alias_list", "alias_detail")
OFFICE = (
    "unit_create",
    "unit_edit",
    "unit_validity",
    "post_add",
    "post_edit",
    "appointment_add",
    "appointment_end",
    "appointment_hand_over",
    "alias_create",
    "alias_edit",
    "alias_member_add",
    "alias_member_edit",
    "person_list",
    "person_create",
    "person_detail",
    "person_edit",
    "person_password",
    "person_deactivate",
    "person_reactivate",
)
FORMS = tuple(name for name in OFFICE if name not in {"person_list", "person_detail"})


@pytest.fixture
def addresses(zjj, liaison, post_of_liaison) -> dict[str, str]:
    system = get_system_user()
    alias = create_alias("各有关部门", note="名单", actor=system, at=NOW, reason="登记")
    member = add_member(
        alias, zjj, valid_from=None, valid_to=None, actor=system, at=NOW, reason="登记"
    )
    by_code, held = [zjj.code], [post_of_liaison.pk]
    arguments = {
        "unit_detail": by_code,
        "unit_edit": by_code,
        "unit_validity": by_code,
        "post_add": by_code,
        "post_edit": [post_of_liaison.post_id],
        "appointment_add": [post_of_liaison.post_id],
        "appointment_end": held,
        "appointment_hand_over": held,
        "alias_detail": [alias.pk],
        "alias_edit": [alias.pk],
        "alias_member_add": [alias.pk],
        "alias_member_edit": [member.pk],
    } | {name: [liaison.pk] for name in OFFICE if name.startswith("person_") and name[7:] not in
         {"list", "create"}}  # fmt: skip
    return {
        name: reverse(f"organizations:{name}", args=arguments.get(name, []))
        for name in (*READ, *OFFICE)
    }


@pytest.fixture
def people(awb, zjj, office, liaison):
    jtj = make_unit("jtj", "区交通运输局", order=11)
    committee = make_unit("anweihui", "区安委会", kind=UnitKind.COMMITTEE, order=0)
    return {
        "office": office,
        "auditor": make_user("auditor-1", (awb, PostKind.AUDITOR)),
        "leader": make_user("leader-1", (committee, PostKind.LEADER)),
        "unit": liaison,
        "other": make_user("other-1", (jtj, PostKind.HEAD)),
        "nobody": make_user("nobody-1"),
    }


@pytest.mark.parametrize("who", ["office", "auditor", "leader", "unit", "other", "nobody"])
def test_who_opens_what(client, people, addresses, who):
    client.force_login(people[who])

    opened = {name: client.get(path).status_code for name, path in addresses.items()}

    assert opened == {name: 200 if name in READ or who == "office" else 403 for name in addresses}


@pytest.mark.parametrize("who", ["auditor", "leader", "unit", "other", "nobody"])
def test_only_the_office_may_send_a_form(client, people, addresses, who):
    client.force_login(people[who])

    sent = {name: client.post(addresses[name], {"reason": "试"}).status_code for name in FORMS}

    assert sent == dict.fromkeys(FORMS, 403)


def test_a_form_without_its_reason_comes_back_with_the_sentence(desk, addresses):
    answers = {name: desk.post(addresses[name], {}) for name in FORMS}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        FORMS, 422
    )
    for answer in answers.values():
        assert "“理由”不能空着，请填写。" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/units/none/", "/units/none/edit/", "/posts/999/edit/", "/appointments/999/end/",
     "/people/999/", "/units/phrases/999/", "/people/new/?post=x", "/people/new/?post=999"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(desk, path):
    assert desk.get(path).status_code == 404


def test_the_systems_own_account_has_no_page(desk):
    assert desk.get(f"/people/{get_system_user().pk}/").status_code == 404
