"""The project's own files, as the consistency tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qinnan_safety.environment import BASE_DIR

# The order of the layers, highest first: an app may use only those after it.
LAYERS = (
    "qinnan_safety",
    "assessments",
    "inspections",
    "responsibilities",
    "clauses",
    "documents",
    "notices",
    "organizations",
    "common",
)
APPS = tuple(name for name in LAYERS if (BASE_DIR / name).is_dir())


def python_files(*folders: str) -> list[Path]:
    """Return the Python files of ``folders`` without migrations."""
    return sorted(
        path
        for folder in folders
        for path in (BASE_DIR / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


def templates() -> list[Path]:
    return sorted((BASE_DIR / "templates").rglob("*.html"))


def shown(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def dotted(node: ast.AST) -> str:
    """Return ``a.b.c`` for a chain of names, with ``()`` for calls in between."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return "?"
