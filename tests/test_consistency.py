"""The house rules that a machine can check: sources and templates."""

import re

import pytest
from django.apps import apps
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from qinnan_safety.environment import BASE_DIR
from tests.sources import APPS, LAYERS, calls, dotted, functions, python_files, shown, templates

FILE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES = 400, 40, 30, 150
CJK = re.compile("[\u4e00-\u9fff]")
CLOCKS = re.compile(
    r"(^|\.)(timezone\.(now|localdate)|date\.today|datetime\.(now|today)|time\.time)$"
)
BUSINESS_CLOCK = re.compile(r"^(clock\.)?(today|now)$")
PURE_PLACES = ("rules", "models", "services", "permissions", "enums", "periods")
UNTRACKED_WRITES = {"update", "bulk_create", "bulk_update", "_raw_delete", "raw", "abulk_create"}
WRITE_THEMSELVES = {
    "common/tracked.py",
    # 提醒和投递没有人改，只按条件从一个状态走到下一个，每个状态自带时间，不另记历史。
    "notices/models/notice.py",
    "notices/models/delivery.py",
    "notices/models/tick.py",
}
ROW_SOURCES = re.compile(r"\b(objects|_base_manager|_default_manager|QuerySet)\b|(filter|all)\(\)")

all_code = pytest.mark.parametrize("path", python_files(*APPS, "tests", "benchmarks"), ids=shown)
app_code = pytest.mark.parametrize("path", python_files(*APPS), ids=shown)
each_template = pytest.mark.parametrize("path", templates(), ids=shown)


@all_code
def test_files_stay_short_enough_to_read(path):
    assert len(path.read_text().splitlines()) <= FILE_LINES


@app_code
def test_functions_stay_short_enough_to_read(path):
    limit = VIEW_LINES if "views" in path.parts else FUNCTION_LINES
    too_long = {
        node.name: length
        for node in functions(path)
        if (length := node.end_lineno - node.lineno + 1) > limit
    }
    assert not too_long


@all_code
def test_files_have_a_name_that_tells_what_they_hold(path):
    assert path.stem not in {"utils", "helpers", "misc", "util", "helper"}


@app_code
def test_only_the_clock_asks_the_computer_for_the_time(path):
    if shown(path) in {
        "common/clock.py",
        "qinnan_safety/heartbeat.py",
        "qinnan_safety/middleware.py",
    }:
        return
    assert [dotted(call.func) for call in calls(path) if CLOCKS.search(dotted(call.func))] == []


@app_code
def test_rules_models_and_services_are_told_the_date(path):
    if path.parent.name not in PURE_PLACES and path.stem not in PURE_PLACES:
        return
    assert [dotted(c.func) for c in calls(path) if BUSINESS_CLOCK.match(dotted(c.func))] == []


@app_code
def test_tracked_rows_are_never_written_past_their_history(path):
    if shown(path) in WRITE_THEMSELVES:
        return
    writes = [
        f"{dotted(call.func)} (line {call.lineno})"
        for call in calls(path)
        if dotted(call.func).rpartition(".")[2] in UNTRACKED_WRITES
        and ROW_SOURCES.search(dotted(call.func).rpartition(".")[0])
    ]
    assert writes == []


@all_code
def test_nothing_is_left_half_done(path):
    marks = (
        r"#\s*(TO"
        r"DO|FIX"
        r"ME|XX"
        r"X)\b|Not"
        r"ImplementedError|pytest\.mark\.(sk"
        r"ip|xf"
        r"ail)"
    )
    assert re.findall(marks, path.read_text()) == []


@app_code
def test_texts_are_written_in_chinese_directly(path):
    assert "gettext" not in path.read_text()


def own_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in LAYERS and not hasattr(model, "instance_type")
    ]


def test_every_model_and_field_has_a_chinese_name():
    nameless = [
        f"{model._meta.label}.{getattr(thing, 'name', '')}"
        for model in own_models()
        for thing in [model._meta, *model._meta.fields, *model._meta.many_to_many]
        if not (getattr(thing, "primary_key", False) or CJK.search(str(thing.verbose_name)))
    ]
    assert nameless == []


def test_relations_never_point_to_a_higher_layer():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in LAYERS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if field.related_model._meta.app_label in LAYERS
        if LAYERS.index(field.related_model._meta.app_label) < LAYERS.index(model._meta.app_label)
    ]
    assert wrong == []


def test_relations_of_tracked_rows_never_forget():
    """``SET_NULL`` and ``CASCADE`` change rows without history."""
    forgetting = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        if hasattr(model, "history")
        for field in model._meta.fields
        if field.is_relation
        and field.remote_field.on_delete.__name__ in {"SET_NULL", "SET_DEFAULT"}
    ]
    assert forgetting == []


@each_template
def test_templates_stay_short_enough_to_read(path):
    assert len(path.read_text().splitlines()) <= TEMPLATE_LINES


@each_template
def test_templates_carry_no_inline_style_or_script(path):
    text = re.sub(r"{#.*?#}|{% comment .*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    inline = re.findall(r"\s(?:style|on[a-z]+)\s*=\s*[\"'{]", text)
    inline += [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag]
    assert "pdf" in path.parts or inline == []


@each_template
def test_templates_name_only_templates_that_exist(path):
    missing = []
    for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", path.read_text()):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            missing.append(name)
    assert missing == []


@each_template
def test_pages_need_no_other_site(path):
    found = re.findall(
        r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//[^\s\"')]+", path.read_text()
    )
    assert found == []


@app_code
def test_views_name_only_templates_that_exist(path):
    missing = []
    for call in calls(path):
        if dotted(call.func).rpartition(".")[2] not in {"render", "render_to_string"}:
            continue
        names = [arg.value for arg in call.args[:2] if hasattr(arg, "value")]
        for name in (n for n in names if isinstance(n, str) and n.endswith(".html")):
            if not (BASE_DIR / "templates" / name).exists():
                missing.append(name)
    assert missing == []
