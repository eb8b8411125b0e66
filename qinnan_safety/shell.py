"""The frame of every page: navigation, person, business date."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from organizations.access import NOBODY, Access
from responsibilities.models import SavedView


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation; ``current`` marks the page's own area."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: str | None = None


STAFF = (
    ("工作台", "home", "home"),
    ("方案条文", "plan_current", "text"),
    ("任务台账", "responsibilities:obligation_list", "list"),
    ("单位人员", "organizations:unit_list", "people"),
    ("搜索", "search", "search"),
)
LEADER = (
    ("全区情况", "home", "home"),
    ("方案条文", "plan_current", "text"),
    ("任务台账", "responsibilities:obligation_list", "list"),
    ("单位人员", "organizations:unit_list", "people"),
)
UNIT = (
    ("我的待办", "home", "home"),
    ("我的任务", "responsibilities:obligation_list", "list"),
    ("方案条文", "plan_current", "text"),
    ("单位人员", "organizations:unit_list", "people"),
)
MENUS = {"staff": STAFF, "leader": LEADER, "unit": UNIT, "public": ()}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the ``shell`` that ``base.html`` draws."""
    access: Access = getattr(request, "access", NOBODY)
    today: date | None = getattr(request, "today", None)
    kind = access.shell_kind
    held = access.main_post
    return {
        "shell": {
            "kind": kind,
            "nav": _nav(request.path, kind),
            "saved_views": _saved_views(access) if kind == "staff" else [],
            "person": str(access.user) if access.user else "",
            "position": f"{held.post.unit.short_name} {held.post.title}" if held else "",
            "today": today,
            "demo": settings.DEMO,
            "search_url": reverse("search"),
            "notices": [],
        }
    }


def _nav(path: str, kind: str) -> list[NavItem]:
    entries = [(label, reverse(name), icon) for label, name, icon in MENUS[kind]]
    inside = [url for _, url, _ in entries if url != "/" and path.startswith(url)]
    here = max(inside, key=len) if inside else "/"
    return [NavItem(label, url, icon, current=url == here) for label, url, icon in entries]


def _saved_views(access: Access) -> list[dict[str, Any]]:
    views = SavedView.objects.visible_to(access)[:12]
    return [{"name": view.name, "url": view.get_absolute_url(), "count": None} for view in views]
