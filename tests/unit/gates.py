# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates: each takes a source text and returns its violations as sentences.

No gate reads a file.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping

import counters

FILE_LINES = 400
FUNCTION_LINES = 40
FUNCTION_BRANCHES = 12
PARAMETERS = 6
CLAUSES = 2
COLUMNS = 100
SUMMARY = 80

# A room may import from itself and from these.
BELOW = {
    "_model": set(),
    "_provider": {"_model"},
    "_transport": {"_model"},
    "_protocol": {"_model"},
    "_plan": {"_model", "_protocol", "_provider"},
    "_input": {"_model", "_plan"},
    "_converge": {"_model", "_protocol", "_provider", "_plan", "_transport"},
    "_report": {"_model", "_plan", "_converge"},
    "_ansible": {"_model", "_plan", "_converge", "_input", "_report"},
}
NETWORK = {"requests", "urllib3", "http", "socket", "ssl"}
IMPURE = NETWORK | {
    "time",
    "os",
    "random",
    "threading",
    "subprocess",
    "asyncio",
    "datetime",
    "secrets",
}
MUTATING = {
    "add",
    "append",
    "appendleft",
    "clear",
    "difference_update",
    "discard",
    "extend",
    "insert",
    "intersection_update",
    "pop",
    "popitem",
    "popleft",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "subtract",
    "symmetric_difference_update",
    "update",
}
PLUGINS = "ansible_collections.identity.scim.plugins"


def imports(text: str) -> Iterator[tuple[int, str]]:
    """Yield (how many packages up, name) of everything that a file imports, wherever in it."""
    for node in ast.walk(counters.syntax(text)):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def foreign_imports(text: str) -> set[str]:
    """Return the top-level packages that a file imports absolutely."""
    return {name.partition(".")[0] for level, name in imports(text) if level == 0}


# --- rooms -----------------------------------------------------------------------------------


def upward_imports(text: str, room: str) -> list[str]:
    """Rooms import downwards only, and relatively."""
    found = []
    for level, name in imports(text):
        target = name.partition(".")[0]
        if name.startswith("ansible_collections."):
            found.append(f"{name} is imported absolutely")
        if level > 2:
            found.append(f"{name} is outside of module_utils")
        if level == 2 and target != room and target not in BELOW[room]:
            found.append(f"{room} imports {target}")
    return found


def unwanted_imports(text: str, unwanted: Collection[str]) -> list[str]:
    """Some packages may be imported in some rooms only."""
    return [f"imports {name}" for name in sorted(foreign_imports(text).intersection(unwanted))]


def unnamed_readers(text: str, path: str, readers: Collection[str]) -> list[str]:
    """Only the files named in ``readers`` take values out of capabilities."""
    if path in readers:
        return []
    return [f"line {line} reads a capability" for line in counters.capability_reads(text)]


def check_mode_reads(text: str) -> list[str]:
    """Only the outcome itself reads its ``check``. ``self.check`` is a file's own."""
    found = []
    for node in ast.walk(counters.syntax(text)):
        if isinstance(node, ast.Attribute) and node.attr == "check":
            if not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                found.append(f"line {node.lineno} asks for check mode")
    return found


# --- size ------------------------------------------------------------------------------------


def long_file(text: str) -> list[str]:
    """A file has at most 400 lines of code."""
    lines = len(counters.code_lines(text))
    return [f"{lines} lines of code"] if lines > FILE_LINES else []


def long_functions(text: str) -> list[str]:
    """A function has at most 40 lines of code."""
    found = counters.function_lines(text).items()
    return [f"{name} has {lines} lines" for name, lines in found if lines > FUNCTION_LINES]


def branchy_functions(text: str) -> list[str]:
    """A function has at most 12 branches, as radon counts them."""
    found = counters.function_branches(text).items()
    return [f"{name} has {count} branches" for name, count in found if count > FUNCTION_BRANCHES]


def many_parameters(text: str) -> list[str]:
    """A function has at most 6 parameters."""
    found = []
    for name, node, method in counters.functions(text):
        count = len(counters.parameters(node, method))
        if count > PARAMETERS:
            found.append(f"{name} has {count} parameters")
    return found


def docstring_layout(text: str) -> list[str]:
    """A docstring begins with at most 80 characters; no line exceeds 100 columns."""
    found = []
    for number, summary in counters.docstring_summaries(text):
        if len(summary) > SUMMARY:
            found.append(f"line {number}: a docstring begins with {len(summary)} characters")
    lines = text.splitlines()
    for number in counters.wide_lines(text, COLUMNS):
        found.append(f"line {number} has {len(lines[number - 1])} columns")
    return found


# --- expressions -----------------------------------------------------------------------------


def nested_conditionals(text: str) -> list[str]:
    """No conditional expression holds another one."""
    return [
        f"line {node.lineno}: a conditional expression in another"
        for node in counters.conditional_expressions(text)
        if _holds(node, ast.IfExp)
    ]


