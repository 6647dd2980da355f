# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of writes of groups, and what proves them."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.key import Key
from ansible_collections.identity.scim.plugins.module_utils._plan.requests import Request
from ansible_collections.identity.scim.plugins.module_utils._plan.write_forms import (
    KNOWN,
    forms,
    proofs,
    proven_before,
)
from ansible_collections.identity.scim.plugins.module_utils._protocol.patch import (
    join,
    leave,
    patch,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    Rank,
    overridden,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.choices import MemberWrites

ANN, BOB = Key("User", "a"), Key("User", "b")
RENAME = {"op": "replace", "path": "displayName", "value": "x"}
BY_FILTER = "PATCH remove by filter"


def written(*operations: dict[str, Any], **members: tuple[Key, ...]) -> Request:
    """Return a PATCH of a group."""
    return Request(
        method="PATCH", segments=("Groups", "g"), body=patch(list(operations)), **members
    )


@pytest.mark.parametrize(
    "request_, expected",
    [
        (Request(method="PUT", segments=("Groups", "g")), {"PUT"}),
        (
            Request(method="PUT", segments=("Groups", "g"), leaves=(ANN, BOB)),
            {"PUT", "PUT, several leave"},
        ),
        (
            Request(method="POST", segments=("Groups",), joins=(ANN, BOB)),
            {"POST", "POST, several join"},
        ),
        (written(RENAME), {"PATCH of attributes"}),
        (written(), {"PATCH of attributes"}),
        (written(*join(["a"]), joins=(ANN,)), {"PATCH add"}),
        (
            written(*join(["a", "b"]), joins=(ANN, BOB)),
            {"PATCH add", "PATCH, several join"},
        ),
        (written(*leave(["a"], "filter"), leaves=(ANN,)), {BY_FILTER}),
        (
            written(*leave(["a", "b"], "filter"), leaves=(ANN, BOB)),
            {BY_FILTER, f"{BY_FILTER}, several leave"},
        ),
        (
            written(*leave(["a", "b"], "list"), leaves=(ANN, BOB)),
            {"PATCH remove by list", "PATCH remove by list, several leave"},
        ),
        (
            written(*join(["a"]), *leave(["b"], "filter"), joins=(ANN,), leaves=(BOB,)),
            {"PATCH add", BY_FILTER, f"PATCH add with {BY_FILTER}"},
        ),
    ],
)
def test_form_is_verb_path_and_way_of_removal(request_: Request, expected: set[str]) -> None:
    assert forms(request_) == expected


def test_other_members_are_proof_only_where_there_are_some() -> None:
    add = written(*join(["a"]), joins=(ANN,))
    assert list(proofs(add, others=False)) == ["PATCH add: done"]
    assert list(proofs(add, others=True)) == ["PATCH add: done", "PATCH add: others stay"]
    assert not list(proofs(written(RENAME), others=False))
    assert list(proofs(written(RENAME), others=True)) == ["PATCH of attributes: others stay"]


def test_l2_every_way_that_may_be_vouched_for_is_a_form() -> None:
    assert set(KNOWN) == set(get_args(MemberWrites))
    assert not proven_before(Capabilities())
    add = written(*join(["a", "b"]), joins=(ANN, BOB))
    known = proven_before(overridden({"member_writes": ["add"]}))
    assert set(proofs(add, others=True)) == set(known)
    assert not set(proofs(written(RENAME), others=True)) & set(known)


def test_l2_what_a_profile_vouches_for_is_not_a_way_that_a_user_sets() -> None:
    profile = Capabilities().learn(
        "profile x", rank=Rank.PROFILE, member_writes=("add", "remove_by_list", "put")
    )
    own = profile.learn("option", rank=Rank.OPTION, member_add="scalar", member_remove="list")
    assert set(proven_before(own)) == set(proven_before(overridden({"member_writes": ["put"]})))
    assert len(proven_before(profile)) == 14
