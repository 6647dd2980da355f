# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guides and README set options that exist, and quote errors that the code says."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    connection_spec,
)
from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.plugins.module_utils._input.options import argument_spec

ROOT = Path(__file__).resolve().parents[2]
RST = ROOT / "docs/docsite/rst"
GUIDES = sorted(RST.glob("*.rst"))
TEXTS = [*GUIDES, ROOT / "README.md", ROOT / "roles/team/README.md"]
OURS = "identity.scim."


def blocks(path: Path) -> Iterator[Any]:
    """Yield each YAML block of a file as data."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        found = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    else:
        found = re.findall(r"\.\. code-block:: yaml\n\n((?: +.*\n|\n)+)", text)
    for block in found:
        yield yaml.safe_load(textwrap.dedent(block))


def tasks(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the name and the options of each module of ours in a block."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(name, str) and name.removeprefix(OURS) in TASKS and OURS in name:
                yield name.removeprefix(OURS), inner or {}
            else:
                yield from tasks(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from tasks(inner)


def unknown(given: dict[str, Any], spec: dict[str, Any]) -> Iterator[str]:
    """Yield the names that options do not have, at any depth."""
    for name, value in given.items():
        if name not in spec:
            yield name
            continue
        inner = spec[name].get("options")
        for one in value if isinstance(value, list) else [value]:
            if inner and isinstance(one, dict):
                yield from unknown(one, inner)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_blocks_load_and_set_options_that_exist(path: Path) -> None:
    for block in blocks(path):
        assert block is not None
        for name, given in tasks(block):
            spec = {**connection_spec(), **argument_spec(TASKS[name].options)}
            assert not list(unknown(given, spec)), (name, given)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_variables_of_the_role_exist(path: Path) -> None:
    spec = yaml.safe_load(
        (ROOT / "roles/team/meta/argument_specs.yml").read_text(encoding="utf-8")
    )["argument_specs"]["main"]["options"]
    for block in blocks(path):
        for part in block if isinstance(block, list) else [block]:
            named = {name for name in part if str(name).startswith("team_")}
            assert named <= set(spec)


# What a reader has elsewhere: the values are paths.
PATHS = ("src", "dest")
# Tasks of the jobs that prepare them, and show what they found.
AROUND = {"The office as it is", "Say what the reading tasks found"}


def without_paths(task: dict[str, Any]) -> dict[str, Any]:
    """Return a task without the paths in the options of its module."""
    found = {}
    for name, value in task.items():
        found[name] = value
        if isinstance(value, dict):
            found[name] = {key: one for key, one in value.items() if key not in PATHS}
    return found


def test_the_guide_of_jobs_has_the_tasks_that_run() -> None:
    [play] = yaml.safe_load((ROOT / "docs/examples/jobs.yml").read_text(encoding="utf-8"))
    run = {one["name"]: without_paths(one) for one in play["tasks"] if one["name"] not in AROUND}
    told = [task for block in blocks(RST / "guide_jobs.rst") for task in block]
    assert {one["name"]: without_paths(one) for one in told} == run
    assert len(told) == len(run)


def said() -> str:
    """Return the code with the parts of each text joined, without names in braces."""
    files = sorted((ROOT / "plugins").rglob("*.py"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return re.sub(r'"\s*\n\s*f?"', "", text)


def sentences(path: Path) -> list[str]:
    """Return the errors that a file quotes: lines of a definition, or first cells of a table."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".rst":
        lines = re.findall(r"^(``.*``)\n    ", text, re.MULTILINE)
        return [one for line in lines for one in re.findall(r"``(.+?)``", line)]
    table = text.partition("| error |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)


@pytest.mark.parametrize("name", ["docs/docsite/rst/guide_troubleshooting.rst", "README.md"])
def test_quoted_errors_are_what_the_code_says(name: str) -> None:
    code = said()
    quoted = sentences(ROOT / name)
    assert len(quoted) >= 8
    for sentence in quoted:
        for part in re.split(r"\s*…\s*", sentence):
            assert part.strip(" ';,") in code, sentence


def test_every_guide_is_in_the_table_of_contents_and_has_its_label() -> None:
    extra = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text(encoding="utf-8"))
    named = [name for section in extra["sections"] for name in section["toctree"]]
    assert sorted(named) == [path.stem for path in GUIDES]
    for path in GUIDES:
        label = f".. _ansible_collections.identity.scim.docsite.{path.stem}:"
        assert label in path.read_text(encoding="utf-8")
