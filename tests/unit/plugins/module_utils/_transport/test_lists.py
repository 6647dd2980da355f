# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list that is read row by row is what it is in one piece, or it is read in one piece."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model import layouts
from ansible_collections.identity.scim.plugins.module_utils._model.frames import Path
from ansible_collections.identity.scim.plugins.module_utils._model.json_patterns import (
    LIST,
    TEXT,
)
from ansible_collections.identity.scim.plugins.module_utils._model.layouts import Layouts
from ansible_collections.identity.scim.plugins.module_utils._model.unread import (
    Unread,
    all_decoded,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.body import parse_json
from ansible_collections.identity.scim.plugins.module_utils._transport.errors import TransportError
from ansible_collections.identity.scim.plugins.module_utils._transport.lists import list_of

ROW = {"id": "1", "userName": "pam", "active": True, "groups": [{"value": "g1"}]}
NAMES = st.sampled_from(("id", "userName", "title", "Resources", "ä"))
ROWS = st.lists(
    st.fixed_dictionaries({"id": st.text(max_size=3), "userName": st.sampled_from(("ann", "bob"))})
    | st.dictionaries(NAMES, st.none() | st.text(max_size=3) | st.integers(), max_size=3)
    | st.sampled_from((1, None, "x", [], {**ROW, "id": "2"}, ROW)),
    max_size=6,
)
HEADS = st.dictionaries(
    st.sampled_from(("schemas", "totalResults", "resources", "itemsPerPage")),
    st.integers() | st.text(max_size=3) | st.lists(st.sampled_from((ROW, 1)), max_size=2),
    max_size=3,
)


@pytest.fixture(autouse=True)
def _learnt_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "FIRST", 1)


def kinds(path: Path) -> str | None:
    return LIST if path == ("groups",) else TEXT


def whole(data: bytes) -> Any:
    try:
        return parse_json(data, "")
    except TransportError as error:
        return error.reason


def written(*rows: Any, indent: int | None = None, **more: Any) -> bytes:
    return json.dumps({**more, "Resources": rows}, ensure_ascii=False, indent=indent).encode()


@given(ROWS, HEADS, HEADS, st.sampled_from((None, 0, 1)))
def test_a_list_is_the_same_as_in_one_piece(
    rows: list[Any], head: dict[str, Any], tail: dict[str, Any], indent: int | None
) -> None:
    known = Layouts(kinds)
    body = {**head, "Resources": rows, **tail}
    data = json.dumps(body, ensure_ascii=False, indent=indent).encode()
    for _turn in range(2):
        found = list_of(data, known)
        event(f"read row by row: {found is not None}")
        if found is not None:
            found["Resources"] = [*all_decoded(found["Resources"])]
            assert json.dumps(found) == json.dumps(whole(data))


@given(st.data())
def test_a_text_with_a_mistake_is_read_in_one_piece(data: st.DataObject) -> None:
    known = Layouts(kinds)
    right = written(*[{**ROW, "id": str(number)} for number in range(4)], totalResults=4)
    assert list_of(right, known) is not None
    start = data.draw(st.integers(0, len(right) - 1))
    cut = data.draw(st.integers(0, 3))
    more = data.draw(st.sampled_from((b"", b",", b'"', b"}", b"]", b"{", b"\x00", b"1", b"\\")))
    wrong = right[:start] + more + right[start + cut :]
    found = list_of(wrong, known)
    if found is not None:
        found["Resources"] = [*all_decoded(found["Resources"])]
        assert json.dumps(found) == json.dumps(whole(wrong))


def test_rows_that_are_laid_out_alike_stay_unread() -> None:
    rows = [{**ROW, "id": str(number)} for number in range(5)]
    found = list_of(written(*rows, totalResults=5), Layouts(kinds))
    assert found is not None and found["totalResults"] == 5
    assert [type(one) for one in found["Resources"]] == [dict] + [Unread] * 4
    assert [*all_decoded(found["Resources"])] == rows


@pytest.mark.parametrize(
    "text",
    (
        '{"Resources": [{"id": "1"}, {"id": "2"}], "Resources": []}',
        '{"a": {"Resources": [{"id": "1"}]}, "Resources": [{"id": "2"}]}',
        '{"a": {"Resources": [{"id": "1"}]}}',
        '{"resources": [{"id": "1"}]}',
        '{"Resources": [{"id": "1"}, {"id": "2"},]}',
        '{"Resources": [{"id": "1"} {"id": "2"}]}',
        '{"Resources": [{"id": "1"}, {"id": "2", "id": "2"}]}',
        '{"Resources": [{"id": "1"}, {"id": NaN}]}',
        '{"Resources": [{"id": "1"}, {"id": "2"}',
        '{"Resources": [{"id": "1"}]} x',
        '{"Resources": [{"id": "1", "groups": [{}]}, {"id": "2", "groups": [{"a": 1, "a": 1}]}]}',
        '{"Resources": [{"id": "1", "groups": [{}]}, {"id": "2", "groups": [{,}]}]}',
        '{"Resources": [1, {"id": "1"}]}',
        "[]",
        "",
    ),
)
def test_what_is_odd_is_read_in_one_piece(text: str) -> None:
    assert list_of(text.encode(), Layouts(kinds)) is None


def test_bytes_that_are_not_utf_8_are_read_in_one_piece() -> None:
    assert list_of(b'{"Resources": [{"id": "\xff"}]}', Layouts(kinds)) is None


def test_half_of_a_surrogate_pair_is_replaced_as_in_one_piece() -> None:
    data = b'{"Resources": [{"id": "1"}, {"id": "\\ud800"}]}'
    assert list_of(data, Layouts(kinds)) == whole(data)


def test_a_row_is_as_deep_as_in_one_piece() -> None:
    for levels, is_fine in ((98, True), (99, False)):
        deep = '{"a":' * levels + "1" + "}" * levels
        data = f'{{"Resources":[{deep}]}}'.encode()
        assert isinstance(whole(data), dict) is is_fine
        assert (list_of(data, Layouts(kinds)) is not None) is is_fine


def test_a_list_of_a_row_is_as_deep_as_in_one_piece() -> None:
    for levels, is_fine in ((96, True), (97, False)):
        deep = '{"a":' * levels + "1" + "}" * levels
        data = f'{{"Resources":[{{"groups":[{{}}]}},{{"groups":[{deep}]}}]}}'.encode()
        assert isinstance(whole(data), dict) is is_fine
        assert (list_of(data, Layouts(kinds)) is not None) is is_fine
