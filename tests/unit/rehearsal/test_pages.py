# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page of a service shows works on its imitation, as it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import FIELDS
from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import PROFILES
from ansible_collections.identity.scim.plugins.module_utils._report.probe import SIGNS
from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.rehearsal import Rehearsal
from ansible_collections.identity.scim.tests.rehearsal.serve import serving

DOCS = Path(__file__).resolve().parents[3] / "docs/services"


def play_of(name: str) -> dict[str, Any]:
    """Return the play of a page."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    (play,) = yaml.safe_load(text.split("```yaml")[1].split("```")[0])
    return dict(play)


def rows_of(template: str) -> list[dict[str, Any]]:
    """Return the rows of the file that a template of a page reads."""
    file = re.search(r"lookup\('ansible.builtin.file', '([\w.-]+)'\)", template)
    assert file is not None
    return list(yaml.safe_load((DOCS / file[1]).read_text(encoding="utf-8")))


def options_of(play: dict[str, Any]) -> dict[str, Any]:
    """Return what the play of a page converges, as options of scim_directory."""
    if "roles" in play:
        (role,) = play["roles"]
        assert role["role"] == "identity.scim.team"
        return {"teams": rows_of(role["team_roster"])}
    (task,) = play["tasks"]
    return {"users": rows_of(task["identity.scim.scim_directory"]["users"])}


@pytest.mark.parametrize("name", IMITATIONS)
def test_the_play_of_a_page_works_as_it_is_written(name: str) -> None:
    play = play_of(name)
    options = options_of(play)
    with serving(IMITATIONS[name]) as served:
        if name == "miro":  # its page says that the groups must be made first
            for team in options["teams"]:
                served.store.group(team["name"])
        it = Rehearsal(served, play["vars"]["scim_service_provider"])
        it.step("scim_directory", **options)
        assert len(served.held["emails"]) == 3
        if "teams" in options:
            assert len(it.members("Sales")) == 2 and len(it.members("Accounting")) == 1


def test_each_profile_has_an_imitation() -> None:
    assert set(PROFILES) == set(IMITATIONS)


def test_the_page_for_services_that_are_not_listed_is_true() -> None:
    """The signs, what the doctor creates, and the capabilities that are named."""
    text = (
        (DOCS / "README.md").read_text(encoding="utf-8").partition("## My service is not listed")[2]
    )
    shown = " ".join(text.split())
    assert set(re.findall(r"`(ok|--|!!|XX)`", shown)) == set(SIGNS.values())
    (defaults,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    options = yaml.safe_load(defaults)["module_defaults"]["group/identity.scim.all"]
    named = {*options["capabilities"], *re.findall(r"`([a-z_]+)`[,)]", shown)}
    assert named <= set(FIELDS) and len(named) == 8
    with serving(IMITATIONS["scim2-server"]) as served:
        said = Rehearsal(served, "auto").task("scim_service_provider_info", probe="reads")
        assert not said.failure and not served.writes
        said = Rehearsal(served, "auto").task("scim_service_provider_info", probe="writes")
        posts = [one.rpartition("/")[2] for one in served.writes if one.startswith("POST")]
        assert sorted(posts) == ["Groups", "Users", "Users", "Users"]
        names = [one["userName"] for one in served.store.held["Users"].values()]
    assert not said.changed and not names and "It creates three users and a group" in shown
