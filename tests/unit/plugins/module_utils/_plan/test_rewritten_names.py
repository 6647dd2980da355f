# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""D4: which names a service may have made of another one."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._plan.rewritten_names import (
    is_alike,
    is_same_user,
    made_of,
)

LONG = "Department of Silly Walks and Talks"


@pytest.mark.parametrize(
    "wanted, name, others, expected",
    [
        ("Team Über", "team-uber", (), "a capital letter or a space"),
        ("Team Über", "team_über", ("staff",), "a capital letter or a space"),
        ("Team Über", "teamuber", ("Staff",), "a space"),
        ("Team Über", "team-uber", ("Old Staff",), None),
        ("Team Über", "Team ber", ("Old Staff",), "a letter that is not in ASCII"),
        ("Team Über", "Team ber", ("Café",), None),
        ("Café", "Cafe", (), None),
        ("R&D", "RD", (), None),
        ("dev-ops", "dev_ops", (), None),
        ("dev-ops", "Dev Ops", (), None),
        ("DevOps", "dev-ops", ("qa",), "a capital letter"),
        ("Dev Ops", "dev-op", (), None),
        ("Dev Ops", "dev ops", (), None),
        ("???", "!!!", (), None),
    ],
)
def test_d4_a_name_tells_what_no_name_of_the_service_has(
    wanted: str, name: str, others: tuple[str, ...], expected: str | None
) -> None:
    found = made_of(wanted, dict.fromkeys((name, *others), 1))
    assert found == ({} if expected is None else {name: f", and no name with {expected}"})


@pytest.mark.parametrize(
    "name, others, expected",
    [
        (LONG[:22], (), True),
        (LONG[:22].upper(), ("staff",), True),
        (LONG[:22], ("x" * 23,), False),
        (LONG[:19], (), False),
        (LONG[:25], (), False),
        (LONG, (), False),
        (LONG + "s", (), False),
    ],
)
def test_d4_the_longest_name_may_be_cut_in_a_word(
    name: str, others: tuple[str, ...], expected: bool
) -> None:
    found = made_of(LONG, dict.fromkeys((name, *others), 1))
    assert found == ({name: ", and no longer name"} if expected else {})


@pytest.mark.parametrize("name", ["team-uber", "grp Team Über", "Team Ü", "TeamÜber", "Team ber"])
def test_d4_several_groups_of_one_name_are_made_of_it_whatever_others_are_called(name: str) -> None:
    plain = {"Old Team": 1, "Über uns": 1, "x" * 40: 1}
    assert is_alike("Team Über", name)
    assert made_of("Team Über", {name: 2, **plain}) == {name: ", all of one name"}
    assert not made_of("Team Über", {name: 1, **plain}) or name == "Team ber"


@pytest.mark.parametrize("name", ["Team", "Tea", "Ü", "team-u", "other", ""])
def test_d4_other_names_are_not_made_of_it(name: str) -> None:
    assert not is_alike("Team Über", name) and not made_of("Team Über", {name: 2})


def test_d4_a_group_of_another_row_does_not_count() -> None:
    assert not made_of("Dev Ops", {"dev-ops": 0})


@pytest.mark.parametrize(
    "name, expected",
    [
        ("ann.lee", True),
        ("annlee@examplecom", True),
        ("ANN.LEE", True),
        ("ann.lee@example.com.old", True),
        ("ann.le", False),
        ("ann", False),
        ("ann.lee@example.org", False),
        ("", False),
    ],
)
def test_d4_a_user_may_be_called_otherwise(name: str, expected: bool) -> None:
    assert is_same_user("ann.lee@example.com", name) is expected
