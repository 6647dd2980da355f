# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An object that is not decoded is a dictionary for everybody who asks for more than texts."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.frames import Layout, Path
from ansible_collections.identity.scim.plugins.module_utils._model.json_patterns import (
    LIST,
    TEXT,
)
from ansible_collections.identity.scim.plugins.module_utils._model.unread import (
    Unread,
    all_decoded,
    decoded,
)
from ansible_collections.identity.scim.tests.unit.plugins.module_utils._model.unread_objects import (
    unread_of,
)


def kinds(path: Path) -> str:
    return LIST if path == ("c",) else TEXT


def layout() -> Layout:
    text, value = '{"a": "x", "b": {"a": "y"}, "c": []}', {"a": "x", "b": {"a": "y"}, "c": []}
    return unread_of(text, value, kinds).layout


def test_an_unread_object_is_decoded_when_more_is_asked() -> None:
    one = Unread(layout(), ("1", "2", "[3]"))
    assert one["a"] == "1" == one.get("a") and one.get("z") is None and "z" not in one
    assert one._whole is None  # pylint: disable=protected-access
    assert one["b"] == {"a": "2"} and one["c"] == [3] and [*one] == ["a", "b", "c"]
    assert dict(one) == one.whole == {"a": "1", "b": {"a": "2"}, "c": [3]}
    assert one.whole is decoded(one) and len(one) == 3


def test_what_is_decoded_stays_as_it_is() -> None:
    one = {"b": 1}
    assert decoded(one) is one
    assert all_decoded([one, Unread(layout(), ("1", "2", "[]"))]) == (
        {"b": 1},
        {"a": "1", "b": {"a": "2"}, "c": []},
    )
