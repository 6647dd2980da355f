# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One question from its first request to its readings, without a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import ScimError
from ansible_collections.identity.scim.plugins.module_utils._model.schema import GROUP, USER
from ansible_collections.identity.scim.plugins.module_utils._plan.inquiry import Inquiry
from ansible_collections.identity.scim.plugins.module_utils._plan.questions import (
    Question,
    Reading,
)
from ansible_collections.identity.scim.plugins.module_utils._plan.reading import (
    MEMBER_ATTRIBUTES,
    ById,
    Listed,
    LookUp,
    NextPage,
)
from ansible_collections.identity.scim.plugins.module_utils._provider.capabilities import (
    Capabilities,
    overridden,
)

KNOWN = overridden({})
ONE_EACH = overridden({"filter_clauses": 1})
FIRST = NextPage(begins=True, everything=False)


def users(*numbers: int) -> list[dict[str, Any]]:
    return [{"id": f"u{one}", "userName": f"n{one}", "externalId": f"x{one}"} for one in numbers]


def by_name(*numbers: int, **more: Any) -> Question:
    return Question(kind=USER, clauses=tuple(("userName", f"n{one}") for one in numbers), **more)


def by_id(number: int, **more: Any) -> Question:
    return Question(kind=USER, ids=tuple(f"u{one}" for one in range(number)), **more)


def page(inquiry: Inquiry, rows: Sequence[Mapping[str, Any]], listed: Listed, **caps: Any) -> None:
    inquiry.begin_listing()
    inquiry.take_page(rows, listed, overridden(caps))


def found(inquiry: Inquiry, rows: Sequence[dict[str, Any]], known: Capabilities = KNOWN) -> None:
    request = inquiry.next(known)
    assert isinstance(request, LookUp)
    inquiry.take_found(request, rows, known)


def refused(inquiry: Inquiry, status: int = 400, known: Capabilities = KNOWN) -> bool:
    request = inquiry.next(known)
    assert isinstance(request, LookUp)
    return inquiry.take_refusal(request, status, known)


def asked(inquiry: Inquiry, known: Capabilities = KNOWN) -> int:
    """How many comparisons the next look-up has."""
    request = inquiry.next(known)
    assert isinstance(request, LookUp)
    return len(request.clauses)


def answered(readings: Sequence[Reading]) -> list[tuple[str, str]]:
    return [clause for one in readings for clause in one.answered]


def test_one_look_up_answers_a_key_found_or_not() -> None:
    inquiry = Inquiry(by_name(1, 2))
    found(inquiry, users(1))
    assert inquiry.next(KNOWN) is None
    assert answered(inquiry.readings) == [("userName", "n1"), ("userName", "n2")]
    assert [one["id"] for one in inquiry.readings[0].resources] == ["u1"]


def test_a_page_that_is_everything_answers_all_keys() -> None:
    inquiry = Inquiry(by_name(*range(200)))
    assert inquiry.next(KNOWN) == FIRST
    page(inquiry, users(1), Listed(pages=1, rows=1, total=1, promised=1, ended=True, whole=True))
    assert inquiry.next(KNOWN) is None
    (reading,) = inquiry.readings
    assert reading.listed is True and reading.total == 1 and len(reading.answered) == 200


def test_names_on_the_first_page_are_not_looked_up_again() -> None:
    inquiry = Inquiry(by_name(1, 2, 3, 4, 5))
    assert inquiry.next(ONE_EACH) == FIRST
    page(inquiry, users(1, 3, 8), Listed(pages=1, rows=3, total=9_000, promised=9_000))
    open_keys = []
    while isinstance(request := inquiry.next(ONE_EACH), LookUp):
        open_keys += request.clauses
        inquiry.take_found(request, [], ONE_EACH)
    assert open_keys == [("userName", "n2"), ("userName", "n4"), ("userName", "n5")]
    assert len(answered(inquiry.readings)) == 5
    assert inquiry.readings[0].listed is None and inquiry.readings[0].total == 9_000


