# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation agrees with the tables, and its instructions work."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    connection_spec,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._input.directory_options import (
    DIRECTORY_OPTIONS,
)
from ansible_collections.identity.scim.plugins.module_utils._input.options import argument_spec

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))
LINES = 12


def documents(name: str) -> dict[str, Any]:
    """DOCUMENTATION, EXAMPLES and RETURN of a module, as data."""
    tree = ast.parse((ROOT / f"plugins/modules/{name}.py").read_text(encoding="utf-8"))
    return {
        node.targets[0].id: yaml.safe_load(node.value.value)  # type: ignore[attr-defined]
        for node in tree.body
        if isinstance(node, ast.Assign)
    }


def test_written_files_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", MODULES)
def test_module_is_documentation_and_one_call(name: str) -> None:
    text = (ROOT / f"plugins/modules/{name}.py").read_text(encoding="utf-8")
    code = text[text.index('RETURN = r"""') :].split('"""', 2)[2]
    assert len([line for line in code.splitlines() if line.strip()]) <= LINES
    assert f'run("{name}")' in code


def test_every_module_is_a_task_and_in_the_action_group() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert MODULES == sorted(TASKS) == sorted(runtime["action_groups"]["all"])
    # Not as a redirect of actions: module_defaults of scim_directory would then be those of every module.
    assert set(runtime["plugin_routing"]) == {"modules"}
    routed = {
        name: {"action_plugin": "identity.scim.scim_directory"}
        for name in MODULES
        if name != "scim_directory"
    }
    assert runtime["plugin_routing"]["modules"] == routed


def test_commands_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+(?: [\w-]+)*):", makefile, re.MULTILINE))
    known = {word for line in targets for word in line.split()}
    for file in ("README.md", "CONTRIBUTING.md", "docs/safety.md"):
        named = set(re.findall(r"`make ([\w-]+)", (ROOT / file).read_text(encoding="utf-8")))
        assert named <= known, file


