# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile of a service is used wherever it is set, in each place that talks to a service.

The service is an imitation of Entra ID, whose endpoints are in small letters: without its profile
nothing is found there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.plugins.module_utils._ansible.tasks import TASKS
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rosters import person
from ansible_collections.identity.scim.tests.rehearsal.serve import Served, serving

ROOT = Path(__file__).resolve().parents[3]
ENTRA = IMITATIONS["entra"]
SECONDS = 200
ENTRA_NAMED = ", service_provider='entra'"
LOOKUP = "query('identity.scim.resources', 'Users'{}) | map(attribute='userName') | list"


@pytest.fixture(name="served")
def _served() -> Iterator[Served]:
    with serving(ENTRA) as served:
        yield served


def run(
    served: Served, folder: Path, program: str, *words: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """Return how a command of Ansible ended that has its service from the environment."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("SCIM_")}
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *words],
        cwd=folder,
        env={
            **known,
            "SCIM_SERVER_URL": served.url,
            "SCIM_TOKEN": served.token,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT.parents[2]),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            **more,
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def ann() -> dict[str, Any]:
    return person(ENTRA.user, "ann")


def works(lookup: str = "") -> list[dict[str, Any]]:
    """Return a task for each module and for the lookup, and what they must find.

    ``lookup`` are more words of the lookup.
    """
    tasks = {
        "scim_user": ann(),
        "scim_group": {"display_name": "Sales"},
        "scim_group_membership": {"group": "Sales", "members": ["ann"]},
        "scim_directory": {"groups": [{"display_name": "Sales", "members": {"set": ["ann"]}}]},
        "scim_resource": {"endpoint": "Groups", "attributes": {"displayName": "Other"}},
        "scim_user_info": {"user_name": "ann"},
        "scim_group_info": {"display_name": "Sales"},
        "scim_resource_info": {"endpoint": "Users"},
        "scim_service_provider_info": {},
    }
    assert set(tasks) == set(TASKS)
    rows: list[dict[str, Any]] = []
    for name, options in tasks.items():
        rows.append({f"identity.scim.{name}": options, "register": "found"})
    that = ["found.service_provider == 'entra'", f"{LOOKUP.format(lookup)} == ['ann']"]
    return [*rows, {"ansible.builtin.assert": {"that": that}}]


def role(name: str) -> dict[str, Any]:
    """Return a task that runs the role for one team."""
    teams = [{"name": name, "members": [ann()]}]
    included = {"name": "identity.scim.team"}
    return {"ansible.builtin.include_role": included, "vars": {"team_roster": teams}}


def played(served: Served, folder: Path, *plays: dict[str, Any], **more: str) -> None:
    """Run plays, which must succeed."""
    common = {"hosts": "localhost", "gather_facts": False}
    rows = [{**common, **play} for play in plays]
    (folder / "play.yml").write_text(yaml.safe_dump(rows, sort_keys=False))
    found = run(served, folder, "ansible-playbook", "-i", "people.scim.yml", "play.yml", **more)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_option_and_the_host_variable_are_used(served: Served, tmp_path: Path) -> None:
    """In the worker. An inventory has no host variables, so its option is set."""
    (tmp_path / "people.scim.yml").write_text(
        "{plugin: identity.scim.people, service_provider: entra}"
    )
    served.store.user("pam", active=True)
    defaults = {"group/identity.scim.all": {"service_provider": "entra"}}
    unknown = {
        "identity.scim.scim_user_info": {"user_name": "ann"},
        "register": "found",
        "failed_when": "'404' not in found.msg",
    }
    gone = {"identity.scim.scim_user": {"user_name": "pam", "state": "absent"}}
    option = {"tasks": [{**gone, "when": "'pam' in groups['all']"}, *works(ENTRA_NAMED)]}
    played(
        served,
        tmp_path,
        {"tasks": [unknown]},
        {"module_defaults": defaults, **option},
        {"module_defaults": defaults, "tasks": [role("By option")]},
        {"vars": {"scim_service_provider": "entra"}, "tasks": [*works(), role("By variable")]},
        SCIM_IN_PROCESS="1",
    )
    assert set(served.held["groups"]) == {"Sales", "Other", "By option", "By variable"}
    assert served.held["groups"]["By option"] == served.held["groups"]["By variable"] == ["ann"]
    assert set(served.held["emails"]) == {"ann"}


def test_the_environment_is_used(served: Served, tmp_path: Path) -> None:
    """As modules of their own processes, and in the inventory."""
    (tmp_path / "people.scim.yml").write_text("plugin: identity.scim.people\n")
    served.store.user("ann", active=True)
    seen = {"ansible.builtin.assert": {"that": ["'ann' in groups['all']"]}}
    played(
        served,
        tmp_path,
        {"tasks": [seen, *works(), role("By environment")]},
        SCIM_IN_PROCESS="0",
        SCIM_SERVICE_PROVIDER="entra",
    )
    assert served.held["groups"]["By environment"] == ["ann"]
    assert not [one for one in served.seen if "/Users" in one.target]