def test_a_key_that_two_may_have_is_looked_up_though_a_page_shows_it() -> None:
    clauses = tuple(("externalId", f"x{one}") for one in range(5))
    inquiry = Inquiry(Question(kind=USER, clauses=clauses))
    page(inquiry, users(0, 1), Listed(pages=1, rows=2, total=9_000, promised=9_000))
    assert asked(inquiry) == 5
    groups = Inquiry(Question(kind=GROUP, clauses=(("displayName", "a"), ("displayName", "b"))))
    row = {"id": "g1", "displayName": "a"}
    page(groups, [row], Listed(pages=1, rows=1, total=9_000, promised=9_000))
    assert asked(groups) == 2


def test_names_that_are_all_found_end_a_listing() -> None:
    inquiry = Inquiry(by_name(1, 2, 3, 4))
    page(inquiry, users(1, 2, 3, 4), Listed(pages=1, rows=4, total=9_000, promised=9_000))
    assert inquiry.next(ONE_EACH) is None


def test_a_known_total_saves_the_first_page() -> None:
    inquiry = Inquiry(by_name(*range(200)), Listed(total=90_000))
    assert asked(inquiry) == 40


def test_a_listing_that_was_not_whole_is_not_read_again_for_keys() -> None:
    known = Listed(ended=True, came="1 of 2 came")
    assert asked(Inquiry(by_name(*range(200)), known)) == 40
    with pytest.raises(ScimError, match=r"list of all users is not complete \(1 of 2 came\)"):
        Inquiry(by_name(1), known).next(overridden({"filters": False}))


def test_a_page_that_fails_is_no_loss_once_one_came() -> None:
    inquiry = Inquiry(by_name(1, 2, 3, 4, 5))
    inquiry.begin_listing()
    assert not inquiry.goes_on_without_page()
    inquiry.take_page(users(1), Listed(pages=1, rows=1, total=3, promised=3), ONE_EACH)
    assert inquiry.next(ONE_EACH) == NextPage(begins=False, everything=False)
    assert inquiry.goes_on_without_page()
    assert isinstance(inquiry.next(ONE_EACH), LookUp)


# refusals


def test_e9_a_refusal_of_names_is_learnt_at_once() -> None:
    inquiry = Inquiry(by_name(*range(8)))
    assert refused(inquiry)
    assert [one.values for one in inquiry.lessons] == [{"filter_clauses": 2}]


def test_e9_a_number_of_comparisons_is_learnt_once_an_answer_confirms_it() -> None:
    inquiry = Inquiry(by_name(*range(8)))
    assert refused(inquiry)
    assert [one.values for one in inquiry.learnt] == [{"filter_clauses": 1}]
    page(inquiry, [], Listed(pages=1, total=9_000, promised=9_000))
    found(inquiry, users(0, 1))
    assert [one.values for one in inquiry.learnt] == [{"filter_clauses": 2}]


def test_a_refusal_of_ids_is_learnt_once_the_next_form_worked() -> None:
    inquiry = Inquiry(by_id(5))
    assert refused(inquiry) and inquiry.lessons == []
    page(inquiry, [], Listed(pages=1, total=9_000, promised=9_000))
    found(inquiry, users(0))
    assert [one.values for one in inquiry.lessons] == [{"filter_clauses": 2}]


def test_look_ups_that_become_many_are_preceded_by_a_page_too() -> None:
    inquiry = Inquiry(by_name(*range(8)))
    assert refused(inquiry)
    assert inquiry.next(KNOWN) == FIRST


def test_without_filters_everything_is_listed_and_once_more_if_it_is_not_whole() -> None:
    inquiry = Inquiry(by_name(1))
    assert refused(inquiry) and [one.values for one in inquiry.lessons] == [{"filters": False}]
    for _time in range(2):
        assert inquiry.next(KNOWN) == NextPage(begins=True, everything=True)
        page(inquiry, [], Listed(pages=1, total=2, ended=True, came="0 of 2 came"))
    with pytest.raises(ScimError, match="looking up 1 users: .*0 of 2 came"):
        inquiry.next(KNOWN)


def test_a_refusal_that_no_other_form_answers_is_final() -> None:
    assert not refused(Inquiry(by_name(1)), 403)


