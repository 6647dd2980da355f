# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that several tables share.

Knows the documentation of references, no table.
"""

from __future__ import annotations

from dataclasses import replace

from .options import Option

REFERENCE_DOC = (
    "a user name, or a dictionary with exactly one of C(id), C(user_name), C(external_id), "
    "C(email) or C(group) (the display name of a nested group)"
)
AS_IT_IS = "Members given by C(id) are not looked up. The service decides whether they exist."
GROUP_REFERENCE_DOC = (
    "a display name, or a dictionary with exactly one of C(id), C(external_id) or C(display_name)"
)


def sets(name: str, doc: str, what: str) -> Option:
    """Return the option ``{set | add | remove: [...]}`` for members or groups."""
    return Option(
        name=name,
        doc=doc,
        type="dict",
        exclusive=True,
        options=(
            Option(
                name="set",
                type="list",
                elements="raw",
                doc=(
                    f"The complete list, each entry {what}.",
                    "Mutually exclusive with C(add) and C(remove).",
                ),
            ),
            Option(
                name="add",
                type="list",
                elements="raw",
                doc="Entries to add, in the same form as in C(set). All other entries stay.",
            ),
            Option(
                name="remove",
                type="list",
                elements="raw",
                doc="Entries to remove, in the same form as in C(set). All other entries stay.",
            ),
        ),
    )


ID = Option(
    name="id",
    doc=(
        "The identifier that the service assigned to the resource.",
        "It is used to find the resource and never changed.",
    ),
)
ENDPOINT = Option(
    name="endpoint",
    required=True,
    doc=(
        "The endpoint of the resource type below the base URL, for example V(Users) or V(Devices)."
    ),
)
RAW = Option(
    name="attributes",
    type="dict",
    doc=(
        "Attributes without an option of their own, as SCIM names and values.",
        "Attributes of an extension go under its schema URN. A dot in a name separates an "
        "attribute and its sub-attribute.",
        "Attributes that have an option, read-only attributes and passwords are errors here.",
    ),
)
SECRET_RAW = Option(
    name="secret_attributes",
    type="dict",
    secret=True,
    doc=(
        "Like O(attributes), but for secret values. They are never shown.",
        "They cannot be read back, so O(update_password) decides when they are sent.",
    ),
)
CLEAR = Option(
    name="clear",
    type="list",
    elements="str",
    doc=(
        "Attributes to remove, by option name, for example V(external_id). "
        "For users also V(name.middle_name) or V(enterprise.manager).",
        "An attribute without an option is named with its schema URN, "
        "for example V(urn:example:2.0:User:badge).",
        "If you clear a complex attribute and also set one of its sub-attributes, "
        "that sub-attribute is kept.",
        "This is the only way to remove a single-valued attribute. "
        "An omitted or null option leaves the attribute unchanged.",
    ),
)
CREATE_ONLY = Option(
    name="create_only",
    type="list",
    elements="str",
    doc=(
        "Options that are set when the resource is created and never changed afterwards, "
        "for example V(external_id).",
        "Names from O(attributes) are allowed too.",
    ),
)
MULTI_VALUED = Option(
    name="multi_valued",
    choices=("merge", "exact"),
    default="merge",
    doc=(
        "How lists such as O(emails) are managed.",
        "V(merge) manages only entries of the types that the task sets. "
        "Entries of other types stay, and entries without a type are one type.",
        "Roles, entitlements and certificates are told apart by their values instead. "
        "With V(merge), those that the task sets are added and others stay.",
        "V(exact) removes all entries that the task does not set. "
        "For a single list, C(set) does the same.",
        "An empty list removes all entries in both cases.",
    ),
)
UPDATE_METHOD = Option(
    name="update_method",
    choices=("auto", "patch", "put"),
    default="auto",
    doc=(
        "How an existing resource is changed.",
        "V(auto) uses PATCH, or PUT if the service does not support PATCH.",
        "V(patch) always uses PATCH.",
        "V(put) replaces the whole resource. "
        "The id and all attributes that the task does not set are kept.",
    ),
)
VERIFY = Option(
    name="verify",
    choices=("removals", "writes", "none"),
    default="removals",
    doc=(
        "When the members of a group are read again to verify a write.",
        "V(removals) reads after each removal, V(writes) after every write, V(none) never.",
        "The first write of its kind is always read, unless the answer shows the members.",
        "Unless V(none) is set, users that move leave the old group only after they were seen in "
        "the new one.",
    ),
)
ALWAYS_CHANGED = (
    "They cannot be read back, so V(always) sends them in every run and always reports changed."
)
UPDATE_PASSWORD = Option(
    name="update_password",
    choices=("on_create", "always"),
    default="on_create",
    secret=False,
    doc=("When O(password) and O(secret_attributes) are sent.", ALWAYS_CHANGED),
)
UPDATE_SECRETS = replace(
    UPDATE_PASSWORD, doc=("When O(secret_attributes) are sent.", ALWAYS_CHANGED)
)

MANAGED = (RAW, SECRET_RAW, CLEAR, CREATE_ONLY)
