"""The house: imports run downwards, doors are imported by nobody, files stay small."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    "engage",
    "consultations",
    "wards",
    "portfolios",
    "notices",
    "council",
    "accounts",
)
APPS = (*FLOORS, "design")
DOORS = {"views", "tasks", "urls", "admin"}
BANNED_NAMES = {
    "utils",
    "helpers",
    "services",
    "selectors",
    "mixins",
    "constants",
    "signals",
}
MOST_LINES = 350


def modules():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imports_of(path):
    """Every module that a file imports, with whether it is inside a function."""
    tree = ast.parse(path.read_text())
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{n.name}" for n in node.names)]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] in APPS:
                yield name, id(node) in inside


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_from_the_floors_below_it(app):
    allowed = {app, "design"}
    if app in FLOORS:
        allowed |= set(FLOORS[FLOORS.index(app) :])

    upwards = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] == app
        for name, _ in imports_of(path)
        if name.split(".")[0] not in allowed
    ]

    assert upwards == []


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{path.relative_to(ROOT)} imports {name} inside a function"
        for path in modules()
        for name, inside in imports_of(path)
        if inside
    ]

    assert hidden == []


def test_nothing_but_addresses_and_doors_imports_a_door():
    """Views, tasks, urls and admin are doors: rules never import them."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        if not (set(path.with_suffix("").parts) & DOORS) and path.name != "page_urls.py"
        for name, _ in imports_of(path)
        if set(name.split(".")) & {"views", "admin"}
    ]

    assert wrong == []


def test_no_file_is_called_by_a_name_that_says_nothing():
    wrong = [
        str(path.relative_to(ROOT))
        for path in modules()
        if set(path.with_suffix("").parts[-2:]) & BANNED_NAMES
    ]

    assert wrong == []


def test_no_file_holds_two_nouns():
    long = [
        f"{path.relative_to(ROOT)}: {len(path.read_text().splitlines())} lines"
        for path in modules()
        if len(path.read_text().splitlines()) > MOST_LINES
    ]

    assert long == []


def test_tasks_are_rung_only_by_the_outbox():
    """`.delay` and `.apply_async` stand in notices/ alone (T-25)."""
    rung = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        if path.relative_to(ROOT).parts[0] != "notices"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in {"delay", "apply_async", "delay_on_commit"}
    ]

    assert rung == []


def test_raw_sql_stands_only_where_it_is_reviewed():
    """T-14: no raw(), extra() or RawSQL outside the places that need a statement."""
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.attr}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"raw", "extra", "RawSQL"}
    ]

    assert wrong == []
