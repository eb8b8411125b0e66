"""Rows of another table beside a row: their order, their values, and none at all."""

import pytest
from django.db import models
from django.db.models import F, OuterRef

from clauses.models import Plan
from common.subcount import subcount
from common.subrows import Subrows, instant
from organizations.models import User
from responsibilities.models import SavedView
from tests.builders import make_plan, make_user

pytestmark = pytest.mark.django_db


def test_each_row_has_its_own_few_rows_in_their_order_in_one_statement(django_assert_num_queries):
    names = ["全部", '100% "快"', "十五's"]
    for number, name in enumerate(names):
        owner = make_user(f"u{number % 2}") if number < 2 else User.objects.get(username="u0")
        models.QuerySet(SavedView).bulk_create(
            [SavedView(owner=owner, name=name, query=f"q={number}", is_shared=number == 2)]
        )
    make_user("nobody")
    views = SavedView.objects.filter(owner=OuterRef("pk")).order_by("-pk")
    lines = Subrows(views[:2], "name", "is_shared", asked=F("query"))

    with django_assert_num_queries(1):
        read = dict(
            User.objects.filter(username__in=["u0", "u1", "nobody"])
            .annotate(lines=lines)
            .values_list("username", "lines")
        )

    assert read == {
        "u0": [
            {"name": "十五's", "is_shared": True, "asked": "q=2"},
            {"name": "全部", "is_shared": False, "asked": "q=0"},
        ],
        "u1": [{"name": '100% "快"', "is_shared": False, "asked": "q=1"}],
        "nobody": [],
    }


def test_a_moment_is_the_same_after_it_went_through_json():
    make_plan()
    early = make_user("early")
    people = User.objects.filter(pk=early.pk)

    plan = Plan.objects.annotate(joined=Subrows(people, "date_joined")).get()

    assert [instant(line["date_joined"]) for line in plan.joined] == [early.date_joined]


def test_a_question_that_is_kept_is_answered_afresh_and_asked_right_inside_another():
    owners = [make_user("u0"), make_user("u1")]
    views = models.QuerySet(SavedView)
    views.bulk_create([SavedView(owner=u, name=u.username, query="") for u in owners])
    own = SavedView.objects.filter(owner=OuterRef("pk")).order_by("name")
    kept = User.objects.annotate(lines=Subrows(own, "name"), many=subcount(own, "owner"))

    def told():
        people = kept.filter(username__in=["u0", "u1"]).order_by("username")
        return [([line["name"] for line in person.lines], person.many) for person in people]

    assert told() == [(["u0"], 1), (["u1"], 1)]
    views.update(owner=owners[1])
    assert told() == [([], 0), (["u0", "u1"], 2)]
    inside = SavedView.objects.filter(owner__in=kept.filter(many=2).values("pk"))
    assert [view.name for view in inside.order_by("name")] == ["u0", "u1"]
    assert not SavedView.objects.filter(owner__in=kept.filter(many=1).values("pk")).exists()
