# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failure is one clear sentence."""

from __future__ import annotations

import pytest

from ansible_collections.identity.scim.plugins.module_utils._model.errors import (
    HINTS,
    ScimError,
    all_of,
    first_of,
    shortened,
)


@pytest.mark.parametrize(
    "error, sentence",
    [
        (ScimError("it is gone"), "it is gone"),
        (ScimError("it is gone", doing="reading user 'pam'"), "reading user 'pam': it is gone"),
        (
            ScimError(
                "the service answered 400",
                doing="creating user 'pam'",
                status=400,
                detail="no mail ",
                scim_type="invalidValue",
            ),
            "creating user 'pam': the service answered 400: no mail (invalidValue)",
        ),
        (
            ScimError("the service answered 400", scim_type="tooMany"),
            "the service answered 400: (tooMany)",
        ),
        (
            ScimError("the service answered 403", status=403, detail="Not yours."),
            "the service answered 403: Not yours; the credentials are known but not allowed to do this",
        ),
        (
            ScimError("the service answered 412", status=412, hint="go on"),
            "the service answered 412; go on",
        ),
        (ScimError("one", lines=("two", "three")), "one | two | three"),
    ],
)
def test_sentences(error: ScimError, sentence: str) -> None:
    assert str(error) == sentence


@pytest.mark.parametrize("status", HINTS)
def test_every_known_refusal_says_what_to_do(status: int) -> None:
    assert str(ScimError("refused", status=status)) == f"refused; {HINTS[status]}"


def test_b17_the_first_twenty_and_a_count() -> None:
    error = all_of([f"row {number}" for number in range(100)])
    assert str(error).split(" | ") == [*(f"row {number}" for number in range(20)), "and 80 more"]
    assert str(all_of(["only one"])) == "only one"
    assert str(all_of([f"row {number}" for number in range(20)])).count("|") == 19


@pytest.mark.parametrize(
    "text, most, shown",
    [
        ("short", 5, "short"),
        ("one two three", 9, "one two …"),
        ("one two three", 8, "one …"),
        ("token=s3cret", 8, "token=s3 …"),
        ("", 3, ""),
    ],
)
def test_long_text_is_cut_between_words(text: str, most: int, shown: str) -> None:
    assert shortened(text, most) == shown


def test_parts_of_an_error_can_be_read_and_reused() -> None:
    error = ScimError("refused", doing="reading", status=404, detail="no", scim_type="noTarget")
    assert (error.reason, error.doing, error.status) == ("refused", "reading", 404)
    assert (error.detail, error.scim_type, error.hint) == ("no", "noTarget", HINTS[404])
    assert isinstance(error, Exception) and error.args == (error.sentence(),)
    assert len({error, ScimError("refused"), ScimError("refused")}) == 3
    with pytest.raises(TypeError):
        raise ScimError("refused", "reading")  # type: ignore[misc]


@pytest.mark.parametrize(
    "names, shown",
    [([], ""), (["a"], "a"), (["b", "a"], "b, a"), (["c", "b", "a", "d"], "c, b and 2 more")],
)
def test_first_names_and_how_many_more(names: list[str], shown: str) -> None:
    assert first_of(names, 2) == shown
    assert first_of(dict.fromkeys(names), 2) == shown
