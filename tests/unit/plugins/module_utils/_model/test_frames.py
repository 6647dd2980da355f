# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A frame has a slot for each text, and gives the object back."""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._model.frames import (
    frame_of,
    marked_slot,
)


def test_marks_name_the_slots() -> None:
    frame = frame_of({"a": "x", "b": {"c": ["y", 1]}})
    assert frame.paths == (("a",), ("b", "c", 0))
    marked = frame.marked()
    assert [marked_slot(one) for one in (marked["a"], *marked["b"]["c"], "x")] == [0, 1, None, None]
    assert frame.filled(["p", "q"]) == {"a": "p", "b": {"c": ["q", 1]}}
    less = frame.without("a")
    assert less.paths == (("b", "c", 0),) and less.filled(["q"]) == {"b": {"c": ["q", 1]}}
    assert frame.without("z") is frame
    assert [frame.at(one) for one in (("b", "c", 1), ("b", "c", 2), ("z",), ("a", "z"))] == [
        1,
        None,
        None,
        None,
    ]
