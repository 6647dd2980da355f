# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of gates.py hold for the tree, and each fails on a small sample."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import counters
import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import FIELDS
from ansible_collections.identity.scim.tests.unit import gates

ROOT = Path(__file__).resolve().parents[2]
UTILS = ROOT / "plugins/module_utils"
MIRROR = ROOT / "tests/unit/plugins/module_utils"
MODULE_LONGEST = 12
PURE = ("_model", "_protocol", "_provider", "_plan")
WAY_OUT = "plugins/module_utils/_ansible/module.py"
# REUSE-IgnoreStart
HEADER = (
    "# Copyright (c) 2026 the identity.scim contributors\n"
    "# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)\n"
    "# SPDX-License-Identifier: GPL-3.0-or-later\n"
)
# REUSE-IgnoreEnd

# The files that may take a value out of the capabilities of a service, next to the room _provider.
CAPABILITY_READERS = (
    "plugins/module_utils/_ansible/doctor.py",
    "plugins/module_utils/_converge/connect.py",
    "plugins/module_utils/_converge/findings.py",
    "plugins/module_utils/_converge/pages.py",
    "plugins/module_utils/_plan/inquiry.py",
    "plugins/module_utils/_plan/lessons.py",
    "plugins/module_utils/_plan/reading.py",
    "plugins/module_utils/_plan/requests.py",
)

# The files that may ask an outcome for check mode.
CHECK_MODE_READERS = (
    "plugins/module_utils/_converge/converge.py",
    "plugins/module_utils/_converge/outcome.py",
)

# Files of module_utils without a test file of their own: "the test that covers it: why".
TABLE = "_input/test_options.py: a table, checked there with the others"
PROBED = "_ansible/test_doctor.py: a probe from the options to the page"
PROFILED = "_provider/test_profiles.py: a table, checked there value by value"
COVERED_BY: dict[str, str] = {
    "_converge/effects.py": "_converge/test_apply.py: data that the coordinator merges",
    "_converge/probe.py": PROBED,
    "_converge/probe_changes.py": PROBED,
    "_converge/probe_members.py": PROBED,
    "_converge/probe_reads.py": PROBED,
    "_converge/probe_traces.py": PROBED,
    "_converge/probe_writes.py": PROBED,
    "_report/probe.py": PROBED,
    "_input/directory_options.py": TABLE,
    "_provider/profile.py": PROFILED,
    "_provider/capability_table.py": "_provider/test_capabilities.py: a table, checked there",
    "_provider/choices.py": "_provider/test_capabilities.py: the words of its table",
    "_provider/fields.py": "_provider/test_capabilities.py: the form of its table",
    "_input/info_options.py": TABLE,
    "_input/items.py": "_input/test_source.py: data that the readers of files share",
    "_input/resource_options.py": TABLE,
    "_input/shared_options.py": TABLE,
}


def files(folder: str) -> list[Path]:
    """The Python files below a folder of the collection."""
    found = (ROOT / folder).rglob("*.py")
    return sorted(path for path in found if "__pycache__" not in path.parts)


def called(path: Path) -> str:
    """A file's place in the collection, for the name of a test."""
    return path.relative_to(ROOT).as_posix()


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


FILES = files("plugins/module_utils")
MODULES = sorted((ROOT / "plugins/modules").glob("*.py"))
OURS = files("plugins")
CODE = [*OURS, *files("tools")]
TESTS = files("tests/unit")


def in_rooms(*rooms: str) -> list[Path]:
    return [path for path in FILES if path.parent.name in rooms]


def outside_rooms(*rooms: str) -> list[Path]:
    return [path for path in FILES if path.parent.name not in rooms]


Gate = Callable[[str, Path], list[str]]


def plain(gate: Callable[[str], list[str]]) -> Gate:
    """A gate for which it does not matter where a file is."""
    return lambda text, path: gate(text)


