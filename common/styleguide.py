"""The page that shows every component with invented data; reachable only while DEBUG is on."""

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.forms import Form

TODAY = date(2019, 9, 18)
LAMPS: dict[str, dict[str, str]] = {
    "overdue": {"kind": "overdue", "label": "逾期", "text": "逾期 18 天"},
    "due_soon": {"kind": "due_soon", "label": "临期", "text": "剩 12 天"},
    "normal": {"kind": "normal", "label": "正常", "text": "2020-12-31"},
    "closed": {"kind": "closed", "label": "办结", "text": "办结"},
    "not_started": {"kind": "not_started", "label": "未启动", "text": "未启动"},
}
COUNTS = {"overdue": 8, "due_soon": 18, "normal": 102, "closed": 30, "not_started": 19}
CHAPTERS = (
    ("二 责任制", 30, (4, 14, 15, 28)),
    ("三 监管体制", 21, ()),
    ("四 依法治理", 43, (5, 32)),
    ("五 预防控制", 50, (28, 39)),
    ("六 基础保障", 24, (23,)),
    ("七 组织", 9, ()),
)
HISTORY = (
    ("办结时限改为 2019年10月15日", "陆科员 · 9月16日 15:40", "理由：按方案第二十三条提前。"),
    ("下发给区交通运输局，配合单位 2 个", "陆科员 · 3月1日 10:02", ""),
)
LEDGER = (
    ("overdue", "04-01", "印发安委会成员单位工作职责分工", "", "", "区委编办", "区应急局 等 2"),
    ("overdue", "14-03", "制定矿山、危化等禁限控目录", "", "", "区发改局", "区工信局 等 2"),
    ("due_soon", "15-02", "公示行政执法权力运行流程图", "待核验", "blue", "区司法局", "24 个部门"),
    ("due_soon", "24-01b", "制定职业病防治中长期规划", "退回补正", "red", "区卫健局", "区发改局"),
    ("normal", "19-09", "强化校车安全管理和重点部位管控", "", "", "区教育局", "公安分局 等 2"),
)


class SampleForm(Form):
    """One field of every kind, wrongly filled in."""

    text = forms.CharField(
        label="这段时间做了什么",
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明数量和位置。例：完成 12 台危货车装机，累计 171 台。",
        error_messages={"min_length": "进展要写明完成数量，至少 20 个字。"},
    )
    mode = forms.ChoiceField(
        label="办理方式",
        choices=[("separate", "分别落实"), ("joint", "共同完成")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一种办理方式。"},
    )
    done_on = forms.DateField(label="完成日期", widget=forms.DateInput(attrs={"type": "date"}))
    remark = forms.CharField(label="备注", required=False)
    public = forms.BooleanField(label="向社会公开进度", required=False, help_text="附件不公开。")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    return render(request, "styleguide.html", _samples())


def _samples() -> dict[str, Any]:
    return {
        "today": TODAY,
        "lamps": LAMPS,
        "groups": [_vein(*chapter) for chapter in CHAPTERS],
        "chapters": [_chapter(*chapter) for chapter in CHAPTERS],
        "counts": [{**LAMPS[kind], "count": n, "url": "#"} for kind, n in COUNTS.items()],
        "plan_chips": [
            {"text": "全文", "url": "#", "on": True, "kind": ""},
            {"text": "只看逾期 8", "url": "#", "on": False, "kind": "overdue"},
            {"text": "未定 5", "url": "#", "on": False, "kind": ""},
        ],
        "views": [
            {"name": "全部", "url": "#", "current": False, "count": 177},
            {"name": "本季要到期", "url": "#", "current": True, "count": 24},
            {"name": "逾期", "url": "#", "current": False, "count": 8},
        ],
        "bulk": [
            {"label": "改时限", "icon": "calendar", "name": "act", "value": "due", "url": "#"},
            {"label": "换牵头", "icon": "people", "name": "act", "value": "lead", "url": "#"},
        ],
        "ledger": _ledger(),
        "page_obj": Paginator(range(177), 50).page(2),
        "history": [
            {"kind": "", "title": title, "by": by, "text": "", "reason": reason}
            for title, by, reason in HISTORY
        ],
        "summary": [_fact("原时限", "2019-10-15"), _fact("申请至", "2019-12-20")],
        "facts": [_fact("类别", "限时"), _fact("办结时限", "2019年10月15日", "改")],
        "bad_form": SampleForm({"text": "正在推进中。", "done_on": "2019-09-01"}),
        "icons": _icon_names(),
    }


def _fact(label: str, value: str, action: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "url": "#" if action else "", "action": action}


def _kinds(total: int, late: tuple[int, ...]) -> list[str]:
    """Spread the kinds over a chapter in a fixed pattern; ``late`` names the overdue positions."""
    cycle = ("normal", "closed", "normal", "normal", "normal", "due_soon", "normal", "not_started")
    return ["overdue" if place in late else cycle[place * 5 % 8] for place in range(total)]


def _vein(label: str, total: int, late: tuple[int, ...]) -> dict[str, Any]:
    bars = [
        {"kind": kind, "url": "#", "title": f"{label} 第 {place + 1} 项：{LAMPS[kind]['label']}"}
        for place, kind in enumerate(_kinds(total, late))
    ]
    summary = f"{total} 项，逾期 {len(late)} 项"
    return {"label": label, "url": "#", "bars": bars, "summary": summary}


def _chapter(label: str, total: int, late: tuple[int, ...]) -> dict[str, Any]:
    kinds = _kinds(total, late)
    parts = [{**LAMPS[kind], "count": kinds.count(kind)} for kind in LAMPS]
    return {"label": label, "parts": parts, "total": total, "overdue": len(late)}


def _ledger() -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for kind, code, title, tag, tone, lead, assist in LEDGER:
        row: dict[str, Any] = {"code": code, "title": title, "tag": tag, "tone": tone, "lead": lead}
        row |= {"assist": assist, "lamp": LAMPS[kind], "kind": "限时", "when": "9-17"}
        row |= {"done": 2, "total": 24 if tag else 4, "editing": code == "14-03"}
        group = {"kind": kind, "label": LAMPS[kind]["label"], "rows": []}
        groups.setdefault(kind, group)["rows"].append(row)
    return list(groups.values())


def _icon_names() -> list[str]:
    sprite = Path(settings.BASE_DIR, "static", "img", "icons.svg").read_text(encoding="utf-8")
    return [line.split('"')[1] for line in sprite.splitlines() if line.startswith("<symbol")]
