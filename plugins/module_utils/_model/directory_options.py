# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of scim_directory as a table; knows Option and the items of users, groups and teams, nothing else."""

from __future__ import annotations

from .options import GROUP_ITEM, TEAM_ITEM, USER_ITEM, VERIFY, Option

LIMIT = "A count, a percentage such as V(20%), or V(none) for no limit."
THRESHOLDS = {
    "users_removed": ("20%", "users deactivated or deleted, of the active users of the service"),
    "groups_removed": ("20%", "groups deleted, of the groups of the service"),
    "memberships_removed": ("20%", "memberships ended, of those that the groups of the input had"),
    "members_removed_per_group": ("50%", "members that leave one group, of those it had"),
    "identities_changed": (
        "20%",
        "users whose user name, external id or primary e-mail address changes, of those the input matched",
    ),
    "users_created": ("none", "users created, of the users of the input"),
}
REMOVALS = ("users_removed", "groups_removed", "memberships_removed")

DIRECTORY_OPTIONS = (
    Option(
        name="users",
        type="list",
        elements="dict",
        options=USER_ITEM,
        doc="People, each with the options of M(identity.scim.scim_user).",
    ),
    Option(
        name="groups",
        type="list",
        elements="dict",
        options=GROUP_ITEM,
        doc=(
            "Groups, each with the options of M(identity.scim.scim_group). With O(membership=additive), C(members.set) only adds."
        ),
    ),
    Option(
        name="teams",
        type="list",
        elements="dict",
        options=TEAM_ITEM,
        doc=(
            "Teams: a group and its people together. A person may be in several teams and in O(users), as long as nothing stated about them differs."
        ),
    ),
    Option(
        name="membership",
        choices=("exact", "additive"),
        default="exact",
        doc=(
            "Whether the stated members of a group or team are exactly its members (V(exact)) or are only added (V(additive))."
        ),
    ),
    Option(
        name="leavers",
        choices=("inactive", "absent", "keep"),
        default="inactive",
        doc=(
            "What becomes of a person who was found in a managed team and is now in no onboarded one and in no other group of the service either.",
            "Who is still in a group that the input does not manage stays active and is named in RV(still_member).",
            "The further groups of a team (O(teams[].groups)) are such groups for whoever is struck from it. Name them in O(leavers_ignore_groups), or "
            "offboard the person by name, which ends those memberships too: in the team with C(state=inactive), or in a team that is offboarded.",
        ),
    ),
    Option(
        name="leavers_ignore_groups",
        type="list",
        elements="str",
        default=[],
        doc=(
            "Display names or globs of groups that do not keep a leaver active, for example V(All staff)."
        ),
    ),
    Option(
        name="leavers_except",
        type="list",
        elements="str",
        default=[],
        doc=(
            "User names, external ids, ids or e-mail addresses of people whom this run is not about: they stay in a team that does not list them.",
            "It is how the role P(identity.scim.team#role) keeps people outside C(--limit) where they are.",
        ),
    ),
    Option(
        name="protect",
        type="dict",
        doc="Who and what is never deactivated, deleted or removed, whatever the thresholds say.",
        options=(
            Option(
                name="users",
                type="list",
                elements="str",
                doc=(
                    "User names or globs, compared ignoring case with the users of the service.",
                    "An entry that begins with C(jmespath:) is an expression that is evaluated over each user of the service.",
                    "The account of the credentials in use is protected as well, where the service or the credentials tell which one it is.",
                ),
            ),
            Option(
                name="groups",
                type="list",
                elements="str",
                doc=(
                    "Display names or globs of groups, compared ignoring case, or expressions as in O(protect.users)."
                ),
            ),
        ),
    ),
    Option(
        name="purge",
        type="dict",
        doc=(
            "What becomes of users and groups that the service has and the input does not, within O(scope).",
            "What is protected stays. An input without users, or with fewer than half of the active users in scope, purges nothing and fails.",
        ),
        options=(
            Option(
                name="users",
                choices=("none", "inactive", "absent"),
                default="none",
                doc="What becomes of users.",
            ),
            Option(
                name="groups",
                choices=("none", "absent"),
                default="none",
                doc="What becomes of groups.",
            ),
        ),
    ),
    Option(
        name="scope",
        type="dict",
        doc=(
            "Which resources of the service are ours at all, for O(purge) and for the numbers that O(thresholds) are a share of."
        ),
        options=tuple(
            Option(
                name=kind,
                type="dict",
                doc=f"Which {kind} are ours. By default all of them.",
                options=(
                    Option(
                        name="filter",
                        doc="A SCIM filter. It is evaluated here, so it works whatever the service makes of filters.",
                    ),
                    Option(
                        name="query",
                        doc="A JMESPath expression over one resource; true means ours.",
                    ),
                ),
            )
            for kind in ("users", "groups")
        ),
    ),
    Option(
        name="on_error",
        choices=("continue", "stop"),
        default="continue",
        doc=(
            "Whether the rest still converges when one change fails; the task fails all the same and lists every failure.",
            "401 and 403 always stop at once.",
        ),
    ),
    Option(
        name="stop_after_failures",
        default="20",
        doc=(
            "How many failures end the run although O(on_error=continue): a count, a percentage of all changes, or V(none)."
        ),
    ),
    Option(
        name="thresholds",
        type="dict",
        doc=(
            "Limits that are judged on the whole plan before the first write.",
            "A limit is passed only when exceeded, and up to five of a kind pass as long as that is under half of the kind.",
        ),
        options=(
            Option(
                name="max_removals",
                doc=(
                    f"Sets O(thresholds.users_removed), O(thresholds.groups_removed) and O(thresholds.memberships_removed) at once. {LIMIT}"
                ),
            ),
            *(
                Option(name=name, doc=f"Limit for {what}. {LIMIT} By default V({default}).")
                for name, (default, what) in THRESHOLDS.items()
            ),
        ),
    ),
    VERIFY,
    Option(
        name="return",
        choices=("summary", "full"),
        default="summary",
        doc=(
            "Whether only names and counts are returned, or RV(users) and RV(groups) too, as the service holds them."
        ),
    ),
)