# name: (gate, the files it is for)
GATES: dict[str, tuple[Gate, list[Path]]] = {
    "imports downwards": (
        lambda text, path: gates.upward_imports(text, path.parent.name),
        FILES,
    ),
    "pure rooms": (
        lambda text, path: gates.unwanted_imports(text, gates.IMPURE),
        in_rooms(*PURE),
    ),
    "requests in the transport only": (
        lambda text, path: gates.unwanted_imports(text, gates.NETWORK),
        outside_rooms("_transport"),
    ),
    "ansible in the glue only": (
        lambda text, path: gates.unwanted_imports(text, {"ansible"}),
        outside_rooms("_ansible"),
    ),
    "capability readers": (
        lambda text, path: gates.unnamed_readers(text, called(path), CAPABILITY_READERS),
        [path for path in OURS if path.parent.name != "_provider"],
    ),
    "check mode readers": (
        plain(gates.check_mode_reads),
        [path for path in FILES if called(path) not in CHECK_MODE_READERS],
    ),
    "file length": (plain(gates.long_file), CODE),
    "function length": (plain(gates.long_functions), CODE),
    "branches": (plain(gates.branchy_functions), CODE),
    "parameters": (plain(gates.many_parameters), CODE),
    "conditional expressions": (plain(gates.nested_conditionals), CODE),
    "comprehensions": (plain(gates.dense_comprehensions), CODE),
    "parameters unchanged": (plain(gates.parameter_writes), in_rooms("_plan")),
    "docstrings": (plain(gates.undocumented), FILES),
    "docstring layout": (plain(gates.docstring_layout), CODE),
    "types": (plain(gates.untyped), FILES),
    "tracebacks": (plain(gates.tracebacks), FILES),
    "public names in tests": (plain(gates.private_names), TESTS),
}
CHECKED = sorted({path for _gate, paths in GATES.values() for path in paths})


# One test for each folder: ansible-test runs every test in a process of its own.
@pytest.mark.parametrize("folder", sorted({path.parent for path in CHECKED}), ids=called)
def test_tree_passes_the_gates(folder: Path) -> None:
    found = []
    for path in CHECKED:
        if path.parent == folder:
            found += violations(path)
    assert not found


def violations(path: Path) -> list[str]:
    """What the gates find in a file."""
    text = source(path)
    found = []
    for name, (gate, paths) in GATES.items():
        if path in paths:
            found += [f"{name}: {called(path)}: {one}" for one in gate(text, path)]
    return found


def test_every_file_has_its_test() -> None:
    tested = {path.relative_to(UTILS).as_posix() for path in FILES}
    tests = {path.relative_to(MIRROR).as_posix() for path in files(MIRROR)}
    assert not gates.unmirrored(tested, tests, COVERED_BY)


def test_every_file_is_in_a_room() -> None:
    assert {path.relative_to(UTILS).parts[0] for path in FILES} <= set(gates.BELOW)
    assert not [path for path in FILES if len(path.relative_to(UTILS).parts) != 2]


# Capabilities that nothing reads yet: "what will".
UNREAD: dict[str, str] = {}


def test_every_capability_is_read() -> None:
    read = "".join(source(ROOT / path) for path in CAPABILITY_READERS)
    for name in ("abilities", "capabilities"):
        read += source(ROOT / f"plugins/module_utils/_provider/{name}.py")
    for name in FIELDS:
        is_read = re.search(rf'\.{name}\b|"{name}"', read) is not None
        assert is_read is (name not in UNREAD), name


def test_named_readers_of_capabilities_read_them() -> None:
    reading = [called(path) for path in OURS if counters.capability_reads(source(path))]
    provider = "plugins/module_utils/_provider/"
    assert [one for one in reading if not one.startswith(provider)] == sorted(CAPABILITY_READERS)


# --- samples: what each gate finds -------------------------------------------------------------

