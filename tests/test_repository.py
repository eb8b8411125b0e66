"""The house rules that a machine can check: the files around the code."""

import re
import subprocess
import tomllib

import pytest

from qinnan_safety.celery import app as queue
from qinnan_safety.environment import BASE_DIR
from qinnan_safety.timetable import SCHEDULE
from tests.sources import APPS, python_files, shown, templates

LOCKS = ("requirements.txt", "requirements-sign.txt", "requirements-dev.txt")
FURTHER_TEXT = {
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".in",
    ".txt",
    ".sh",
    ".json",
    ".svg",
    ".py",
}


def repository_files():
    """Every text file that a clone holds."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    paths = [BASE_DIR / name for name in names if name]
    return [path for path in paths if path.is_file() and path.suffix in {*FURTHER_TEXT, ""}]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_addresses(name):
    text = (BASE_DIR / name).read_text()
    pins = re.findall(r"^[a-z0-9._-]+==\S+.*?(?=^\S|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert len(pins) > (40 if name != "requirements-sign.txt" else 10)
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert re.findall(r"https?://|file://|--index|--extra-index|--find-links|^# *via", text) == []


def test_all_locks_pin_the_same_versions():
    runtime, signing, development = (
        dict(re.findall(r"^([a-z0-9._-]+)==([^\s;]+)", (BASE_DIR / name).read_text(), re.MULTILINE))
        for name in LOCKS
    )
    assert {name: development.get(name) for name in runtime | signing} == runtime | signing


def test_every_dependency_has_a_reason():
    reasons = (BASE_DIR / "docs/dependencies.md").read_text().lower()
    named = [
        re.split(r"[=<>;\[ ]", line)[0].lower()
        for name in ("requirements.in", "requirements-sign.in", "requirements-dev.in")
        for line in (BASE_DIR / name).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    assert [name for name in named if f"`{name}`" not in reasons] == []


def test_no_file_names_a_place_of_one_machine():
    place = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|farm|home/[a-z]+)/", re.MULTILINE)
    assert [
        shown(p) for p in repository_files() if place.search(p.read_text(errors="replace"))
    ] == []


def test_every_tick_of_the_scheduler_names_a_registered_task():
    queue.loader.import_default_modules()
    named = {name: entry["task"] for name, entry in SCHEDULE.items()}
    assert {name: task for name, task in named.items() if task not in queue.tasks} == {}


def test_the_example_environment_lists_every_variable():
    reading = re.compile(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z_]+)[\"']")
    read = {name for path in python_files(*APPS) for name in reading.findall(path.read_text())}
    example = (BASE_DIR / ".env.example").read_text()
    listed = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", example, flags=re.MULTILINE))
    assert listed == read


def test_every_app_is_held_to_its_layer():
    tools = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]
    assert set(tools["importlinter"]["root_packages"]) == set(APPS)
    assert set(tools["importlinter"]["contracts"][1]["containers"]) == set(APPS) - {
        "qinnan_safety",
        "common",
    }
    assert set(tools["mypy"]["files"]) == set(APPS)
    assert set(tools["coverage"]["run"]["source"]) == set(APPS)


def test_every_class_of_the_stylesheets_is_worn_by_something():
    """A template may put a class together, ``n{{ count }}``; those of htmx come and go."""
    sheets = "\n".join(path.read_text() for path in (BASE_DIR / "static/css").glob("*.css"))
    rules = re.sub(r"/\*.*?\*/|{[^{}]*}", " ", sheets, flags=re.DOTALL)
    places = [*python_files(*APPS), *templates(), *(BASE_DIR / "static/js").glob("*.js")]
    text = "\n".join(path.read_text() for path in places)
    worn = set(re.findall(r"[\w-]+", text))
    begun = (*re.findall(r"([\w-]+-){[{%]", text), "htmx-")
    named = set(re.findall(r"\.(?!n\d)([a-z][\w-]*)", rules))
    assert {name for name in named - worn if not name.startswith(begun)} == set()


def test_each_decision_has_a_number_of_its_own():
    numbers = {}
    for path in (BASE_DIR / "docs/decisions").glob("*.md"):
        heading = path.read_text().splitlines()[0]
        numbers[path.name] = int(re.match(r"# (\d+) ", heading)[1])

    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert {name for name, number in numbers.items() if int(name[:4]) != number} == set()


def test_the_readme_names_every_command():
    readme = (BASE_DIR / "README.md").read_text()
    commands = {
        path.stem
        for app in APPS
        for path in (BASE_DIR / app / "management" / "commands").glob("[a-z]*.py")
    }
    assert {name for name in commands if f"manage.py {name}" not in readme} == set()
    assert "make run" in readme
    assert "make test" in readme
