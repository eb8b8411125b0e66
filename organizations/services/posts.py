"""Posts of a unit: duties rest on them, people come and go."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.enums import PostKind, UnitKind
from organizations.models import Post, Unit, User
from organizations.permissions import can_manage_people

# 全区性岗位只设在安委会及其办公室，以免一个部门的岗位看到全区数据。
DISTRICT_POSTS: Mapping[PostKind, frozenset[UnitKind]] = {
    PostKind.OFFICE: frozenset({UnitKind.COMMITTEE_OFFICE}),
    PostKind.AUDITOR: frozenset({UnitKind.COMMITTEE_OFFICE}),
    PostKind.LEADER: frozenset({UnitKind.COMMITTEE}),
}


def add_post(
    unit: Unit, kind: PostKind, *, title: str, actor: User, at: datetime, reason: str
) -> Post:
    """Set up a post (设立岗位). Posts that see the whole district exist in the committee alone."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        allowed = DISTRICT_POSTS.get(kind)
        if allowed and unit.kind not in allowed:
            where = "、".join(place.label for place in allowed)
            raise DomainError(f"“{kind.label}”能看到全区数据，只能设在{where}。")
        post = Post(unit=unit, kind=kind, title=title)
        save_with_history(post, actor=actor, reason=reason, at=at)
    return post


def rename_post(post: Post, *, title: str, actor: User, at: datetime, reason: str) -> Post:
    """Give a post another title; its kind, and with it its rights, never change."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
        if current.title == title:
            raise DomainError("职务名称没有改动，不用保存。")
        current.title = title
        save_with_history(current, actor=actor, reason=reason, at=at, fields=["title"])
    return current