TOO_LONG = "\n".join(f"a{number} = 1" for number in range(401))
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 40
DOCUMENTED = f'def f():\n    """{"x" * 81}"""'
BRANCHY = "def f(x):\n" + "    if x: pass\n" * 13
SAMPLES: list[tuple[Callable[[str], list[str]], str, str]] = [
    (
        lambda text: gates.upward_imports(text, "_plan"),
        "from .._converge.read import read",
        "_plan imports _converge",
    ),
    (
        lambda text: gates.upward_imports(text, "_transport"),
        "from .._plan.order import ordered",
        "_transport imports _plan",
    ),
    (
        lambda text: gates.upward_imports(text, "_model"),
        f"from {gates.PLUGINS}.module_utils._model import flat",
        f"{gates.PLUGINS}.module_utils._model is imported absolutely",
    ),
    (
        lambda text: gates.upward_imports(text, "_model"),
        "from ...plugin_utils._people import arrange",
        "plugin_utils._people is outside of module_utils",
    ),
    (
        lambda text: gates.unwanted_imports(text, gates.IMPURE),
        "def f():\n    from os.path import join",
        "imports os",
    ),
    (
        lambda text: gates.unnamed_readers(text, "a.py", ["b.py"]),
        "def f(service):\n    return service.capabilities.patch",
        "line 2 reads a capability",
    ),
    (
        lambda text: gates.unnamed_readers(text, "a.py", []),
        'def f(known: Capabilities):\n    return known.get("patch")',
        "line 2 reads a capability",
    ),
    (
        lambda text: gates.unnamed_readers(text, "a.py", []),
        'def f(run):\n    known = run.capabilities\n    return known.get("patch")',
        "line 3 reads a capability",
    ),
    (
        gates.check_mode_reads,
        "def f(run):\n    return run.outcome.check",
        "line 2 asks for check mode",
    ),
    (gates.long_file, TOO_LONG, "401 lines of code"),
    (gates.long_functions, LONG_FUNCTION, "f has 41 lines"),
    (gates.branchy_functions, BRANCHY, "f has 13 branches"),
    (gates.many_parameters, "def f(a, b, c, d, *e, f, **g): ...", "f has 7 parameters"),
    (
        gates.nested_conditionals,
        "x = 1 if a else 2 if b else 3",
        "line 1: a conditional expression in another",
    ),
    (
        gates.dense_comprehensions,
        "x = [sum(b for b in a) for a in c]",
        "line 1: a comprehension in another",
    ),
    (
        gates.dense_comprehensions,
        "x = {a for b in c for a in b if a}",
        "line 1: a comprehension with 3 clauses",
    ),
    (
        gates.parameter_writes,
        "def f(plan):\n    plan.notes[1].append('x')",
        "line 2: f changes its parameter plan",
    ),
    (
        gates.parameter_writes,
        "def f(plan):\n    plan.notes = ()",
        "line 2: f changes its parameter plan",
    ),
    (
        gates.parameter_writes,
        "def f(*rows):\n    rows[0]['a'] = 1",
        "line 2: f changes its parameter rows",
    ),
    (
        gates.parameter_writes,
        "def f(rows):\n    rows += [1]",
        "line 2: f changes its parameter rows",
    ),
    (
        gates.parameter_writes,
        "class C:\n    def f(self, rows):\n        self.x = 1\n        del rows[0]",
        "line 4: C.f changes its parameter rows",
    ),
    (gates.undocumented, "class C:\n    'A class.'\n    def f(self): ...", "f has no docstring"),
    (gates.docstring_layout, DOCUMENTED, "line 2: a docstring begins with 81 characters"),
    (gates.docstring_layout, f"x = 1\n# {'x' * 99}", "line 2 has 101 columns"),
    (
        gates.docstring_layout,
        f'"""Return it.\n\n{"x" * 101}\n"""',
        "line 3 has 101 columns",
    ),
    (gates.untyped, "class C:\n    def f(self): ...", "C.f has no return type"),
    (
        gates.tracebacks,
        "try:\n    import a\nexcept ImportError:\n    x = format_exc()\ny = traceback.format_exc()",
        "line 5: format_exc",
    ),
    (gates.ways_out, "def f(module):\n    module.warn('x')", "line 2: warn"),
    (
        gates.private_names,
        f"from {gates.PLUGINS}.module_utils._model.merge import _took",
        "line 1: imports _took",
    ),
    (
        gates.private_names,
        f"from {gates.PLUGINS}.module_utils._model import merge\nmerge._took()",
        "line 2: uses merge._took",
    ),
    (
        lambda text: gates.unmirrored({text}, {"_model/test_b.py"}, {}),
        "_model/a.py",
        "_model/a.py has no _model/test_a.py",
    ),
    (
        lambda text: gates.unmirrored({text}, {"_model/test_a.py"}, {text: "_model/test_a.py"}),
        "_model/a.py",
        "_model/a.py has a test of its own and need not be named",
    ),
    (
        lambda text: gates.unmirrored(set(), set(), {text: "_model/test_b.py: shown there"}),
        "_model/a.py",
        "_model/a.py does not exist",
    ),
]
PASSING: list[tuple[Callable[[str], list[str]], str]] = [
    (
        lambda text: gates.upward_imports(text, "_transport"),
        "from .._model.errors import ScimError",
    ),
    (lambda text: gates.unnamed_readers(text, "a.py", []), "def f(x):\n    g(x.capabilities)"),
    (gates.check_mode_reads, "class C:\n    def f(self, check):\n        self.check = check"),
    (gates.long_file, TOO_LONG.replace("a0 = 1", "")),
    (gates.long_file, f'DOCUMENTATION = """{TOO_LONG}"""'),
    (gates.long_functions, LONG_FUNCTION.replace("    x = 1\n", '    """A docstring."""\n', 1)),
    (gates.docstring_layout, DOCUMENTED.replace("x", "", 1)),
    (gates.docstring_layout, f"# {'x' * 98}"),
    (gates.docstring_layout, f'DOCUMENTATION = """\n{"x" * 101}\n"""'),
    (gates.branchy_functions, BRANCHY.replace("if x: pass", "def g():\n        if x: pass", 1)),
    (gates.many_parameters, "class C:\n    def f(self, a, b, c, d, e, f): ..."),
    (gates.dense_comprehensions, "x = [a for b in c for a in b]"),
    (gates.parameter_writes, "def f(rows):\n    found = []\n    found.append(rows)"),
    (
        lambda text: gates.unmirrored(
            {text}, {"_model/test_b.py"}, {text: "_model/test_b.py: why"}
        ),
        "_model/a.py",
    ),
]


