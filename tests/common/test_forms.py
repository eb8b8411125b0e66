"""What is said of a wrong field: our own words, with the name of the field in them."""

from django import forms

import assessments.urls
import documents.urls
import inspections.urls
import notices.urls
import organizations.urls
import qinnan_safety.urls
import responsibilities.urls
from common.forms import Form, WordedMixin

URLS = (
    assessments,
    documents,
    inspections,
    notices,
    organizations,
    qinnan_safety,
    responsibilities,
)


class SampleForm(Form):
    title = forms.CharField(label="事项", max_length=3)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    day = forms.DateField(label="日期")
    count = forms.IntegerField(label="件数", max_value=9)
    points = forms.DecimalField(label="分数", max_digits=4, decimal_places=1)
    sheet = forms.FileField(label="表")
    seen = forms.CharField(widget=forms.HiddenInput)
    own = forms.CharField(label="文号", error_messages={"required": "登记要写明文号。"})


def test_an_empty_form_names_every_field_and_keeps_what_a_field_says_itself() -> None:
    assert {name: said for name, (said,) in SampleForm({}).errors.items()} == {
        "title": "“事项”不能空着，请填写。",
        "kind": "“类别”还没有选，请选择。",
        "day": "“日期”不能空着，请填写。",
        "count": "“件数”不能空着，请填写。",
        "points": "“分数”不能空着，请填写。",
        "sheet": "“表”还没有选，请选择文件。",
        "seen": "提交的内容不全，请刷新页面后再试。",
        "own": "登记要写明文号。",
    }


def test_bad_input_is_told_what_is_wrong_with_it() -> None:
    typed = {"title": "四个字了", "kind": "乙", "day": "昨天", "count": "10", "points": "1.25"}

    errors = SampleForm(typed).errors

    assert {name: errors[name][0] for name in typed} == {
        "title": "“事项”不能超过 3 个字，现在有 4 个字。",
        "kind": "“类别”不在列表中，请重新选择。",
        "day": "“日期”应是日期，如 2019-09-18。",
        "count": "“件数”不能大于 9。",
        "points": "“分数”最多 1 位小数。",
    }


def test_every_form_of_the_platform_speaks_so() -> None:
    ours = {app.__name__ for app in URLS} | {"clauses", "common"}
    known = {form for form in _below(forms.BaseForm) if form.__module__.split(".")[0] in ours}
    silent = {form.__qualname__ for form in known if not issubclass(form, WordedMixin)}

    assert len(known) > 70
    assert silent == {"SignInForm"}, "the sign-in form has two fields and Django's own sentence"


def _below(cls: type) -> set[type]:
    return {cls}.union(*(_below(sub) for sub in cls.__subclasses__()))
