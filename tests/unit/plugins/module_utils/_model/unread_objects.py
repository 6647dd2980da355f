# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON objects of tests that are found by their layout."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.frames import Path
from ansible_collections.identity.scim.plugins.module_utils._model.json_patterns import (
    LIST,
    TEXT,
    Kinds,
    ObjectPattern,
    pairs_of,
)
from ansible_collections.identity.scim.plugins.module_utils._model.unread import Unread

NAMES = st.sampled_from(("a", "b", "type", "list", "ä"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False)
    | st.text(max_size=3)
    | st.sampled_from(("x", "y", "]", "{", '"', "\\", ",", "\n")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
BLANKS = st.sampled_from((None, 0, 1))


def kinds(path: Path) -> str | None:
    """What a text may be: those named type are part of a layout, list is one as it is written."""
    if path == ("list",):
        return LIST
    return None if path[-1] == "type" else TEXT


def written(value: Any, indent: int | None = None, *, ascii_only: bool = False) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)


def pattern_of(text: str, value: Any, kinds: Kinds) -> ObjectPattern | None:
    """The pattern of one object, None if that cannot be told."""
    pairs = pairs_of(text, value, kinds)
    return ObjectPattern.of(pairs) if pairs else None


def unread_of(text: str, value: Any, kinds: Kinds) -> Unread:
    """An object that is not decoded, found by its own layout."""
    pattern = pattern_of(text, value, kinds)
    match = None if pattern is None else pattern.match(text)
    assert pattern is not None and match is not None
    found = pattern.unread(match)
    assert found is not None
    return found