@pytest.mark.parametrize(("gate", "text", "violation"), SAMPLES, ids=[one[2] for one in SAMPLES])
def test_gate_fails_on_a_sample(
    gate: Callable[[str], list[str]], text: str, violation: str
) -> None:
    assert gate(text) == [violation]


@pytest.mark.parametrize(("gate", "text"), PASSING)
def test_gate_passes_what_is_allowed(gate: Callable[[str], list[str]], text: str) -> None:
    assert not gate(text)


# --- single files ------------------------------------------------------------------------------


def test_a_module_is_documentation_and_one_call() -> None:
    lines = {called(path): len(counters.code_lines(source(path))) for path in MODULES}
    assert not {path for path, count in lines.items() if not 0 < count <= MODULE_LONGEST}


def test_every_module_is_in_the_action_group() -> None:
    runtime = yaml.safe_load(source(ROOT / "meta/runtime.yml"))
    assert sorted(path.stem for path in MODULES) == sorted(runtime["action_groups"]["all"])


def test_every_file_begins_with_its_licence_and_what_it_knows() -> None:
    without = []
    for path in OURS:
        text = source(path).removeprefix("#!/usr/bin/python\n")
        if not text.startswith(HEADER) or not ast.get_docstring(ast.parse(text)):
            without.append(called(path))
    assert not without, "a file says what it is about"


def test_check_mode_is_known_in_one_file() -> None:
    assert [called(path) for path in FILES if "check_mode" in source(path)] == [WAY_OUT]


def test_warnings_and_results_leave_in_one_file() -> None:
    """S6: warnings and results leave in one file, where everything is cleaned first."""
    assert {called(path) for path in FILES if gates.ways_out(source(path))} == {WAY_OUT}