def dense_comprehensions(text: str) -> list[str]:
    """No comprehension holds another one, or has more than two clauses."""
    found = []
    for node in counters.comprehensions(text):
        clauses = 0
        for generator in node.generators:
            clauses += 1 + len(generator.ifs)
        if clauses > CLAUSES:
            found.append(f"line {node.lineno}: a comprehension with {clauses} clauses")
        if _holds(node, counters.COMPREHENSIONS):
            found.append(f"line {node.lineno}: a comprehension in another")
    return found


def _holds(node: ast.AST, kinds: type[ast.AST] | tuple[type[ast.AST], ...]) -> bool:
    """Return whether a piece of syntax holds another one of these kinds."""
    return any(inner is not node and isinstance(inner, kinds) for inner in ast.walk(node))


# --- what is public, and what may leak -------------------------------------------------------


def undocumented(text: str) -> list[str]:
    """Public classes, functions and methods of public classes have a docstring."""
    found = []
    for node in counters.syntax(text).body:
        candidates = [node]
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            candidates += [one for one in node.body if isinstance(one, ast.FunctionDef)]
        for one in candidates:
            if isinstance(one, (ast.FunctionDef, ast.ClassDef)) and not one.name.startswith("_"):
                if not ast.get_docstring(one):
                    found.append(f"{one.name} has no docstring")
    return found


def untyped(text: str) -> list[str]:
    """Every function says what it returns."""
    return [
        f"{name} has no return type"
        for name, node, _method in counters.functions(text)
        if node.returns is None
    ]


def tracebacks(text: str) -> list[str]:
    """A traceback may hold a secret.

    Only the import guard keeps one, for ``missing_required_lib``.
    """
    tree = counters.syntax(text)
    guarded = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            if ast.unparse(node.type) == "ImportError":
                guarded.update(map(id, ast.walk(node)))
    return [
        f"line {node.lineno}: {name}"
        for node, name in _named(tree, {"format_exc", "print_exc", "format_exception"})
        if id(node) not in guarded
    ]


def ways_out(text: str) -> list[str]:
    """Warnings and results leave only where everything is cleaned."""
    names = {"warn", "deprecate", "fail_json", "exit_json"}
    return [
        f"line {node.lineno}: {name}"
        for node, name in _named(counters.syntax(text), names)
        if isinstance(node, ast.Attribute)
    ]


def _named(tree: ast.AST, names: Collection[str]) -> Iterator[tuple[ast.expr, str]]:
    """Yield (node, name) where one of the names is used, by itself or as an attribute."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if name in names:
                yield node, name


# --- purity ----------------------------------------------------------------------------------


def parameter_writes(text: str) -> list[str]:
    """No function changes what it was given; ``self`` is its own."""
    found: dict[str, None] = {}
    for name, node, method in counters.functions(text):
        given = set(counters.parameters(node, method))
        for line, root in _writes(node):
            if root in given:
                found[f"line {line}: {name} changes its parameter {root}"] = None
    return list(found)


def _writes(function: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, name of the object) of every write in a function."""
    for node in ast.walk(function):
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            if isinstance(node.ctx, (ast.Store, ast.Del)):
                yield node.lineno, _root(node)
        elif isinstance(node, ast.AugAssign):
            yield node.lineno, _root(node.target)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in MUTATING:
                yield node.lineno, _root(node.func.value)


def _root(node: ast.expr) -> str:
    """Return ``a`` for ``a.b[c].d``, and nothing for what does not begin with a name."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


# --- tests -----------------------------------------------------------------------------------


def private_names(text: str) -> list[str]:
    """Tests use public names of the collection only.

    Rooms are private packages and no names.
    """
    found = []
    modules = set()
    for node in ast.walk(counters.syntax(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PLUGINS):
            for alias in node.names:
                modules.add(alias.asname or alias.name)
                if alias.name.startswith("_") and not _is_package(node.module or ""):
                    found.append(f"line {node.lineno}: imports {alias.name}")
    for node in ast.walk(counters.syntax(text)):
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            if _root(node.value) in modules and not node.attr.startswith("__"):
                found.append(f"line {node.lineno}: uses {ast.unparse(node)}")
    return found


def _is_package(module: str) -> bool:
    """Return whether a module is in ``module_utils`` or ``plugin_utils``."""
    return module.rpartition(".")[2] in ("module_utils", "plugin_utils", "plugins")


def unmirrored(
    files: Collection[str], tests: Collection[str], covered_by: Mapping[str, str]
) -> list[str]:
    """Every ``_room/file.py`` has a ``_room/test_file.py``, or another test named for it.

    ``tests`` are paths below tests/unit/plugins/module_utils, ``covered_by`` gives for a file the
    path of such a test and, after a colon, the reason.
    """
    found = []
    for file in sorted(files):
        room, _slash, name = file.partition("/")
        own = f"{room}/test_{name}" in tests
        if own and file in covered_by:
            found.append(f"{file} has a test of its own and need not be named")
        if not own and covered_by.get(file, "").partition(":")[0] not in tests:
            found.append(f"{file} has no {room}/test_{name}")
    found += [f"{file} does not exist" for file in sorted(set(covered_by).difference(files))]
    return found
