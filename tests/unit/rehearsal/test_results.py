# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of results says what the rehearsals say.

All services are rehearsed on the newest line of ansible-core, and their results are written to the
page. Where CI is set nothing is written, and a page with other results fails. Three services are
rehearsed on every line: what runs in process does not depend on it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import versions
from ansible.release import __version__

from ansible_collections.identity.scim.tests.rehearsal.imitations import IMITATIONS
from ansible_collections.identity.scim.tests.rehearsal.results import (
    HEAD,
    PAGE,
    outcomes_of,
    updated,
    write,
)
from ansible_collections.identity.scim.tests.rehearsal.results import page as whole_page
from ansible_collections.identity.scim.tests.rehearsal.scenarios import SCENARIOS, Outcome
from ansible_collections.identity.scim.tests.rehearsal.told import (
    HEADING,
    WHAT,
    section,
    with_section,
)

ROOT = Path(__file__).resolve().parents[3]
ALWAYS = ("aws", "entra", "scimdev")
IS_NEWEST = __version__.startswith(f"{versions.LINES[0].name}.")
NAMES = IMITATIONS if IS_NEWEST else ALWAYS


# What services refuse, and the sentence of it. Everything else works.
NO_GROUPS = "the service has no groups, so this cannot be done"
REFUSED = {
    ("salesforce", "users"): "the service does not delete users: ann; use state: inactive",
    ("figma", "story"): "user 'mscott' is listed for removal but does not exist",
    ("miro", "story"): "the service does not delete groups: Printers",
    **{
        (name, scenario): NO_GROUPS
        for name in ("github_org", "gitlab", "gitlab_self_managed", "zitadel", "polis")
        for scenario in ("story", "role")
    },
}


def page() -> str:
    return (ROOT / PAGE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_rehearsals_do_not_fail_and_the_page_has_their_results(name: str) -> None:
    imitation = IMITATIONS[name]
    outcomes = outcomes_of(imitation)
    for one in outcomes:
        sentence = REFUSED.get((name, one.scenario), "")
        assert one.verdict == ("refused" if sentence else "works"), one
        assert sentence in one.sentence and len(one.sentence.splitlines()) <= 1
    if IS_NEWEST and not os.environ.get("CI"):
        write(ROOT, imitation, outcomes, IMITATIONS)
    if IS_NEWEST or os.environ.get("CI"):
        assert updated(page(), imitation, outcomes, IMITATIONS) == page(), "run make test"


def test_results_of_one_service_take_the_place_of_its_old_ones() -> None:
    old = {name: [Outcome(name, "users", "works")] for name in ALWAYS}
    old["entra"] = [Outcome("entra", "users", "refused", "no")]
    imitations = [IMITATIONS[name] for name in ALWAYS]
    before = whole_page([(one, old[one.name]) for one in imitations])
    new = [Outcome("scimdev", "users", "works", not_saved=("title",))]
    now = updated(before, IMITATIONS["scimdev"], new, IMITATIONS)
    assert now == whole_page([(one, {**old, "scimdev": new}[one.name]) for one in imitations])
    assert updated(now, IMITATIONS["scimdev"], old["scimdev"], IMITATIONS) == before
    entra = updated(before, IMITATIONS["entra"], [Outcome("entra", "users", "works")], IMITATIONS)
    assert "### entra" not in entra and entra.startswith(HEAD)


def test_page_of_a_service_tells_its_results_in_words() -> None:
    works = {name: Outcome("aws", name, "works") for name in SCENARIOS}
    works["role"] = Outcome("aws", "role", "refused", "the service has no `groups`")
    works["users"] = Outcome("aws", "users", "works", not_saved=("title", "emails"))
    results = whole_page([(IMITATIONS["aws"], list(works.values()))])
    text = with_section(f"# A\n\n{HEADING}\n\nold\n\n## More\n", "aws", results)
    assert text.startswith(f"# A\n\n{HEADING}\n") and "old" not in text
    assert text.endswith("\n\n## More\n") and with_section(text, "aws", results) == text
    shown = " ".join(text.split())
    assert "- **users** works, with a limit: one user is created" in shown
    assert "- not kept by the service: `title`, `emails`" in shown
    assert "- **role** is refused: two teams" in shown
    assert "- `the service has no 'groups'`" in shown
    assert "- **story** works: the story" in shown
    assert section("nobody", results) == ""


def test_each_scenario_is_told_in_words() -> None:
    assert list(WHAT) == list(SCENARIOS)


def test_page_has_every_service_once() -> None:
    text = page()
    assert text.startswith(HEAD)
    lines = [line for line in text[len(HEAD) :].splitlines() if line.startswith("| ")]
    assert len(lines) == len(IMITATIONS) + 1


def test_real_servers_are_those_of_the_integration_targets() -> None:
    targets = ROOT / "tests/integration/targets"
    rows = [line for line in HEAD.splitlines() if line.endswith("` |")]
    for line in rows:
        for target in re.findall(r"`(\w+)`", line.split("|")[-2]):
            assert (targets / target).is_dir()
        number = re.search(r"works, (120) users", line)
        if number:
            text = (targets / line.split("`")[1] / "tasks/main.yml").read_text(encoding="utf-8")
            assert f"setup_interop_people: {number[1]}" in text
            assert all(f"tasks_from: {one}" in text for one in ("story", "teams", "directory"))
    assert len(rows) == 5
