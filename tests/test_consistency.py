"""The house rules that a machine can check: sources and templates.

A rule looks at every file and names all that break it, with what it found there.
"""

import ast
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from qinnan_safety.environment import BASE_DIR
from tests.sources import (
    APPS,
    LAYERS,
    calls,
    dotted,
    functions,
    python_files,
    shown,
    templates,
    tree_of,
)

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

APP_CODE = python_files(*APPS)
ALL_CODE = python_files(*APPS, "tests", "benchmarks")
TEMPLATES = templates()


def broken(paths: Iterable[Path], find: Callable[[Path], Any]) -> dict[str, Any]:
    """Return what ``find`` objects to in each file; a file in order is left out."""
    return {shown(path): found for path in paths if (found := find(path))}


def lines_beyond(limit: int) -> Callable[[Path], int]:
    """Return a finder of the number of lines of a file that has more than ``limit``."""
    return lambda path: lines if (lines := len(path.read_text().splitlines())) > limit else 0


def test_files_stay_short_enough_to_read():
    assert broken(ALL_CODE, lines_beyond(FILE_LINES)) == {}


def test_functions_stay_short_enough_to_read():
    def too_long(path):
        limit = VIEW_LINES if "views" in path.parts else FUNCTION_LINES
        return {
            node.name: length
            for node in functions(path)
            if (length := node.end_lineno - node.lineno + 1) > limit
        }

    assert broken(APP_CODE, too_long) == {}


def test_files_have_a_name_that_tells_what_they_hold():
    vague = {"utils", "helpers", "misc", "util", "helper"}
    assert {shown(path) for path in ALL_CODE if path.stem in vague} == set()


def test_only_the_clock_asks_the_computer_for_the_time():
    def asked(path):
        return [dotted(call.func) for call in calls(path) if CLOCKS.search(dotted(call.func))]

    assert broken(APP_CODE, asked).keys() <= {
        "common/clock.py",
        "qinnan_safety/heartbeat.py",
        "qinnan_safety/middleware.py",
    }


def test_rules_models_and_services_are_told_the_date():
    def asked(path):
        return [dotted(c.func) for c in calls(path) if BUSINESS_CLOCK.match(dotted(c.func))]

    pure = [p for p in APP_CODE if p.parent.name in PURE_PLACES or p.stem in PURE_PLACES]
    assert broken(pure, asked) == {}


def test_tracked_rows_are_never_written_past_their_history():
    def written(path):
        return [
            f"{dotted(call.func)} (line {call.lineno})"
            for call in calls(path)
            if dotted(call.func).rpartition(".")[2] in UNTRACKED_WRITES
            and ROW_SOURCES.search(dotted(call.func).rpartition(".")[0])
        ]

    assert broken([p for p in APP_CODE if shown(p) not in WRITE_THEMSELVES], written) == {}


def states_set(path):
    """Yield place and value of all that is written to a ``state``, also by ``setattr``."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Assign):
            places = [part for target in node.targets for part in ast.walk(target)]
            value = node.value
        elif isinstance(node, ast.Call) and dotted(node.func) == "setattr":
            record, name, value = node.args
            places = [ast.Attribute(record, getattr(name, "value", ""), ast.Store())]
        else:
            continue
        for place in places:
            if isinstance(place, ast.Attribute) and place.attr == "state":
                yield ast.unparse(place), ast.unparse(value)


def test_a_task_changes_its_state_through_the_table_alone():
    """``Task.move_to`` checks every step; elsewhere a state is written only with the name of
    another table, or to the record that the module is about."""
    others = re.compile(r"\b(?!Task)\w+State\.[A-Z]")

    def written(path):
        return [place for place, value in states_set(path) if not others.search(value)]

    assert broken(APP_CODE, written) == {
        "assessments/services/publishing.py": ["locked.state"],
        "documents/services/issuing.py": ["document.state"],
        "documents/services/jobs.py": ["item.state"],
        "inspections/services/recording.py": ["inspection.state", "inspection.state"],
        "responsibilities/models/task.py": ["self.state"],
    }


def test_a_new_task_awaits_its_receipt():
    def begun(path):
        made = [call for call in calls(path) if dotted(call.func) == "Task"]
        states = [ast.unparse(k.value) for c in made for k in c.keywords if k.arg == "state"]
        return [] if states == ["TaskState.AWAITING_RECEIPT"] * len(made) else states or ["none"]

    assert broken(APP_CODE, begun) == {}


def test_nothing_is_left_half_done():
    marks = (
        r"#\s*(TO"
        r"DO|FIX"
        r"ME|XX"
        r"X)\b|Not"
        r"ImplementedError|pytest\.mark\.(sk"
        r"ip|xf"
        r"ail)"
    )
    assert broken(ALL_CODE, lambda path: re.findall(marks, path.read_text())) == {}


def test_texts_are_written_in_chinese_directly():
    assert {shown(path) for path in APP_CODE if "gettext" in path.read_text()} == set()


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


def test_no_module_of_tests_leans_on_another():
    """What several share stands in a module without tests."""

    def leans(path):
        return re.findall(r"^(?:from|import) (tests\.(?:\w+\.)*test_\w+)", path.read_text(), re.M)

    assert broken(python_files("tests"), leans) == {}


def test_templates_stay_short_enough_to_read():
    assert broken(TEMPLATES, lines_beyond(TEMPLATE_LINES)) == {}


def test_templates_carry_no_inline_style_or_script():
    def inline(path):
        comment = r"{#.*?#}|{% comment .*?{% endcomment %}"
        text = re.sub(comment, "", path.read_text(), flags=re.DOTALL)
        found = re.findall(r"\s(?:style|on[a-z]+)\s*=\s*[\"'{]", text)
        return found + [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag]

    assert broken([path for path in TEMPLATES if "pdf" not in path.parts], inline) == {}


def test_templates_name_only_templates_that_exist():
    def missing(path):
        return [
            name
            for name in re.findall(
                r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", path.read_text()
            )
            if not is_template(name)
        ]

    assert broken(TEMPLATES, missing) == {}


def is_template(name):
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def test_pages_need_no_other_site():
    elsewhere = re.compile(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//[^\s\"')]+")
    assert broken(TEMPLATES, lambda path: elsewhere.findall(path.read_text())) == {}


def test_views_that_answer_htmx_with_a_part_say_so():
    """A cache must not take the part for the page; the tests that crawl look for it too."""
    asking = {path for path in APP_CODE if "if request.htmx else" in path.read_text()}
    silent = {p for p in asking if '@vary_on_headers("HX-Request")' not in p.read_text()}
    assert {shown(path) for path in silent} == set()


def test_views_name_only_templates_that_exist():
    def missing(path):
        return [
            arg.value
            for call in calls(path)
            if dotted(call.func).rpartition(".")[2] in {"render", "render_to_string"}
            for arg in call.args[:2]
            if str(getattr(arg, "value", "")).endswith(".html")
            if not (BASE_DIR / "templates" / arg.value).exists()
        ]

    assert broken(APP_CODE, missing) == {}


def test_every_template_is_shown_somewhere():
    """Code or another template names it in full, or a view puts its name together."""
    texts = "\n".join(path.read_text() for path in [*APP_CODE, *TEMPLATES])

    def is_named(path):
        name = str(path.relative_to(BASE_DIR / "templates"))
        return name in texts or re.search(rf"([\"']){path.stem}\1", texts)

    assert {shown(path) for path in TEMPLATES if not is_named(path)} == set()
