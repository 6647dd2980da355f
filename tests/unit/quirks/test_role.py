# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only the role can show: its variables reach the plan (L10)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.identity.scim.tests.unit.faults.hostile import TOKEN, hostile
from ansible_collections.identity.scim.tests.unit.quirks.server import Quirky

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = ("ann", "bob", "cid", "dan")
MEMBERS = [{"user_name": name, "external_id": f"new-{name}"} for name in PEOPLE]


def onboarded(server: Quirky, folder: Path, **variables: Any) -> tuple[int, str]:
    """The exit code of a play with the role, and what it printed."""
    roster = [{"name": "staff", "members": MEMBERS}]
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"team_roster": roster, **variables},
        "roles": ["identity.scim.team"],
    }
    (folder / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    with hostile(server) as service:
        found = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), "play.yml"],
            cwd=folder,
            env={
                **os.environ,
                "SCIM_SERVER_URL": service.url,
                "SCIM_TOKEN": TOKEN,
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT.parents[2]),
                "ANSIBLE_NOCOLOR": "1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    return found.returncode, " ".join(f"{found.stdout} {found.stderr}".split())


@pytest.fixture(name="server")
def office() -> Quirky:
    """A service whose users have other external ids than the roster."""
    server = Quirky()
    for name in PEOPLE:
        server.user(name, externalId=f"old-{name}")
    server.group("staff", PEOPLE)
    return server


def external_ids(server: Quirky) -> dict[str, str]:
    return {one["userName"]: one["externalId"] for one in server.held["Users"].values()}


def test_l10_the_role_stops_if_an_external_id_is_another_one(
    server: Quirky, tmp_path: Path
) -> None:
    code, said = onboarded(server, tmp_path)
    assert code and "'old-ann'" in said and "'new-ann'" in said and "match_by" in said
    assert not server.log


@pytest.mark.parametrize("limit", [None, {"identities_changed": 1}])
def test_l10_identities_changed_judges_what_team_match_by_overwrites(
    server: Quirky, tmp_path: Path, limit: dict[str, Any] | None
) -> None:
    more = {} if limit is None else {"team_thresholds": limit}
    code, said = onboarded(server, tmp_path, team_match_by=["user_name"], **more)
    assert code and "4 of 4 users would change their identity" in said
    assert not server.log


def test_l10_team_match_by_keeps_the_accounts_and_overwrites_their_ids(
    server: Quirky, tmp_path: Path
) -> None:
    variables = {
        "team_match_by": ["user_name"],
        "team_thresholds": {"identities_changed": "none"},
    }
    before = set(server.held["Users"])
    code, said = onboarded(server, tmp_path, **variables)
    assert code == 0 and "changed=1" in said
    assert set(server.held["Users"]) == before and server.members("staff") == set(PEOPLE)
    assert external_ids(server) == {name: f"new-{name}" for name in PEOPLE}
    server.forget()
    code, said = onboarded(server, tmp_path, **variables)
    assert code == 0 and "changed=0" in said and not server.log
