# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A resource is named by its type and its id."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.key import (
    Key,
    names_one_resource,
    without,
)


def test_equal_ids_of_two_types_are_two_keys() -> None:
    changes = {Key("User", "1"): "user", Key("Group", "1"): "group"}
    assert changes[Key(kind="User", id="1")] == "user"
    assert changes[Key("Group", "1")] == "group"
    assert len(changes) == 2


def test_key_has_named_parts_and_is_hashable() -> None:
    key = Key("User", "bulkId:mscott")
    assert (key.kind, key.id) == ("User", "bulkId:mscott")
    assert key == Key("User", "bulkId:mscott") and len({key, Key("User", "bulkId:mscott")}) == 1


def test_keys_sort_by_type_then_id() -> None:
    keys = [Key("User", "2"), Key("Group", "9"), Key("User", "1")]
    assert sorted(keys) == [Key("Group", "9"), Key("User", "1"), Key("User", "2")]


def test_excluded_keys_are_left_out_and_the_others_keep_their_order() -> None:
    keys = [Key("User", "2"), Key("Group", "1"), Key("User", "1")]
    assert without(keys, {Key("User", "2")}) == (Key("Group", "1"), Key("User", "1"))
    assert without(keys, ()) == tuple(keys)


def test_n4_an_id_that_would_be_another_endpoint_names_no_resource() -> None:
    for ident in ("", " ", ".", "..", ".search", ".Search", "Me", "me ", "a/b", "a\\b", "/"):
        assert not names_one_resource(ident)
    for ident in ("a\nb", "\x00", "\x7f", "a\x85", "\ufffd", "a\ufffdb"):
        assert not names_one_resource(ident)
    for ident in ("1", "mememe", "a b", "a.b", "..a", "a?b#c%2F", "cn=ann,dc=x", "\u00fc"):
        assert names_one_resource(ident)
