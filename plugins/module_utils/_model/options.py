# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as one table: what a task may state, from which argument_spec and documentation both come; knows no Ansible class.

The attributes of schema.py become options of the same name in snake case; what is not an attribute is listed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .schema import GROUP, USER, Attribute, Extension, ResourceType

SPEC_KEYS = ("type", "elements", "default", "choices", "required")


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option of a module: how Ansible checks it and what its documentation says."""

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
    """The option that states an attribute."""
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
    """The dictionary option that states the attributes of an extension."""
    return Option(
        name=extension.option,
        doc=extension.doc,
        type="dict",
        options=tuple(from_attribute(a) for a in extension.attributes),
    )


def attribute_options(kind: ResourceType) -> tuple[Option, ...]:
    """The options that state the attributes of a kind of resource."""
    return (
        *(from_attribute(a) for a in kind.attributes),
        *(from_extension(e) for e in kind.extensions),
    )


def argument_spec(options: Iterable[Option]) -> dict[str, dict[str, Any]]:
    """The table → Ansible's ``argument_spec``; ``no_log`` is stated wherever a name could be taken for a secret's."""
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
    "a string (a user name) or a dictionary with exactly one of C(id), C(user_name), C(external_id), C(email), "
    "C(group) (the display name of a nested group)"
)
AS_IT_IS = "A user stated by C(id) is not looked up; whether there is one the service decides."
GROUP_REFERENCE_DOC = "a string (a display name) or a dictionary with exactly one of C(id), C(external_id), C(display_name)"


def sets(name: str, doc: str, what: str) -> Option:
    """The option ``{set | add | remove: [...]}`` for members of a group or groups of a user."""
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
                doc=f"Exactly these and no others, each {what}. Cannot be combined with the other two.",
            ),
            Option(
                name="add",
                type="list",
                elements="raw",
                doc="These are to be among them, whoever else is; each as in C(set).",
            ),
            Option(
                name="remove",
                type="list",
                elements="raw",
                doc="These are not to be among them; each as in C(set).",
            ),
        ),
    )


ID = Option(
    name="id",
    doc="The identifier that the service gave the resource. It is never set, only used to find the resource.",
)
ENDPOINT = Option(
    name="endpoint",
    required=True,
    doc="The endpoint of the resource type below the base URL, for example V(Users) or V(Devices).",
)
RAW = Option(
    name="attributes",
    type="dict",
    doc=(
        "Attributes that have no option, as SCIM names and values, those of an extension under its schema URN.",
        "Naming an attribute that has an option of its own, a read-only one or a password is an error.",
    ),
)
SECRET_RAW = Option(
    name="secret_attributes",
    type="dict",
    secret=True,
    doc=(
        "Like O(attributes), for values that are secret. They are never shown and never read back, so O(update_password) decides when they are sent."
    ),
)
CLEAR = Option(
    name="clear",
    type="list",
    elements="str",
    doc=(
        "Attributes to remove, by option name, for example V(external_id), or of a user V(name.middle_name) and V(enterprise.manager).",
        "One without an option is named by the URN of its schema, for example V(urn:example:2.0:User:badge). What is stated of something that is cleared stays.",
        "This is the only way to remove a single-valued attribute: an omitted or null option leaves it as it is.",
    ),
)
CREATE_ONLY = Option(
    name="create_only",
    type="list",
    elements="str",
    doc=(
        "Options, by name, that are set when the resource is created and left alone ever after, for example V(external_id), "
        "and names that C(attributes) states."
    ),
)
MULTI_VALUED = Option(
    name="multi_valued",
    choices=("merge", "exact"),
    default="merge",
    doc=(
        "Whether lists such as O(emails) state the entries of the types they name (V(merge)) or all entries there are (V(exact)).",
        "An empty list removes all entries either way.",
    ),
)
UPDATE_METHOD = Option(
    name="update_method",
    choices=("auto", "patch", "put"),
    default="auto",
    doc=(
        "How an existing resource is changed: V(auto) uses PATCH, and PUT where the service has no PATCH.",
        "V(put) replaces the whole resource. It keeps its id and everything that the task does not state.",
    ),
)
VERIFY = Option(
    name="verify",
    choices=("removals", "writes", "none"),
    default="removals",
    doc=(
        "When the members of a group are read again to prove a write: after a removal, after every write, or never.",
        "Attributes are always compared with the service's answer.",
    ),
)
UPDATE_PASSWORD = Option(
    name="update_password",
    choices=("on_create", "always"),
    default="on_create",
    secret=False,
    doc=(
        "When O(password) and O(secret_attributes) are sent. They cannot be read back, so V(always) sends them in every run and is always changed."
    ),
)

MANAGED = (RAW, SECRET_RAW, CLEAR, CREATE_ONLY)
USER_ITEM = (
    Option(
        name="state",
        choices=("present", "inactive", "absent"),
        default="present",
        doc=(
            "V(present) makes the user as stated and leaves O(active) alone unless it is stated.",
            "V(inactive) keeps the user with C(active) false. It never creates one: an unknown user is unchanged, with a warning.",
            "V(absent) deletes the user. What that means differs by service: some only deactivate, some can never undo it.",
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
            "By which of the stated keys an existing user is found, the most trusted first. By default V(id), V(external_id), V(user_name).",
            "V(email) adopts existing accounts by the value of their e-mail addresses. The keys must not point at different users.",
            "A stated C(id) is always a key: the first one, where it is not in the list.",
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
            "V(present) makes the group as stated.",
            "V(absent) deletes the group, never its members.",
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
            "By which of the stated keys an existing group is found, the most trusted first. By default all three in this order.",
            "A stated C(id) is always a key: the first one, where it is not in the list.",
        ),
    ),
    Option(
        name="previous_names",
        type="list",
        elements="str",
        doc=(
            "Display names that the group had before. If none of the keys finds it, a group of one of these names is renamed, and keeps its members."
        ),
    ),
    sets("members", f"The direct members of the group. {AS_IT_IS}", REFERENCE_DOC),
    replace(
        UPDATE_PASSWORD,
        doc=(
            "When O(secret_attributes) are sent. They cannot be read back, so V(always) sends them in every run and is always changed."
        ),
    ),
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
            "V(present) adds the listed members and V(absent) removes them, whoever else is in the group.",
            "V(exact) makes the listed members the only ones.",
        ),
    ),
    Option(
        name="group", doc="The display name of the group. Either this or O(group_id) is required."
    ),
    Option(name="group_id", doc="The id of the group, instead of O(group)."),
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
            "What to do about members that do not exist: fail before any write and name them all, or go on without them.",
            "With O(state=exact), a list of which nobody exists is an error either way where it would empty the group.",
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
            "V(present) makes the person as stated, a member of the team, and active unless O(teams[].members[].active) says otherwise.",
            "V(inactive) and V(absent) deactivate or delete the person, who is no member of the team then.",
            "Not stated means V(present).",
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
            "V(onboarded) makes the group, its people and who is in it as stated.",
            "V(offboarded) takes the listed members out of the group and out of O(teams[].groups) and applies O(leavers) to them.",
            "The group itself is kept. Members that are not listed stay in it and are named in RV(unmanaged).",
        ),
    ),
    Option(
        name="membership",
        choices=("exact", "additive"),
        doc="For this team, instead of what holds for all of them.",
    ),
    Option(
        name="members",
        type="list",
        elements="dict",
        options=TEAM_MEMBER,
        doc="The people of the team. An offboarded team must list whom it is about.",
    ),
    Option(
        name="groups",
        type="list",
        elements="raw",
        doc=(
            f"Further groups that each member is to be in, each {GROUP_REFERENCE_DOC}.",
            "They must exist, or be stated in the same task as a group or team of their own; naming them here does not make them.",
            "Who is struck from the team stays in them, and so active, unless O(leavers_ignore_groups) names them. Members whose own C(state) is "
            "C(inactive) or C(absent), and those of an offboarded team, leave them too.",
        ),
    ),
)


def info_options(kind: ResourceType | None) -> tuple[Option, ...]:
    """The options by which resources of a kind, or (None) of any kind, are read."""
    name = kind.at(kind.name_attribute).option if kind is not None else ""
    noun = kind.name.lower() if kind is not None else "resource"
    named = Option(
        name=name,
        doc=f"Read the {noun}s of this name. At most one of O(id), O({name}), O(filter) may be stated.",
    )
    return (
        *(() if kind is not None else (ENDPOINT,)),
        Option(name="id", doc=f"Read the one {noun} with this id."),
        *((named,) if kind is not None else ()),
        Option(name="filter", doc="A SCIM filter (RFC 7644 section 3.4.2.2), sent as it is."),
        Option(
            name="attributes",
            type="list",
            elements="str",
            doc="SCIM names of the attributes to return, for example V(userName) or V(emails.value).",
        ),
        Option(
            name="excluded_attributes",
            type="list",
            elements="str",
            doc="SCIM names of attributes to leave out, for example V(members).",
        ),
        Option(
            name="sort_by",
            doc="The SCIM name of the attribute to sort by. Not every service sorts.",
        ),
        Option(
            name="sort_order", choices=("ascending", "descending"), doc="The order of O(sort_by)."
        ),
        Option(
            name="page_size",
            type="int",
            doc="How many resources to ask for in one request. By default as many as the service is known to give.",
        ),
        Option(name="limit", type="int", doc="Stop after this many resources."),
        Option(
            name="query",
            doc="A JMESPath expression evaluated over the list of resources; its value is returned as RV(query_result).",
        ),
    )


RESOURCE_OPTIONS = (
    ENDPOINT,
    Option(
        name="schema",
        doc=(
            "The URN of the resource's schema, which a service wants to see when a resource is created or replaced.",
            "Known for V(Users) and V(Groups), required with O(state=present) for others.",
        ),
    ),
    Option(
        name="state",
        choices=("present", "absent"),
        default="present",
        doc=(
            "V(present) makes the resource as stated.",
            "V(absent) deletes it. What that means differs by service.",
        ),
    ),
    ID,
    Option(
        name="attributes",
        type="dict",
        default={},
        doc=(
            "SCIM names and values. Dictionaries are merged, lists are the whole list, and what is not stated stays as it is.",
            "Naming a read-only attribute or a password is an error.",
        ),
    ),
    SECRET_RAW,
    Option(
        name="clear",
        type="list",
        elements="str",
        doc="SCIM paths of attributes to remove, for example V(nickName) or V(name.middleName).",
    ),
    Option(
        name="create_only",
        type="list",
        elements="str",
        doc="SCIM names of attributes that are set at creation and left alone ever after.",
    ),
    Option(
        name="match_by",
        type="list",
        elements="str",
        default=["externalId"],
        doc=(
            "SCIM names of the stated attributes by which an existing resource is found, the most trusted first. "
            "They must not point at different resources. O(id) comes before all of them."
        ),
    ),
    replace(
        MULTI_VALUED,
        doc=(
            "Whether lists of entries with a C(type), such as C(emails) of a user, state the entries of the types they name (V(merge)) or all there "
            "are (V(exact)).",
            "An empty list removes all entries either way.",
        ),
    ),
    replace(
        UPDATE_PASSWORD,
        doc=(
            "When O(secret_attributes) are sent. They cannot be read back, so V(always) sends them in every run and is always changed."
        ),
    ),
    UPDATE_METHOD,
)