@pytest.mark.parametrize("caps", [{"filter_ids": True}, {"filters": True}, {"filter_clauses": 3}])
def test_a_refusal_of_what_an_option_asks_for_is_final(caps: dict[str, Any]) -> None:
    ids = "filter_ids" in caps
    question = Question(kind=USER, ids=("u1", "u2")) if ids else by_name(1, 2, 3)
    inquiry, known = Inquiry(question), overridden(caps)
    for _round in range(5):
        request = inquiry.next(known)
        assert isinstance(request, LookUp)
        if not inquiry.take_refusal(request, 501, known):
            return
    raise AssertionError("the refusals do not end")


def test_a_filter_that_was_not_honoured_is_not_used_again() -> None:
    inquiry = Inquiry(by_name(1))
    found(inquiry, users(*range(7, 13)))
    assert [one.values for one in inquiry.lessons] == [{"filters": False}]
    assert inquiry.next(KNOWN) == NextPage(begins=True, everything=True)


def test_d4_a_few_strangers_are_the_answer_only_if_nobody_gives_none() -> None:
    for gives, strangers in ((users(7), 0), ([], 1)):
        inquiry = Inquiry(by_name(1))
        found(inquiry, users(7))
        request = inquiry.next(KNOWN)
        assert isinstance(request, LookUp) and request.clauses[0][1].startswith("n1-")
        found(inquiry, gives)
        assert len([one for one in inquiry.readings if one.strangers]) == strangers
        assert len(inquiry.lessons) == 1 - strangers


def test_d1_a_proof_that_is_not_found_leaves_one_comparison_for_each_filter() -> None:
    proofs = (("userName", "n9"), ("userName", "n8"))
    inquiry = Inquiry(replace(by_name(1, 2), by_filter=True, proofs=proofs))
    request = inquiry.next(KNOWN)
    assert isinstance(request, LookUp)
    assert request.clauses == (proofs[1], *by_name(1, 2).clauses, proofs[0])
    found(inquiry, users(9))
    assert [one.values for one in inquiry.lessons] == [{"filter_clauses": 1}]
    found(inquiry, [])
    found(inquiry, users(2))
    assert inquiry.next(KNOWN) is None
    assert not any(one.unproven for one in inquiry.readings)


def test_d1_filters_that_do_not_find_a_known_resource_alone_find_nothing() -> None:
    proofs = (("userName", "n9"), ("userName", "n8"))
    inquiry = Inquiry(replace(by_name(1, 2), by_filter=True, proofs=proofs))
    found(inquiry, [])
    request = inquiry.next(KNOWN)
    assert isinstance(request, LookUp) and request.clauses == proofs[:1]
    found(inquiry, [])
    assert [one.values for one in inquiry.lessons] == [{"filter_clauses": 1}, {"filters": False}]
    assert inquiry.next(KNOWN) is None


def test_d1_a_key_that_is_asked_alone_is_preceded_by_a_known_resource() -> None:
    inquiry = Inquiry(replace(by_name(1), by_filter=True, proofs=(("userName", "n9"),)))
    request = inquiry.next(KNOWN)
    assert isinstance(request, LookUp) and request.clauses == (("userName", "n9"),)
    found(inquiry, users(9))
    assert asked(inquiry) == 1
    found(inquiry, [])
    assert inquiry.next(KNOWN) is None and not inquiry.lessons


def test_an_incomplete_answer_is_an_error() -> None:
    inquiry = Inquiry(by_name(1))
    request = inquiry.next(KNOWN)
    assert isinstance(request, LookUp)
    with pytest.raises(ScimError, match="the answer is not complete: 0 of 1 came; run again"):
        inquiry.take_found(request, [], KNOWN, incomplete="0 of 1 came")


def test_names_that_a_filter_missed_by_case_are_listed() -> None:
    exact = overridden({"filter_case": "exact"})
    inquiry = Inquiry(Question(kind=USER, clauses=(("userName", "N1"), ("externalId", "x2"))))
    found(inquiry, [], exact)
    assert answered(inquiry.readings) == [("externalId", "x2")]
    assert inquiry.next(exact) == NextPage(begins=True, everything=True)


# ids


def read_by_id(inquiry: Inquiry, known: Capabilities = KNOWN) -> list[str]:
    """Answer what is read by id: nothing exists."""
    read = []
    while (request := inquiry.next(known)) is not None:
        assert isinstance(request, ById)
        read.append(request.ident)
        inquiry.take_resource(request, None, known)
    return read


