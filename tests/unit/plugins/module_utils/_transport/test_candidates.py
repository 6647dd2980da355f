# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""K2: which texts may hold a secret; all others are not searched."""

from __future__ import annotations

import base64
import uuid

import pytest
from ansible_collections.identity.scim.plugins.module_utils._transport import text
from ansible_collections.identity.scim.plugins.module_utils._transport.candidates import (
    Candidates,
)
from ansible_collections.identity.scim.plugins.module_utils._transport.secret_forms import (
    all_forms,
)
from hypothesis import given
from hypothesis import strategies as st

SECRETS = ("s3cret-pw!", "p4ssW0rd", "tok-a9B8a9B8a9B8a9B8", "no", "kevin", "change", "pass word")
PLAIN = (
    "mscott",
    "Michael Scott",
    "michael.scott@example.com",
    "Regional Manager",
    "work",
    "Scranton",
    "en-US",
    "2819c223-7f76-453a-919d-413861904646",
)


def candidates(*secrets: str) -> Candidates:
    forms = all_forms(secrets)
    return Candidates(forms, tuple(one.encode() for one in forms if text.is_distinct(one)))


def searched(value: str, forms: tuple[str, ...]) -> str:
    """Mask a text that is searched for every form."""

    class Every(Candidates):
        def may_be_in(self, text: str) -> bool:
            return True

        def may_be_coded_in(self, text: str) -> bool:
            return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_last", (forms, Every((), ())))
        return text.mask(value, forms)


def test_k2_plain_texts_are_not_searched() -> None:
    known = candidates("s3cret-pw!", "tok-a9B8a9B8a9B8a9B8")
    for one in PLAIN:
        assert not known.may_be_in(one) and not known.may_be_coded_in(one)


def test_k2_nothing_is_searched_for_no_secret() -> None:
    known = candidates()
    assert not known.may_be_in("a text") and not known.may_be_coded_in("a" * 99)


def pieces() -> st.SearchStrategy[str]:
    secrets = st.sampled_from(SECRETS)
    coded = st.builds(
        lambda before, secret, after: base64.b64encode(before + secret.encode() + after).decode(),
        st.binary(max_size=20),
        secrets,
        st.binary(max_size=20),
    )
    forms = secrets.flatmap(lambda one: st.sampled_from(all_forms([one])))
    plain = st.sampled_from((*PLAIN, str(uuid.UUID(int=7)), "a" * 30, "changes", "deadbeef" * 4))
    parts = st.sampled_from(("\n", "\r\n  ", "\\n", " ", "'", "=", ": ", "-", "%0A", "é", ""))
    wrapped = st.tuples(coded, parts).map(lambda one: one[0][:17] + one[1] + one[0][17:])
    return st.one_of(secrets, coded, forms, plain, parts, wrapped, st.text(max_size=9))


@given(
    st.lists(pieces(), max_size=6).map("".join),
    st.lists(st.sampled_from(SECRETS), max_size=3, unique=True),
)
def test_k2_a_text_is_masked_as_if_it_were_searched_for_every_form(
    value: str, secrets: list[str]
) -> None:
    forms = all_forms(secrets)
    assert text.mask(value, forms) == searched(value, forms)
