# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option tables of the modules; knows no Ansible class.

The argument_spec and the documentation are both generated from these tables. Each attribute of
schema.py becomes an option with its name in snake case. All other options are listed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .schema import GROUP, USER, Attribute, Extension, ResourceType

SPEC_KEYS = ("type", "elements", "default", "choices", "required")


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option of a module: its checks by Ansible and its documentation."""

    name: str
    doc: str | tuple[str, ...]
    type: str = "str"
    elements: str | None = None
    default: Any = None
    choices: tuple[str, ...] = ()
    required: bool = False
    secret: bool | None = None
    env: str = ""
    options: tuple[Option, ...] = ()
    exclusive: bool = False


def from_attribute(attribute: Attribute) -> Option:
    """Return the option for an attribute."""
    if attribute.references:
        return Option(name=attribute.option, doc=attribute.doc, type="raw")
    sub = tuple(from_attribute(one) for one in attribute.sub)
    if attribute.many:
        return Option(
            name=attribute.option, doc=attribute.doc, type="list", elements="dict", options=sub
        )
    kinds = {"boolean": "bool", "complex": "dict"}
    return Option(
        name=attribute.option,
        doc=attribute.doc,
        type=kinds.get(attribute.type, "str"),
        options=sub,
        secret=True if attribute.secret else None,
    )


def from_extension(extension: Extension) -> Option:
    """Return the dictionary option for the attributes of an extension."""
    return Option(
        name=extension.option,
        doc=extension.doc,
        type="dict",
        options=tuple(from_attribute(a) for a in extension.attributes),
    )


def attribute_options(kind: ResourceType) -> tuple[Option, ...]:
    """Return the options for all attributes of a resource type."""
    return (
        *(from_attribute(a) for a in kind.attributes),
        *(from_extension(e) for e in kind.extensions),
    )


def argument_spec(options: Iterable[Option]) -> dict[str, dict[str, Any]]:
    """Return Ansible's ``argument_spec`` for a table of options.

    ``no_log`` is set for secrets, and set to false for names that only look like a secret.
    """
    spec: dict[str, dict[str, Any]] = {}
    for option in options:
        one = {
            key: getattr(option, key)
            for key in SPEC_KEYS
            if getattr(option, key) not in (None, (), False)
        }
        if option.default is False:
            one["default"] = False
        if option.choices:
            one["choices"] = list(option.choices)
        if option.secret is not None:
            one["no_log"] = option.secret
        if option.options:
            one["options"] = argument_spec(option.options)
        if option.exclusive:
            one["mutually_exclusive"] = [
                [sub.name for sub in option.options if sub.name != "remove"],
                [sub.name for sub in option.options if sub.name != "add"],
            ]
        spec[option.name] = one
    return spec


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
        "Attributes of an extension go under its schema URN.",
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
        "Entries of other types stay.",
        "V(exact) removes all entries that the task does not set.",
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
        "Attributes are always compared with the response of the service.",
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
USER_ITEM = (
    Option(
        name="state",
        choices=("present", "inactive", "absent"),
        default="present",
        doc=(
            "V(present) creates or updates the user. O(active) is changed only if it is set.",
            "V(inactive) sets C(active) to false and keeps the user. It never creates a user. "
            "If the user does not exist, the task warns and changes nothing.",
            "V(absent) deletes the user. The effect depends on the service: "
            "some only deactivate the user, and some can never undo it.",
        ),
    ),
    ID,
    *attribute_options(USER),
    *MANAGED,
    Option(
        name="match_by",
        type="list",
        elements="str",
        choices=("id", "external_id", "user_name", "email"),
        doc=(
            "The keys that find an existing user, the most trusted first. "
            "Keys that the task does not set are skipped.",
            "Defaults to V(id), V(external_id), V(user_name).",
            "V(email) adopts existing accounts by their e-mail addresses.",
            "It is an error if the keys find different users.",
            "If C(id) is set, it is always a key. It comes first unless the list contains it.",
        ),
    ),
    MULTI_VALUED,
    UPDATE_PASSWORD,
    sets(
        "groups",
        "The groups that the user is a direct member of. Groups are never created here.",
        GROUP_REFERENCE_DOC,
    ),
    UPDATE_METHOD,
)
GROUP_ITEM = (
    Option(
        name="state",
        choices=("present", "absent"),
        default="present",
        doc=(
            "V(present) creates or updates the group.",
            "V(absent) deletes the group. Its members are not deleted.",
        ),
    ),
    ID,
    *attribute_options(GROUP),
    *MANAGED,
    Option(
        name="match_by",
        type="list",
        elements="str",
        choices=("id", "external_id", "display_name"),
        doc=(
            "The keys that find an existing group, the most trusted first. "
            "Keys that the task does not set are skipped.",
            "Defaults to V(id), V(external_id), V(display_name).",
            "If C(id) is set, it is always a key. It comes first unless the list contains it.",
        ),
    ),
    Option(
        name="previous_names",
        type="list",
        elements="str",
        doc=(
            "Earlier display names of the group.",
            "If no key finds the group, a group with one of these names is renamed. "
            "It keeps its members.",
        ),
    ),
    sets("members", f"The direct members of the group. {AS_IT_IS}", REFERENCE_DOC),
    UPDATE_SECRETS,
    UPDATE_METHOD,
)
USER_OPTIONS = (*USER_ITEM, VERIFY)
GROUP_OPTIONS = (*GROUP_ITEM, VERIFY)
MEMBERSHIP_OPTIONS = (
    Option(
        name="state",
        choices=("present", "absent", "exact"),
        default="present",
        doc=(
            "V(present) adds the listed members. Other members stay.",
            "V(absent) removes the listed members. Other members stay.",
            "V(exact) makes the listed members the only members of the group.",
        ),
    ),
    Option(name="group", doc="The display name of the group. Required unless O(group_id) is set."),
    Option(name="group_id", doc="The id of the group. Mutually exclusive with O(group)."),
    Option(
        name="members",
        type="list",
        elements="raw",
        required=True,
        doc=(f"The members, each {REFERENCE_DOC}.", AS_IT_IS),
    ),
    Option(
        name="missing_members",
        choices=("fail", "ignore"),
        default="fail",
        doc=(
            "What happens if listed members do not exist.",
            "V(fail) names all of them and fails before any write. "
            "V(ignore) continues without them.",
            "With O(state=exact), the task always fails if none of the listed members exists "
            "and the group would become empty.",
        ),
    ),
    UPDATE_METHOD,
    VERIFY,
)
TEAM_MEMBER = tuple(
    replace(
        option,
        default=None,
        doc=(
            "V(present) creates or updates the user and adds the user to the team. "
            "The user is activated unless O(teams[].members[].active) is set.",
            "V(inactive) deactivates and V(absent) deletes the user. "
            "In both cases the user is not a member of the team.",
            "Defaults to V(present). In an offboarded team, an omitted state means that "
            "O(leavers) applies to the user.",
        ),
    )
    if option.name == "state"
    else option
    for option in USER_ITEM
)
TEAM_ITEM = (
    Option(name="name", required=True, doc="The display name of the team's group."),
    Option(name="external_id", doc="The external id of the team's group."),
    Option(
        name="state",
        choices=("onboarded", "offboarded"),
        default="onboarded",
        doc=(
            "V(onboarded) creates or updates the group and its members, "
            "and manages the memberships.",
            "V(offboarded) removes the listed members from the group and from O(teams[].groups), "
            "and applies O(leavers) to them.",
            "An offboarded group is kept. "
            "Members that are not listed stay in it and are returned in RV(unmanaged).",
        ),
    ),
    Option(
        name="membership",
        choices=("exact", "additive"),
        doc="Overrides, for this team, the value that is set for all teams.",
    ),
    Option(
        name="members",
        type="list",
        elements="dict",
        options=TEAM_MEMBER,
        doc=(
            "The members of the team. Required.",
            "The list must not be empty if O(teams[].state=offboarded).",
        ),
    ),
    Option(
        name="groups",
        type="list",
        elements="raw",
        doc=(
            f"Further groups for each member, each {GROUP_REFERENCE_DOC}.",
            "They must exist, or the same task must define them as a group or team. "
            "They are not created here.",
            "Users removed from the team stay in these groups, and therefore stay active, "
            "unless O(leavers_ignore_groups) covers the groups.",
            "Members with the C(state) C(inactive) or C(absent), "
            "and the members of an offboarded team, leave these groups too.",
        ),
    ),
)


def info_options(kind: ResourceType | None) -> tuple[Option, ...]:
    """Return the options to read resources of one type, or of any type if None."""
    name = kind.at(kind.name_attribute).option if kind is not None else ""
    noun = kind.name.lower() if kind is not None else "resource"
    named = Option(
        name=name,
        doc=(
            f"Read the {noun}s with this name.",
            f"O(id), O({name}) and O(filter) are mutually exclusive.",
        ),
    )
    return (
        *(() if kind is not None else (ENDPOINT,)),
        Option(name="id", doc=f"Read the {noun} with this id."),
        *((named,) if kind is not None else ()),
        Option(
            name="filter",
            doc="A SCIM filter (RFC 7644 section 3.4.2.2). It is sent unchanged.",
        ),
        Option(
            name="attributes",
            type="list",
            elements="str",
            doc=(
                "SCIM names of the attributes to return, "
                "for example V(userName) or V(emails.value)."
            ),
        ),
        Option(
            name="excluded_attributes",
            type="list",
            elements="str",
            doc="SCIM names of attributes to leave out, for example V(members).",
        ),
        Option(
            name="sort_by",
            doc=("The SCIM name of the attribute to sort by. Not every service supports sorting."),
        ),
        Option(
            name="sort_order", choices=("ascending", "descending"), doc="The order of O(sort_by)."
        ),
        Option(
            name="page_size",
            type="int",
            doc=(
                "The number of resources to request in one page.",
                "Defaults to the largest page that the service is known to support.",
            ),
        ),
        Option(name="limit", type="int", doc="Stop after this number of resources."),
        Option(
            name="query",
            doc=(
                "A JMESPath expression that is evaluated over the list of resources.",
                "Its value is returned as RV(query_result).",
            ),
        ),
    )


RESOURCE_OPTIONS = (
    ENDPOINT,
    Option(
        name="schema",
        doc=(
            "The URN of the resource's schema. "
            "Services need it when a resource is created or replaced.",
            "Known for V(Users) and V(Groups). "
            "Required with O(state=present) for all other endpoints.",
        ),
    ),
    Option(
        name="state",
        choices=("present", "absent"),
        default="present",
        doc=(
            "V(present) creates or updates the resource.",
            "V(absent) deletes the resource. The effect depends on the service.",
        ),
    ),
    ID,
    Option(
        name="attributes",
        type="dict",
        default={},
        doc=(
            "SCIM names and values. Attributes that are not set stay unchanged.",
            "Dictionaries are merged with the current value. "
            "Lists are complete, except as described in O(multi_valued).",
            "Read-only attributes and passwords are errors here.",
        ),
    ),
    SECRET_RAW,
    Option(
        name="clear",
        type="list",
        elements="str",
        doc=(
            "SCIM paths of the attributes to remove, for example V(nickName) or V(name.middleName)."
        ),
    ),
    Option(
        name="create_only",
        type="list",
        elements="str",
        doc=(
            "SCIM names of attributes that are set when the resource is created "
            "and never changed afterwards."
        ),
    ),
    Option(
        name="match_by",
        type="list",
        elements="str",
        default=["externalId"],
        doc=(
            "SCIM names of the attributes that find an existing resource, the most trusted first.",
            "Attributes that the task does not set are skipped. If O(id) is set, it comes first.",
            "It is an error if the keys find different resources.",
        ),
    ),
    replace(
        MULTI_VALUED,
        doc=(
            "How lists of entries with a C(type) are managed, for example C(emails) of a user.",
            "V(merge) manages only entries of the types that the task sets. "
            "Entries of other types stay.",
            "V(exact) removes all entries that the task does not set.",
            "An empty list removes all entries in both cases.",
        ),
    ),
    UPDATE_SECRETS,
    UPDATE_METHOD,
)