def test_one_id_is_read_by_its_address() -> None:
    inquiry = Inquiry(by_id(1))
    assert read_by_id(inquiry) == ["u0"] and answered(inquiry.readings) == [("id", "u0")]


def test_several_ids_are_looked_up_and_those_not_found_read_one_by_one() -> None:
    inquiry = Inquiry(by_id(4))
    found(inquiry, users(0, 2))
    assert read_by_id(inquiry) == ["u1", "u3"]


@pytest.mark.parametrize("caps", [{"filters": False}, {"filter_ids": False}])
def test_many_ids_without_filters_are_preceded_by_a_page(caps: dict[str, Any]) -> None:
    known = overridden(caps)
    assert read_by_id(Inquiry(by_id(3)), known) == ["u0", "u1", "u2"]
    inquiry = Inquiry(by_id(6))
    assert inquiry.next(known) == FIRST
    page(inquiry, users(0, 1), Listed(pages=1, rows=2, total=6, promised=6))
    assert inquiry.next(known) == NextPage(begins=False, everything=False)
    whole = Listed(pages=2, rows=4, total=4, promised=6, ended=True, whole=True)
    inquiry.take_page(users(2, 3), whole, known)
    assert read_by_id(inquiry, known) == ["u4", "u5"]


def test_many_ids_are_read_one_by_one_where_lists_are_refused() -> None:
    known = overridden({"filter_ids": False})
    inquiry = Inquiry(by_id(6))
    assert inquiry.next(known) == FIRST
    inquiry.begin_listing()
    assert inquiry.goes_on_without_page() and len(read_by_id(inquiry, known)) == 6


def test_many_ids_of_a_large_directory_are_read_one_by_one() -> None:
    known = overridden({"filter_ids": False})
    inquiry = Inquiry(by_id(6))
    page(inquiry, users(0), Listed(pages=1, rows=1, total=90, promised=90))
    assert read_by_id(inquiry, known) == ["u1", "u2", "u3", "u4", "u5"]


def test_refused_ids_are_tried_alone_and_then_read_one_by_one() -> None:
    inquiry = Inquiry(by_id(3))
    assert refused(inquiry) and asked(inquiry) == 1
    assert refused(inquiry) and read_by_id(inquiry) == ["u0", "u1", "u2"]
    assert [one.values for one in inquiry.lessons] == [{"filter_ids": False}]


def test_members_of_groups_are_read_one_by_one() -> None:
    known = overridden({"members_read": "ask"})
    inquiry = Inquiry(Question(kind=GROUP, ids=("g1", "g2"), members=True))
    request = inquiry.next(known)
    assert request == ById("g1", MEMBER_ATTRIBUTES)
    inquiry.take_resource(ById("g1", MEMBER_ATTRIBUTES), {"id": "g1"}, known)
    (reading,) = inquiry.readings
    assert reading.members_shown and reading.partial and reading.answered == (("id", "g1"),)


def test_a_group_without_members_is_read_in_the_other_form_too() -> None:
    inquiry = Inquiry(Question(kind=GROUP, ids=("g1",), members=True))
    for attributes in (MEMBER_ATTRIBUTES, ""):
        request = inquiry.next(KNOWN)
        assert request == ById("g1", attributes)
        inquiry.take_resource(ById("g1", attributes), {"id": "g1"}, KNOWN)
    assert inquiry.next(KNOWN) is None
    assert [(one.members_shown, one.partial) for one in inquiry.readings] == [
        (False, True),
        (True, False),
    ]


def test_a_whole_group_that_shows_no_members_is_asked_for_them_once() -> None:
    inquiry = Inquiry(Question(kind=GROUP, ids=("g1",), members=True, whole=True))
    group = {"id": "g1", "displayName": "red"}
    for attributes in ("", MEMBER_ATTRIBUTES):
        request = inquiry.next(KNOWN)
        assert request == ById("g1", attributes)
        inquiry.take_resource(ById("g1", attributes), group, KNOWN)
    assert inquiry.next(KNOWN) is None
    assert [(one.members_shown, one.partial) for one in inquiry.readings] == [
        (False, False),
        (True, True),
    ]


