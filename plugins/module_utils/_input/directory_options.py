# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option table of scim_directory.

Knows the tables of users, groups and teams, no code.
"""

from __future__ import annotations

from .._plan.policy import THRESHOLDS
from .options import Option
from .resource_options import GROUP_ITEM, TEAM_ITEM, USER_ITEM
from .shared_options import VERIFY

LIMIT = "A count, a percentage such as V(20%), or V(none) for no limit."

DIRECTORY_OPTIONS = (
    Option(
        name="src",
        type="path",
        doc=(
            "A file with the roster, instead of O(users), O(groups) and O(teams).",
            "It is read where the task runs, and never templated. Its ending is its format: "
            "V(.yml), V(.yaml), V(.json), V(.ndjson), V(.jsonl) or V(.csv). YAML and JSON files "
            "hold a list of users or teams, or a dictionary with C(users), C(groups) and C(teams).",
            "Columns of CSV files are named like options of users: V(user_name), "
            "V(name.given_name), V(emails.work). An empty cell is omitted.",
            "C(teams) of a user names the user's teams, separated by V(;) or V(|).",
            "Values stay as they were written. Every error is returned with its line.",
        ),
    ),
    Option(
        name="mapping",
        type="dict",
        doc=(
            "How the rows of O(src) become users, if their columns have other names. "
            "Each key is an option of a user or a SCIM attribute, for example V(user_name), "
            "V(name.given_name), V(emails.work) or V(teams).",
            "Each value is the name of a column, or a JMESPath expression over the row.",
            "Columns that are not named are ignored.",
        ),
    ),
    Option(
        name="team_state",
        choices=("onboarded", "offboarded"),
        doc="Replaces C(state) of every team, for example to offboard all teams of a file.",
    ),
    Option(
        name="users",
        type="list",
        elements="dict",
        options=USER_ITEM,
        rows=True,
        brief=("M(identity.scim.scim_user) describes them.",),
        doc="Users, each with the options of M(identity.scim.scim_user).",
    ),
    Option(
        name="groups",
        type="list",
        elements="dict",
        options=GROUP_ITEM,
        rows=True,
        brief=("M(identity.scim.scim_group) describes them.",),
        doc=(
            "Groups, each with the options of M(identity.scim.scim_group).",
            "With O(membership=additive), C(members.set) only adds.",
        ),
    ),
    Option(
        name="teams",
        type="list",
        elements="dict",
        options=TEAM_ITEM,
        rows=True,
        doc=(
            "Teams. A team is a group together with its members.",
            "A user may be in several teams and in O(users), if the entries do not contradict.",
        ),
    ),
    Option(
        name="match_by",
        type="list",
        elements="str",
        choices=("id", "external_id", "user_name", "email"),
        default=[],
        doc=(
            "The keys that find existing users, for all users that do not set C(match_by) "
            "themselves.",
            "Defaults to V(id), V(external_id), V(user_name). A list without V(external_id) keeps "
            "accounts that have another external id, and changes it. "
            "O(thresholds.identities_changed) limits how many.",
        ),
    ),
    Option(
        name="membership",
        choices=("exact", "additive"),
        default="exact",
        doc=(
            "How the listed members of a group or team are managed.",
            "V(exact) makes them the only members. V(additive) only adds them.",
        ),
    ),
    Option(
        name="leavers",
        choices=("inactive", "absent", "keep"),
        default="inactive",
        doc=(
            "What happens to leavers. "
            "A leaver is a user that was a member of a managed team, "
            "is no longer in any onboarded team, and is in no other group of the service.",
            "V(inactive) deactivates leavers, V(absent) deletes them, "
            "V(keep) leaves them unchanged.",
            "A user that is still in a group outside the input stays active "
            "and is returned in RV(still_member).",
            "The further groups of a team (O(teams[].groups)) end with the team, "
            "so they do not keep a leaver active.",
        ),
    ),
    Option(
        name="leavers_ignore_groups",
        type="list",
        elements="str",
        default=[],
        doc=(
            "Display names or globs of groups that do not keep a leaver active, "
            "for example V(All staff)."
        ),
    ),
    Option(
        name="leavers_except",
        type="list",
        elements="str",
        default=[],
        doc=(
            "Users to leave out of this run, as user names, external ids, ids or e-mail addresses.",
            "They keep their memberships even if no team lists them.",
        ),
    ),
    Option(
        name="protect",
        type="dict",
        doc=(
            "Users and groups that are never deactivated, deleted or removed, "
            "regardless of O(thresholds)."
        ),
        brief=(
            "C(users) and C(groups) are lists of names or globs, matched ignoring case. An entry "
            "that begins with C(jmespath:) is an expression, evaluated over each resource of the "
            "service.",
            "The account of the credentials in use is also protected, if it can be known.",
        ),
        options=(
            Option(
                name="users",
                type="list",
                elements="str",
                doc=(
                    "User names or globs. They are matched against the users of the service, "
                    "ignoring case.",
                    "An entry that begins with C(jmespath:) is an expression. "
                    "It is evaluated over each user of the service.",
                    "The account of the credentials in use is also protected, "
                    "if the service or the credentials identify it.",
                ),
            ),
            Option(
                name="groups",
                type="list",
                elements="str",
                doc=(
                    "Display names or globs of groups, matched ignoring case, "
                    "or expressions as in O(protect.users)."
                ),
            ),
        ),
    ),
    Option(
        name="purge",
        type="dict",
        doc=(
            "What happens to users and groups in O(scope) "
            "that exist on the service and are not in the input.",
            "Protected users and groups are kept.",
            "The task fails before any write if the input has no users, "
            "or fewer than half of the active users in scope.",
        ),
        brief=(
            "C(users) is V(none) (default), V(inactive) or V(absent), C(groups) is V(none) "
            "(default) or V(absent).",
        ),
        options=(
            Option(
                name="users",
                choices=("none", "inactive", "absent"),
                default="none",
                doc="Deactivate (V(inactive)), delete (V(absent)) or keep (V(none)) these users.",
            ),
            Option(
                name="groups",
                choices=("none", "absent"),
                default="none",
                doc="Delete (V(absent)) or keep (V(none)) these groups.",
            ),
        ),
    ),
    Option(
        name="scope",
        type="dict",
        doc=(
            "The users and groups of the service that this task is responsible for.",
            "O(purge) affects only these. Percentages in O(thresholds) are shares of these.",
        ),
        brief=(
            "C(users) and C(groups) each have C(filter), a SCIM filter that the module evaluates, "
            "and C(query), a JMESPath expression over one resource. A resource is in scope if both "
            "hold. The default is everything.",
        ),
        options=tuple(
            Option(
                name=kind,
                type="dict",
                doc=f"The {kind} in scope. Defaults to all {kind} of the service.",
                options=(
                    Option(
                        name="filter",
                        doc=(
                            "A SCIM filter. The module evaluates it, "
                            "so the service does not need to support filters."
                        ),
                    ),
                    Option(
                        name="query",
                        doc=(
                            "A JMESPath expression that is evaluated over each resource. "
                            "A resource is in scope if the value is true."
                        ),
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
            "What happens if a change fails.",
            "V(continue) makes all other changes, and fails at the end with every failure. "
            "V(stop) ends the run at the first failure. 401, and 403 to more than attributes, "
            "always end it.",
        ),
    ),
    Option(
        name="stop_after_failures",
        default="20",
        doc=(
            "The number of failures that ends the run, even with O(on_error=continue).",
            "A count, a percentage of all changes, or V(none).",
        ),
    ),
    Option(
        name="bulk",
        choices=("auto", "never", "always"),
        default="auto",
        doc=(
            "Whether users are changed by bulk requests (RFC 7644 section 3.7). V(auto) sends them "
            "if the service is known to take them and at least 20 users change at a time. "
            "V(always) tries it for two users. What is refused is sent one by one.",
        ),
    ),
    Option(
        name="thresholds",
        type="dict",
        doc=(
            "Limits for the whole plan, checked before the first write.",
            "A threshold blocks the run only when exceeded. Up to five changes are always allowed "
            "if they affect fewer than half of the resources.",
        ),
        brief=(
            "Each is a count, a percentage such as V(20%), or V(none) for no limit.",
            "C(max_removals) sets C(users_removed), C(groups_removed) and C(memberships_removed) "
            "together.",
            "C(users_removed), C(groups_removed), C(memberships_removed) and C(identities_changed) "
            "(user name, external id or primary address) default to V(20%), "
            "C(members_removed_per_group) to V(50%), C(users_created) to V(none).",
        ),
        options=(
            Option(
                name="max_removals",
                doc=(
                    "Sets O(thresholds.users_removed), O(thresholds.groups_removed) "
                    "and O(thresholds.memberships_removed) together.",
                    LIMIT,
                ),
            ),
            *(
                Option(name=name, doc=(f"Limit for {what}.", LIMIT, f"Defaults to V({default})."))
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
            "V(summary) returns names, counts and what changes.",
            "V(full) also returns the resources of the input as RV(users) and RV(groups).",
        ),
    ),
)
