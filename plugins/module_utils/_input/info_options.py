# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option tables of the modules that only read.

Knows no option that changes anything.
"""

from __future__ import annotations

from .._model.schema import GROUP, ResourceType
from .options import Option
from .shared_options import ENDPOINT

PLANNED_ID = (
    "An id that check mode predicted in an earlier task, V(bulkId:NAME), is not asked for. The "
    "list is empty then, with a warning."
)
LIST_OPTIONS = (
    Option(
        name="filter",
        doc="A SCIM filter (RFC 7644 section 3.4.2.2). It is sent unchanged.",
    ),
    Option(
        name="attributes",
        type="list",
        elements="str",
        doc=("SCIM names of the attributes to return, for example V(userName) or V(emails.value)."),
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
    Option(name="sort_order", choices=("ascending", "descending"), doc="The order of O(sort_by)."),
    Option(
        name="page_size",
        type="int",
        doc=(
            "The number of resources to request in one page.",
            "Defaults to the largest page that the service is known to support. A larger number "
            "is reduced to that.",
        ),
    ),
    Option(name="limit", type="int", doc="Stop after this number of resources."),
    Option(
        name="query",
        doc=(
            "A JMESPath expression that is evaluated over the list of resources.",
            "Its value is returned as RV(query_result). A warning says if it is null although the "
            "list is not empty.",
        ),
    ),
    Option(
        name="return",
        choices=("all", "query"),
        default="all",
        doc=(
            "What the task returns.",
            "V(all) is the list of resources, also if O(query) is set. V(query) is only "
            "RV(query_result) and RV(total_results), which keeps the output and the memory small.",
        ),
    ),
)
NAMED_MEMBERS = Option(
    name="members",
    choices=("ids", "names"),
    default="ids",
    doc=(
        "How members are returned. V(ids) is as the service returns them.",
        "V(names) also reads the members. Each has C(value) (the id), C(type), C(userName), "
        "C(displayName), C(email) (the primary address, else the first) and C(active).",
        "RV(memberships) then has one flat row for each member of each group.",
    ),
)


PROBE_OPTIONS = (
    Option(
        name="probe",
        choices=("none", "reads", "writes"),
        default="none",
        doc=(
            "How the service is tried out.",
            "V(none) only reads what the service says of itself.",
            "V(reads) tries what a token with read rights can: rights, paging, totals, filters, "
            "members.",
            "V(writes) also creates three users and a group, changes them and removes them again. "
            "In check mode it does what V(reads) does. If the service is known not to delete "
            "users, V(reads) says that those of V(writes) would be left there. If deleted users "
            "are known not to come back, nothing is written unless C(irreversible: []) is set in "
            "O(capabilities).",
        ),
    ),
    Option(
        name="probe_prefix",
        default="scim-doctor-",
        doc=(
            "With what the names of the temporary users and of the group begin.",
            "The names end with random characters, so they are new. Nothing else is written.",
        ),
    ),
)


def info_options(kind: ResourceType | None) -> tuple[Option, ...]:
    """Return the options to read resources of one type, or of any type if None."""
    if kind is None:
        by_id = Option(name="id", doc=("Read the resource with this id.", PLANNED_ID))
        return (ENDPOINT, by_id, *LIST_OPTIONS)
    name = kind.at(kind.name_attribute).option
    noun = kind.name.lower()
    named = Option(
        name=name,
        doc=(
            f"Read the {noun}s with this name.",
            f"O(id), O({name}) and O(filter) are mutually exclusive.",
        ),
    )
    by_id = Option(name="id", doc=(f"Read the {noun} with this id.", PLANNED_ID))
    if kind is GROUP:
        return (by_id, named, NAMED_MEMBERS, *LIST_OPTIONS)
    return (by_id, named, *LIST_OPTIONS)
