# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option tables of users, groups, teams and resources.

Knows what Ansible checks, no attribute.
"""

from __future__ import annotations

from dataclasses import replace

from .._model.schema import GROUP, USER
from .options import Option, attribute_options
from .shared_options import (
    AS_IT_IS,
    ENDPOINT,
    GROUP_REFERENCE_DOC,
    ID,
    MANAGED,
    MULTI_VALUED,
    REFERENCE_DOC,
    SECRET_RAW,
    UPDATE_METHOD,
    UPDATE_PASSWORD,
    UPDATE_SECRETS,
    VERIFY,
    sets,
)

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
            "It is an error if the keys find different users, or a user that has another "
            "external id than O(external_id). A list without V(external_id) keeps that account "
            "and changes its external id.",
            "If C(id) is set, it is always a key. It comes first unless the list contains it.",
        ),
    ),
    Option(
        name="previous_user_names",
        type="list",
        elements="str",
        doc=(
            "Earlier user names of the user.",
            "If no key finds the user, a user with one of these names is renamed. "
            "The account is kept.",
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
            "It is an error if the keys find different groups, or a group that has another "
            "external id than O(external_id). A list without V(external_id) keeps that group "
            "and changes its external id.",
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
            "and applies O(leavers) to them. The group is kept.",
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
        brief=("In an offboarded team, O(leavers) applies to members without C(state).",),
        doc=(
            "The members of the team, each with the options of M(identity.scim.scim_user). "
            "Required.",
            "They are activated unless C(active) is set. C(state) V(inactive) or V(absent) also "
            "ends the membership.",
            "The list must not be empty if O(teams[].state=offboarded).",
        ),
    ),
    Option(
        name="groups",
        type="list",
        elements="raw",
        doc=(
            f"Further groups for each member, each {GROUP_REFERENCE_DOC}.",
            "They must exist, or the same task must define them.",
            "Users that leave the team leave these groups too, "
            "unless another onboarded team or their own entry gives them. "
            "No user leaves a group that is dropped from this list. "
            "Rosters that run apart must not give the same group.",
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
            "Entries of other types stay, and entries without a type are one type.",
            "Roles, entitlements and certificates are told apart by their values instead.",
            "V(exact) removes all entries that the task does not set.",
            "An empty list removes all entries in both cases.",
        ),
    ),
    UPDATE_SECRETS,
    UPDATE_METHOD,
)
