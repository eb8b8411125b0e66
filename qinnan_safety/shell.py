"""The frame of every page: navigation, person, business date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from common.clock import reading
from organizations.access import NOBODY, Access
from qinnan_safety.silence import silence


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; ``current`` marks the page's own area, ``apart`` a new group."""

    label: str
    url: str
    icon: str
    current: bool = False
    apart: bool = False


PLAN = ("方案条文", "plan_current", "book")
LEDGER = ("任务台账", "responsibilities:obligation_list", "list")
HAZARDS = ("隐患闭环", "inspections:hazard_list", "warn")
INSPECTIONS = ("季度检查", "inspections:inspection_matrix", "calendar")
REVIEWS = ("等我核验", "responsibilities:review_queue", "check")
OVERVIEW = ("全区情况", "overview", "eye")
COORDINATION = ("领导协调", "responsibilities:coordination_list", "target")
EVENTS = ("事件登记", "responsibilities:event_list", "bolt")
CHECKUP = ("台账体检", "responsibilities:checkup", "shield")
SCORES = ("考核", "assessments:assessment_list", "score")
DOCUMENTS = ("公文", "documents:document_list", "paper")
PUBLICATION = ("公布", "publication_desk", "news")
UNITS = ("单位人员", "organizations:unit_list", "people")
DESK = ("工作台", "home", "home")
# 每份菜单分几组，侧栏里组与组隔开；手机底部放前四项，其余在“更多”里。
MENUS = {
    "staff": (
        (DESK,),
        (PLAN, LEDGER, INSPECTIONS, HAZARDS),
        (OVERVIEW, COORDINATION, EVENTS),
        (SCORES, DOCUMENTS, PUBLICATION),
        (UNITS,),
    ),
    "office": (
        (DESK, REVIEWS),
        (PLAN, LEDGER, INSPECTIONS, HAZARDS),
        (OVERVIEW, COORDINATION, EVENTS, CHECKUP),
        (SCORES, DOCUMENTS, PUBLICATION),
        (UNITS,),
    ),
    "leader": (
        (("全区情况", "home", "home"), COORDINATION),
        (PLAN, LEDGER, INSPECTIONS, HAZARDS),
        (SCORES, DOCUMENTS, PUBLICATION),
        (UNITS,),
    ),
    "unit": (
        (("我的待办", "home", "home"), ("本单位任务", "responsibilities:obligation_list", "list")),
        (INSPECTIONS, PLAN),
        (SCORES, HAZARDS, DOCUMENTS, UNITS),
    ),
    "public": (),
}
# 地址不在本栏目之下、内容却属于它的页面。
BELONGS_TO = {
    "/people/": "/units/",
    "/posts/": "/units/",
    "/appointments/": "/units/",
    "/views/": "/tasks/",
    "/items/": "/tasks/",
    "/evidence/": "/tasks/",
    "/round/": "/tasks/",
    "/signing/": "/tasks/",
    "/extensions/": "/reviews/",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the ``shell`` that ``base.html`` draws."""
    access: Access = getattr(request, "access", NOBODY)
    today: date | None = getattr(request, "today", None)
    kind = access.shell_kind
    held = access.main_post
    return {
        "shell": {
            "kind": kind,
            "nav": _nav(request.path, "office" if access.is_office else kind),
            "saved_views": _saved_views(access) if kind == "staff" else [],
            "person": str(access.user) if access.user else "",
            "position": f"{held.post.unit.short_name} {held.post.title}" if held else "",
            "unit": "、".join(unit.short_name for unit in access.units) if kind == "unit" else "",
            "today": today,
            "demo": bool(access.user and access.user.is_demo),
            "search_url": reverse("search"),
            "alarm": _alarm(access),
            "unread": getattr(access.user, "unread", 0),
        }
    }


def _alarm(access: Access) -> str:
    """What the office must know before anything else: that nobody works behind the pages.

    The newest reading of the clock comes with the account, as the number on the bell does.
    """
    if not access.is_office or not hasattr(access.user, "clock_wall"):
        return ""
    wall, held_since = (getattr(access.user, name) for name in ("clock_wall", "clock_held"))
    return silence(reading(), wall, held_since)


def _nav(path: str, kind: str) -> list[NavItem]:
    area = next((home for here, home in BELONGS_TO.items() if path.startswith(here)), path)
    entries = _menu(kind)
    inside = [item.url for item in entries if item.url != "/" and area.startswith(item.url)]
    here = max(inside, key=len) if inside else area
    return [replace(item, current=True) if item.url == here else item for item in entries]


@cache
def _menu(kind: str) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(label, reverse(name), icon, apart=group > 0 and place == 0)
        for group, items in enumerate(MENUS[kind])
        for place, (label, name, icon) in enumerate(items)
    )


def _saved_views(access: Access) -> list[dict[str, Any]]:
    """The first saved views; they come with the account, as the number on the bell does."""
    ledger = reverse("responsibilities:obligation_list")
    views: Sequence[dict[str, str]] = getattr(access.user, "views", ())
    return [
        {"name": view["name"], "url": f"{ledger}?{view['query']}", "count": None} for view in views
    ]