# everything


def test_everything_is_listed_page_by_page_and_says_whether_it_is_whole() -> None:
    inquiry = Inquiry(Question(kind=GROUP, members=True), Listed(total=2))
    assert inquiry.next(KNOWN) == NextPage(begins=True, everything=True)
    page(inquiry, [{"id": "g1"}], Listed(pages=1, rows=1, total=2, promised=2))
    assert inquiry.next(KNOWN) == NextPage(begins=False, everything=True)
    whole = Listed(pages=2, rows=2, total=2, ended=True, whole=True, came="2 of 2 came")
    inquiry.take_page([{"id": "g2"}], whole, KNOWN)
    assert inquiry.next(KNOWN) is None
    assert [(one.listed, one.members_listed) for one in inquiry.readings] == [
        (None, True),
        (True, True),
    ]


def test_incomplete_list_is_read_twice_and_reported_as_incomplete() -> None:
    inquiry = Inquiry(Question(kind=USER))
    for _time in range(2):
        assert inquiry.next(KNOWN) == NextPage(begins=True, everything=True)
        page(inquiry, users(1), Listed(pages=1, rows=1, total=2, ended=True, came="1 of 2 came"))
    assert inquiry.next(KNOWN) is None
    assert [(one.listed, one.came) for one in inquiry.readings] == [(False, "1 of 2 came")] * 2


def listed(*idents: str, sampled: bool = False) -> Inquiry:
    """Return an inquiry about members by the ids under which groups list them."""
    return Inquiry(Question(kind=USER, ids=idents, listed_ids=True, sampled=sampled))


def aliases(inquiry: Inquiry) -> dict[str, str]:
    return {listed: own for one in inquiry.readings for listed, own in one.aliases}


def test_a_filter_finds_members_that_are_listed_in_other_letters() -> None:
    inquiry = listed("U1", "u2")
    found(inquiry, users(1, 2))
    assert aliases(inquiry) == {"U1": "u1"} and inquiry.next(KNOWN) is None
    assert [one["id"] for one in inquiry.readings[0].resources] == ["u1", "u2"]


def test_other_ids_do_not_count_where_they_are_not_asked_for() -> None:
    inquiry = Inquiry(Question(kind=USER, ids=("U1", "U2")))
    found(inquiry, users(1, 2))
    assert not aliases(inquiry) and inquiry.next(KNOWN) == ById("U1", "")


def test_an_address_tells_the_own_id_of_any_user() -> None:
    inquiry = listed("x")
    found(inquiry, [])
    inquiry.take_resource(ById("x", ""), users(7)[0], KNOWN)
    assert aliases(inquiry) == {"x": "u7"}


def test_one_address_is_the_sample_of_all_ids_that_no_filter_found() -> None:
    gone = listed("x", "y", "z", sampled=True)
    found(gone, [])
    gone.take_resource(ById("x", ""), None, KNOWN)
    assert gone.next(KNOWN) is None
    assert set(answered(gone.readings)) == {("id", "x"), ("id", "y"), ("id", "z")}
    blind = listed("x", "y", sampled=True)
    found(blind, [])
    blind.take_resource(ById("x", ""), users(7)[0], KNOWN)
    assert blind.next(KNOWN) == ById("y", "")


def test_a_filter_that_finds_one_id_needs_no_sample() -> None:
    inquiry = listed("u1", "y", "z", sampled=True)
    found(inquiry, users(1))
    assert inquiry.next(KNOWN) is None
    assert set(answered(inquiry.readings)) == {("id", "y"), ("id", "z")}


@pytest.mark.parametrize("rows, own", [(2, {"U1": "u1"}), (3, {})])
def test_a_whole_list_tells_ids_in_other_letters(rows: int, own: dict[str, str]) -> None:
    known = overridden({"filters": False})
    inquiry = listed("U1", "u2", "x1", "x2", "x3", sampled=True)
    assert isinstance(inquiry.next(known), NextPage)
    page(inquiry, users(1, 2), Listed(pages=1, rows=rows, ended=True, whole=True), filters=False)
    assert aliases(inquiry) == own
