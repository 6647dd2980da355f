# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The members that an answer shows, also in odd forms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._plan.member_rows import (
    MemberRow,
    PlainRows,
    direct_groups,
    is_unnamed,
    member_rows,
)

ANN = MemberRow("1", "", "")


@pytest.mark.parametrize(
    "members, rows, unknown",
    [
        (None, (), 0),
        ([], (), 0),
        ([{"value": "1"}], (ANN,), 0),
        ([{"value": 1}], (ANN,), 0),
        ({"value": "1"}, (ANN,), 0),
        (["1"], (ANN,), 0),
        ([None, {"value": "1"}], (ANN,), 1),
        ([{}, {"value": None}, {"value": True}, [], {"display": "Ann"}], (), 5),
        ("1", (), 1),
        (7, (), 1),
        ([{"value": "1", "type": "Group", "display": "G"}], (MemberRow("1", "Group", "G"),), 0),
    ],
)
def test_n1_members_are_told_as_far_as_they_can(members: Any, rows: Any, unknown: int) -> None:
    found = member_rows(members)
    assert found.rows == rows and found.unknown == unknown and not found.by_address


MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "value": st.sampled_from(("1", "2", "3", 4, "", None)),
        "type": st.sampled_from(("User", "Group", "user", None)),
        "$ref": st.sampled_from(("https://x/v2/Users/1", "../Groups/2", "/Users/3", 7, None)),
        "display": st.sampled_from(("Ann", "", None, 5)),
    },
)


@given(MEMBERS, st.lists(MEMBERS, max_size=3), st.lists(st.sampled_from("789"), max_size=3))
def test_members_are_told_as_each_by_itself(
    one: dict[str, Any], others: list[dict[str, Any]], idents: list[str]
) -> None:
    alike = [{**one, "value": ident} for ident in idents]
    for members in ([one, *others], [one, *alike], alike):
        each = [member_rows([member]) for member in members]
        found = member_rows(members)
        assert found.rows == tuple(row for single in each for row in single.rows)
        assert found.idents == {row.ident for single in each for row in single.rows}
        assert found.unknown == sum(single.unknown for single in each)
        assert found.by_address == sum(single.by_address for single in each)


@pytest.mark.parametrize(
    "address, ident, kind",
    [
        ("https://x/v2/Users/a%20b", "a b", "User"),
        ("../Groups/7/", "7", "Group"),
        ("/users/7", "7", "User"),
        ("https://x/v2/Devices/7", "", ""),
        ("7", "", ""),
        ("https://x/Users/", "", ""),
        (None, "", ""),
    ],
)
def test_n1_a_member_may_be_known_by_its_address(address: Any, ident: str, kind: str) -> None:
    found = member_rows([{"$ref": address}])
    if ident:
        assert found.rows == (MemberRow(ident, kind, ""),)
        assert found.by_address == 1 and not found.unknown
    else:
        assert not found.rows and found.unknown == 1


def test_the_groups_that_a_user_names_directly() -> None:
    rows = [{"value": "1", "display": "G"}, {"value": "2", "type": "indirect"}, None, {"value": 3}]
    assert direct_groups({"groups": [*rows, {"value": "4"}]}) == {"1": "G", "4": "4"}
    assert direct_groups(None) == direct_groups({"groups": "x"}) == {}


def test_members_that_say_the_same_are_kept_as_ids() -> None:
    found = member_rows([{"value": one, "type": "User"} for one in "12"]).rows
    assert isinstance(found, PlainRows) and is_unnamed(found)
    assert found[1] == MemberRow("2", "User", "") and len(found) == 2
    assert hash(found) == hash((MemberRow("1", "User", ""), MemberRow("2", "User", "")))


@pytest.mark.parametrize("more", [{"type": "Group"}, {"display": "Ann"}])
def test_members_that_may_be_groups_or_have_names_are_looked_at_one_by_one(
    more: dict[str, str],
) -> None:
    assert not is_unnamed(member_rows([{"value": "1", **more}]).rows)
