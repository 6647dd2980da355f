# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources and values for property tests.

They are such as services really hold, awkward ones included.
"""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from ansible_collections.identity.scim.plugins.module_utils._model.schema import (
    ENTERPRISE_URN,
    USER,
    Attribute,
    ResourceType,
)

FOREIGN_URN = "urn:example:params:scim:schemas:extension:building:2.0:User"
SINGLE = tuple(a.name for a in USER.attributes if a.type == "string" and not a.secret)
MANY = tuple(a for a in USER.attributes if a.many)

words = st.text(
    st.sampled_from("abcXYZ019 \"\\'+%&=/?#é\u0301ßıİ漢🙂\u200d{}[].:-_@\n\t"),
    min_size=1,
    max_size=12,
).filter(str.strip)
plain_json = st.recursive(
    st.one_of(st.booleans(), st.integers(-5, 5), words),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3),
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def paths(kind: ResourceType) -> Iterator[tuple[str, Attribute]]:
    """The path of every attribute and sub-attribute that the table of a kind knows."""
    pools = [("", kind.attributes), *((f"{e.urn}:", e.attributes) for e in kind.extensions)]
    for urn, table in pools:
        for one in table:
            yield urn + one.name, one
            yield from ((f"{urn}{one.name}.{sub.name}", sub) for sub in one.sub)


@st.composite
def entries(
    draw: st.DrawFn,
    primaries: int = 1,
    values: st.SearchStrategy[str] = st.sampled_from(("a@x.org", "b@x.org", "c@x.org", "A@x.org")),
) -> list[dict[str, object]]:
    """The entries of a multi-valued attribute, with at most so many primary ones."""
    found = []
    left = primaries
    for _number in range(draw(st.integers(0, 4))):
        one: dict[str, object] = {"value": draw(values)}
        kind = draw(st.sampled_from(("work", "home", "other", "Work", None)))
        if kind:
            one["type"] = kind
        primary = draw(st.sampled_from((None, False, True)))
        if primary is not None and not (primary and not left):
            left -= bool(primary)
            one["primary"] = primary
        if draw(st.booleans()):
            one["display"] = draw(st.sampled_from(("the one", "the other")))
        if one not in found:
            found.append(one)
    return found


@st.composite
def users(draw: st.DrawFn) -> dict[str, object]:
    """A user as JSON without nulls and empty lists, in which each attribute is spelt as the schema does."""
    resource: dict[str, object] = draw(st.dictionaries(st.sampled_from(SINGLE), words, max_size=4))
    if draw(st.booleans()):
        resource["active"] = draw(st.booleans())
    for attribute in draw(st.lists(st.sampled_from(MANY), unique_by=lambda a: a.name, max_size=2)):
        found = draw(entries())
        if found:
            resource[attribute.name] = found
    name = draw(
        st.dictionaries(
            st.sampled_from(("formatted", "givenName", "familyName")), words, max_size=3
        )
    )
    if name:
        resource["name"] = name
    enterprise = draw(
        st.dictionaries(st.sampled_from(("department", "employeeNumber")), words, max_size=2)
    )
    if draw(st.booleans()):
        enterprise = {**enterprise, "manager": {"value": draw(words)}}
    if enterprise:
        resource[ENTERPRISE_URN] = enterprise
    foreign = draw(st.dictionaries(st.sampled_from(("floor", "desk")), plain_json, max_size=2))
    if foreign:
        resource[FOREIGN_URN] = foreign
    return resource