def test_links_between_documents_lead_somewhere() -> None:
    for file in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "roles/team/README.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ]:
        for target in re.findall(r"\]\(((?!https?:)[^)#]+)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


# What the role itself gives to the module, and what has no default.
NOT_PASSED = {"teams", "groups", "leavers_except", "team_state", "src"}


def test_role_takes_what_the_module_takes() -> None:
    role = ROOT / "roles/team"
    spec = yaml.safe_load((role / "meta/argument_specs.yml").read_text(encoding="utf-8"))[
        "argument_specs"
    ]["main"]["options"]
    defaults = yaml.safe_load((role / "defaults/main.yml").read_text(encoding="utf-8"))
    (task,) = yaml.safe_load((role / "tasks/main.yml").read_text(encoding="utf-8"))
    module = argument_spec(DIRECTORY_OPTIONS)
    given = set(task["identity.scim.scim_directory"]) - NOT_PASSED
    named = {f"team_{name}" for name in given} | {"team_from_inventory"}
    assert (
        {name for name in defaults if not name.startswith("__")}
        == named
        == set(spec) - {"team_roster", "team_src"}
    )
    for name in given:
        default = module[name].get("default", {})
        assert defaults[f"team_{name}"] == default, name
        assert not default or f"Defaults to V({default})." in spec[f"team_{name}"]["description"], (
            name
        )
    readme = (role / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(team_\w+)`", readme, re.MULTILINE)) == set(spec)


def test_ansible_refuses_no_variable_of_the_role() -> None:
    """It would show the whole specification. The role itself says what is wrong, in one line.

    Ansible does not check the options below a variable without a type.
    """
    spec = yaml.safe_load(
        (ROOT / "roles/team/meta/argument_specs.yml").read_text(encoding="utf-8")
    )["argument_specs"]["main"]["options"]
    for name, option in spec.items():
        assert {"description", "type"} <= set(option) <= {"description", "type", "options"}, name
        assert option["type"] in (("raw",) if "options" in option else ("raw", "str", "path")), name


def test_dictionaries_of_the_role_have_their_options() -> None:
    spec = yaml.safe_load(
        (ROOT / "roles/team/meta/argument_specs.yml").read_text(encoding="utf-8")
    )["argument_specs"]["main"]["options"]
    table = {one.name: one for one in DIRECTORY_OPTIONS}
    for name in ("thresholds", "protect", "scope"):
        assert set(spec[f"team_{name}"]["options"]) == {one.name for one in table[name].options}


def unknown(settings: Mapping[str, Any], spec: Mapping[str, Any], place: str) -> Iterator[str]:
    """Options in an example that do not exist."""
    for name, value in settings.items():
        if name not in spec:
            yield f"{place}.{name}"
        elif spec[name].get("options"):
            for one in value if isinstance(value, list) else [value]:
                yield from (
                    unknown(one, spec[name]["options"], f"{place}.{name}")
                    if isinstance(one, dict)
                    else ()
                )


@pytest.mark.parametrize("name", MODULES)
def test_examples_set_options_that_exist(name: str) -> None:
    examples = documents(name)["EXAMPLES"]
    spec = {**connection_spec(), **argument_spec(TASKS[name].options)}
    tasks = [task[f"identity.scim.{name}"] for task in examples if f"identity.scim.{name}" in task]
    assert tasks
    assert not [wrong for task in tasks for wrong in unknown(task or {}, spec, name)]
    shown = {option for task in tasks for option in task or {}}
    assert not set(argument_spec(TASKS[name].options)) - shown, "options without an example"


def test_every_connection_option_has_an_example() -> None:
    examples = "".join(
        str(path.read_text(encoding="utf-8")) for path in (ROOT / "plugins/modules").glob("*.py")
    )
    texts = re.findall(r'EXAMPLES = r"""(.*?)"""', examples, re.DOTALL)
    left_to_their_defaults = {"allow_http", "use_proxy", "validate_certs"}
    shown = {name for name in connection_spec() if re.search(rf"\b{name}:", "".join(texts))}
    assert set(connection_spec()) - shown == left_to_their_defaults


# Dictionaries whose description says what they hold.
DESCRIBED = {"moves", "plan_cut", "scope", "still_member", "summary", "unmanaged"}


def without_sample(values: Mapping[str, Any]) -> Iterator[str]:
    """Yield return values that have no sample, at any depth."""
    for name, value in values.items():
        if "sample" not in value and "contains" not in value:
            yield name
        yield from without_sample(value.get("contains", {}))


def test_every_return_value_has_a_sample() -> None:
    for path in (ROOT / "plugins").glob("*/[a-z]*.py"):
        for text in re.findall(r'^RETURN = r"""(.*?)"""', path.read_text("utf-8"), re.M | re.S):
            assert set(without_sample(yaml.safe_load(text))) <= DESCRIBED, path


@pytest.mark.parametrize(
    "name", [name for name in MODULES if "update_password" in argument_spec(TASKS[name].options)]
)
def test_o21_a_secret_that_is_always_sent_is_always_changed(name: str) -> None:
    """O21: the documentation of the option says so."""
    told = " ".join(documents(name)["DOCUMENTATION"]["options"]["update_password"]["description"])
    assert "V(always) sends them in every run and always reports changed" in told


def test_people_of_the_story() -> None:
    story = yaml.safe_load((ROOT / "playbooks/vars/office.yml").read_text(encoding="utf-8"))
    assert uuid.UUID(story["office_namespace"]) == uuid.NAMESPACE_X500
    assert len(story["office_members"]) == 15
    for one in story["office_members"]:
        first, last = one["name"]["given_name"], one["name"]["family_name"]
        assert one["user_name"] == (first[0] + last).lower()
        assert f"'uid={first}.{last},DC=dundermifflin,DC=com'" in one["external_id"]
        assert one["emails"] == [
            {"value": f"{first}.{last}@dundermifflin.com".lower(), "type": "work", "primary": True}
        ]


def test_every_promise_names_tests_that_exist() -> None:
    table = (
        (ROOT / "docs/safety.md")
        .read_text(encoding="utf-8")
        .partition("## Promises")[2]
        .partition("\n## ")[0]
    )
    rows = [
        line
        for line in table.splitlines()
        if line.startswith("| ") and not line.startswith("| promise")
    ]
    assert len(rows) > 15
    for row in rows:
        named = re.findall(r"`((?:unit|integration)/[^`]+)`", row.rpartition(" | ")[2])
        assert named, row
        for path in named:
            assert (ROOT / "tests" / path).exists(), path


def cases() -> Iterator[tuple[str, str]]:
    """(case, what it is shown by) of each row of docs/cases.md."""
    for line in (ROOT / "docs/cases.md").read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| ([A-Z]\d+) \| .* \| ([^|]*) \|$", line)
        if row:
            yield row[1], row[2]


def test_every_case_is_in_the_tests_that_are_said_to_show_it() -> None:
    found = dict(cases())
    assert len(found) > 130
    for name, shown in found.items():
        paths = [] if shown.startswith("not yet: needs ") else re.findall(r"`([^`]+)`", shown)
        assert paths or shown.startswith("not yet"), name
        for path in paths:
            place = ROOT / "tests" / path
            files = (
                [one for one in place.rglob("*") if one.is_file()] if place.is_dir() else [place]
            )
            said = "".join(
                one.read_text(encoding="utf-8", errors="replace")
                for one in files
                if one.suffix in (".py", ".yml")
            )
            assert re.search(rf"\b{name}\b|_{name.lower()}_", said), f"{path} does not name {name}"


def test_architecture_draws_every_file() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"\w+", text.partition("## Rooms")[2].split("```")[1]))
    folders = ("module_utils", "plugin_utils", "action", "lookup", "inventory", "filter")
    files = {path.stem for folder in folders for path in (ROOT / "plugins" / folder).rglob("*.py")}
    assert files and files - drawn == set()


def test_the_documentation_of_scim_directory_is_short_enough_to_be_read() -> None:
    """ansible-doc shows less than 700 lines: options of users are described by scim_user only."""
    folder = str(ROOT.parents[2])
    command = [str(Path(sys.executable).with_name("ansible-doc")), "identity.scim.scim_directory"]
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": folder, "COLUMNS": "80"}
    shown = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "EXAMPLES:" in shown.stdout and len(shown.stdout.splitlines()) < 700
