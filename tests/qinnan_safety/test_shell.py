"""The frame of the pages: the navigation of each kind of user, and the mark of demonstrations."""

import pytest
from bs4 import BeautifulSoup

from organizations.models import User

pytestmark = pytest.mark.django_db
MENUS = {
    "office": [
        "工作台",
        "等我核验",
        "方案条文",
        "任务台账",
        "季度检查",
        "隐患闭环",
        "全区情况",
        "领导协调",
        "事件登记",
        "台账体检",
        "考核",
        "公文",
        "公布",
        "单位人员",
    ],
    "auditor": [
        "工作台",
        "方案条文",
        "任务台账",
        "季度检查",
        "隐患闭环",
        "全区情况",
        "领导协调",
        "事件登记",
        "考核",
        "公文",
        "公布",
        "单位人员",
    ],
    "leader": [
        "全区情况",
        "领导协调",
        "方案条文",
        "任务台账",
        "季度检查",
        "隐患闭环",
        "考核",
        "公文",
        "公布",
        "单位人员",
    ],
    "liaison": [
        "我的待办",
        "本单位任务",
        "季度检查",
        "方案条文",
        "考核",
        "隐患闭环",
        "公文",
        "单位人员",
    ],
    "nobody": [],
}


@pytest.mark.parametrize("who", list(MENUS))
def test_each_kind_of_user_has_its_menu(client, district, who):
    client.force_login(getattr(district, who))

    shell = client.get("/").context["shell"]

    assert [item.label for item in shell["nav"]] == MENUS[who]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "工作台"),
        ("/units/", "单位人员"),
        ("/units/zjj/", "单位人员"),
        ("/people/", "单位人员"),
        ("/overview/", "全区情况"),
        ("/tasks/", "任务台账"),
        ("/search/", None),
    ],
)
def test_the_menu_marks_where_the_page_belongs(client, district, path, label):
    client.force_login(district.office)

    nav = client.get(path).context["shell"]["nav"]

    assert [item.label for item in nav if item.current] == ([label] if label else [])


def test_only_a_demonstration_account_sees_the_mark_of_demonstration(client, district, settings):
    settings.DEMO = True
    client.force_login(district.office)
    assert not client.get("/").context["shell"]["demo"]

    User.objects.filter(pk=district.office.pk).update(is_demo=True)

    assert client.get("/").context["shell"]["demo"]


def test_a_units_frame_carries_its_name(client, district):
    client.force_login(district.liaison)

    assert client.get("/").context["shell"]["unit"] == "区住建局"


@pytest.mark.parametrize("who", ["office", "auditor", "leader", "liaison"])
def test_the_bar_at_the_foot_of_a_phone_leads_to_every_part(client, district, who):
    client.force_login(getattr(district, who))

    page = BeautifulSoup(client.get("/").content, "html.parser")
    bar = page.select_one("nav.tabs")

    assert [link.text for link in bar.select("a")] == MENUS[who]
    assert [link.text for link in bar.find_all("a", recursive=False)] == MENUS[who][:4]
