# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of docs/architecture.md: who may import whom, how large a file may be, and what only one file may know."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
UTILS = ROOT / "plugins/module_utils"
LONGEST = 300
MODULE_LONGEST = 12
# A room may import from itself and from these.
BELOW = {
    "_model": set(),
    "_provider": set(),
    "_transport": set(),
    "_protocol": {"_model"},
    "_plan": {"_model", "_protocol", "_provider"},
    "_converge": {"_model", "_protocol", "_provider", "_plan", "_transport"},
    "_ansible": {"_model", "_plan", "_converge"},
}
PURE = ("_model", "_protocol", "_provider", "_plan")
NOT_PURE = {
    "requests",
    "urllib3",
    "time",
    "os",
    "random",
    "threading",
    "socket",
    "ssl",
    "subprocess",
    "http",
    "asyncio",
    "datetime",
    "secrets",
}
HEADER = (
    "# Copyright (c) 2026 the identity.scim contributors\n"
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)\n"
    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
)

FILES = sorted(UTILS.rglob("*.py"))
MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))
OURS = sorted(path for path in (ROOT / "plugins").rglob("*.py") if "__pycache__" not in path.parts)


def called(path: Path) -> str:
    """A file's place in the collection, for the name of a test."""
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Everything that a file imports, wherever in it: (how many rooms up, name)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def code_lines(text: str) -> set[int]:
    """The lines that hold code: no comment, no blank line, no documentation string."""
    documentation: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        if (
            isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
            and isinstance(body[0].value.value, str)
        ):
            documentation.update(range(body[0].lineno, (body[0].end_lineno or body[0].lineno) + 1))
    idle = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
        tokenize.ENCODING,
    }
    found = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in idle
        for line in range(token.start[0], token.end[0] + 1)
    }
    return found - documentation


def test_every_file_is_in_a_room() -> None:
    assert {path.relative_to(UTILS).parts[0] for path in FILES} == set(BELOW)
    assert not [path for path in FILES if len(path.relative_to(UTILS).parts) != 2]


@pytest.mark.parametrize("path", FILES, ids=called)
def test_rooms_import_downwards_only(path: Path) -> None:
    room = path.parent.name
    for level, name in imports(path):
        assert not name.startswith("ansible_collections."), (
            "module_utils import each other relatively"
        )
        if level == 2:
            assert name.partition(".")[0] in BELOW[room], f"{room} imports {name}"
        assert level < 3, name


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name in PURE], ids=called)
def test_the_four_lowest_rooms_do_nothing_but_think(path: Path) -> None:
    assert not {name.partition(".")[0] for level, name in imports(path) if level == 0} & NOT_PURE


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name != "_transport"], ids=called
)
def test_only_the_transport_knows_requests(path: Path) -> None:
    assert not {name.partition(".")[0] for level, name in imports(path) if level == 0} & {
        "requests",
        "urllib3",
        "http",
        "socket",
        "ssl",
    }


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name != "_ansible"], ids=called
)
def test_only_the_glue_knows_ansible(path: Path) -> None:
    assert not {name.partition(".")[0] for level, name in imports(path) if level == 0} & {"ansible"}


@pytest.mark.parametrize("path", OURS, ids=called)
def test_no_file_is_too_long(path: Path) -> None:
    if path.parent.name != "modules" and path.parent.name != "doc_fragments":
        assert len(code_lines(path.read_text(encoding="utf-8"))) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=called)
def test_a_module_is_documentation_and_one_call(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    last = max(
        (node.end_lineno or 0)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("DOCUMENTATION", "EXAMPLES", "RETURN")
    )
    assert 0 < len([line for line in code_lines(text) if line > last]) <= MODULE_LONGEST


def test_every_module_is_in_the_action_group() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert sorted(path.stem for path in MODULES) == sorted(runtime["action_groups"]["all"])


@pytest.mark.parametrize("path", OURS, ids=called)
def test_every_file_begins_with_its_licence_and_what_it_knows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.removeprefix("#!/usr/bin/python\n").startswith(HEADER)
    assert ast.get_docstring(ast.parse(text)), "a file says what it is about"


@pytest.mark.parametrize("path", FILES, ids=called)
def test_what_is_public_is_documented(path: Path) -> None:
    bare = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inner = (
            [one for one in node.body if isinstance(one, ast.FunctionDef)]
            if isinstance(node, ast.ClassDef) and node.name[0] != "_"
            else []
        )
        for one in (node, *inner):
            if (
                isinstance(one, (ast.FunctionDef, ast.ClassDef))
                and not one.name.startswith("_")
                and not ast.get_docstring(one)
            ):
                bare.append(one.name)
    assert not bare


@pytest.mark.parametrize("path", FILES, ids=called)
def test_what_is_public_is_typed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert node.returns is not None, node.name


def test_check_mode_is_known_in_one_file() -> None:
    knowing = [called(path) for path in FILES if "check_mode" in path.read_text(encoding="utf-8")]
    assert knowing == ["plugins/module_utils/_ansible/module.py"]


def test_no_traceback_is_made_into_text() -> None:
    """A traceback may hold a secret; the import guard keeps one for ``missing_required_lib`` only."""
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Try)
            for handler in node.handlers
            if isinstance(handler.type, ast.Name) and handler.type.id == "ImportError"
            for inner in ast.walk(handler)
        }
        for node in ast.walk(tree):
            name = (
                node.attr
                if isinstance(node, ast.Attribute)
                else node.id
                if isinstance(node, ast.Name)
                else ""
            )
            assert (
                name not in ("format_exc", "print_exc", "format_exception") or id(node) in guarded
            ), called(path)


def test_nobody_warns_or_leaves_past_the_way_out() -> None:
    """S6: ``module.warn``, ``fail_json`` and ``exit_json`` are called in one file, where everything is cleaned first."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in (
                "warn",
                "deprecate",
                "fail_json",
                "exit_json",
            ):
                assert called(path) == "plugins/module_utils/_ansible/module.py"
