# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files for AWX load, fit together, and hand secrets on safely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._ansible.connection import (
    CONNECTION,
    VARIABLE_PREFIX,
)

AWX = Path(__file__).resolve().parents[2] / "docs/awx"


def loaded(name: str) -> Any:
    """Return a file of docs/awx as data."""
    return yaml.safe_load((AWX / name).read_text(encoding="utf-8"))


TYPES = loaded("credential_types.yml")
TEMPLATES = loaded("job_templates.yml")


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("path", sorted(AWX.glob("*.yml")), ids=lambda path: path.name)
def test_file_loads(path: Path) -> None:
    assert loaded(path.name)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind["name"])
def test_injectors_use_every_field_and_no_other(kind: dict[str, Any]) -> None:
    fields = {field["id"] for field in kind["inputs"]["fields"]}
    files = {name.partition(".")[2] for name in kind["injectors"].get("file", {})}
    used = set(re.findall(r"{{ ([\w.]+) }}", " ".join(texts(kind["injectors"]))))
    assert used == fields | {f"tower.filename.{name}" for name in files}
    # AWX has no value for a field that is left empty.
    assert set(kind["inputs"]["required"]) == fields


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind["name"])
def test_secrets_are_secret_and_no_extra_variables(kind: dict[str, Any]) -> None:
    secret = {option.name for option in CONNECTION if option.secret} | {"tokens", "client_key"}
    for field in kind["inputs"]["fields"]:
        assert field.get("secret", False) == (field["id"] in secret), field["id"]
    assert set(kind["injectors"]) <= {"env", "file"}


def test_environment_variables_are_options_or_read_by_the_inventory() -> None:
    known = {option.env for option in CONNECTION if option.env}
    inventory = (AWX / "inventory.yml").read_text(encoding="utf-8")
    for kind in TYPES:
        for name in kind["injectors"]["env"]:
            assert name in known or f"'{name}'" in inventory, name


def test_inventory_sets_options_that_exist() -> None:
    options = {VARIABLE_PREFIX + option.name for option in CONNECTION}
    children = loaded("inventory.yml")["all"]["children"]
    for group in children.values():
        named = set(group["vars"]).union(*group["hosts"].values())
        assert named <= options
    (play,) = loaded("fleet.yml")
    assert play["hosts"] in children


def test_job_templates_and_the_workflow_name_what_exists() -> None:
    types = {kind["name"] for kind in TYPES}
    for template in TEMPLATES:
        assert (AWX / template["playbook"]).exists()
        assert set(template["credentials"]) <= types
        # Slices of one template are jobs of one template.
        assert template["job_slice_count"] == 1 or template["allow_simultaneous"]
    nodes = {node["identifier"]: node for node in loaded("workflow.yml")["workflow_nodes"]}
    for node in nodes.values():
        work = node["unified_job_template"]
        if work["type"] == "job_template":
            assert work["name"] in {template["name"] for template in TEMPLATES}
        for following in node.get("related", {}).values():
            assert {one["identifier"] for one in following} <= set(nodes)
