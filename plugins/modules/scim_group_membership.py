# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_group_membership: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_group_membership
short_description: Manages who is in a group of a SCIM service
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Adds members to a group of a SCIM 2.0 service, removes them, or states who exactly is in it.
  - The group is not created here, and no user either. Neither is changed in any other way.
  - However many members, they are looked up together, never one by one, and travel in one PATCH where the service takes that.
  - A second run changes nothing and sends no write.
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.changes
attributes:
  idempotent:
    support: full
requirements:
  - Python 3.11 or newer
  - requests
notes:
  - When several hosts or tasks change one group at the same time, let them do so one after the other, with C(throttle=1).
  - In check mode a member or a group that does not exist is a warning and no error, since an earlier task may be about to create it.
seealso:
  - module: identity.scim.scim_group
  - module: identity.scim.scim_group_info
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  state:
    description:
      - V(present) adds the listed members and V(absent) removes them, whoever else is in the group.
      - V(exact) makes the listed members the only ones.
    type: str
    choices:
      - present
      - absent
      - exact
    default: present
  group:
    description:
      - The display name of the group. Either this or O(group_id) is required.
    type: str
  group_id:
    description:
      - The id of the group, instead of O(group).
    type: str
  members:
    description:
      - The members, each a string (a user name) or a dictionary with exactly one of C(id), C(user_name), C(external_id),
        C(email), C(group) (the display name of a nested group).
      - A user stated by C(id) is not looked up; whether there is one the service decides.
    type: list
    elements: raw
    required: true
  missing_members:
    description:
      - 'What to do about members that do not exist: fail before any write and name them all, or go on without them.'
      - With O(state=exact), a list of which nobody exists is an error either way where it would empty the group.
    type: str
    choices:
      - fail
      - ignore
    default: fail
  update_method:
    description:
      - 'How an existing resource is changed: V(auto) uses PATCH, and PUT where the service has no PATCH.'
      - V(put) replaces the whole resource. It keeps its id and everything that the task does not state.
    type: str
    choices:
      - auto
      - patch
      - put
    default: auto
  verify:
    description:
      - 'When the members of a group are read again to prove a write: after a removal, after every write, or never.'
      - Attributes are always compared with the service's answer.
    type: str
    choices:
      - removals
      - writes
      - none
    default: removals
"""

EXAMPLES = r"""
# This one runs as it stands against the demo server (make serve) once playbooks/office.yml or the examples of
# scim_user and scim_group were run. The server is named by SCIM_SERVER_URL and SCIM_TOKEN.
- name: Charles joins the company
  identity.scim.scim_group_membership:
    group: Micheal Scott Paper Company
    members:
      - cminer

- name: Members may be named in several ways
  identity.scim.scim_group_membership:
    group: Dunder Mifflin
    members:
      - jhalpert
      - user_name: dschrute
      - external_id: 0a4f25ab-5f4c-5ec9-9f25-9a4d4a7d5f3a
      - email: kevin.malone@dundermifflin.com
      - id: 2819c223-7f76-453a-919d-413861904646
      - group: Interns

- name: Pam and Ryan leave, in one request
  identity.scim.scim_group_membership:
    group: Dunder Mifflin
    members:
      - pbeesly
      - rhoward
    state: absent

- name: These three and nobody else, whoever of them exists
  identity.scim.scim_group_membership:
    group_id: e9e30dba-f08f-4109-8486-d5c6a331660a
    members:
      - omartinez
      - amartin
      - kmalone
    state: exact
    missing_members: ignore

- name: Nobody is in the group any more
  identity.scim.scim_group_membership:
    group: Anger Management
    members: []
    state: exact
"""

RETURN = r"""
group:
  description: The group as the service holds it after the task, with C(members). In check mode, as it would be.
  returned: success
  type: dict
  sample:
    id: e9e30dba-f08f-4109-8486-d5c6a331660a
    displayName: Dunder Mifflin
    members:
      - value: 2819c223-7f76-453a-919d-413861904646
added:
  description: Who joined, by user name or, where the task states it otherwise, as it states it. Sorted.
  returned: success
  type: list
  elements: str
  sample: [cminer]
removed:
  description: Who left, by user name where it is known, else by id. Sorted.
  returned: success
  type: list
  elements: str
  sample: [pbeesly, rhoward]
unmanaged:
  description: Members of the group that the task does not state and leaves in it, as the group calls them, else by id. They are not read for that.
  returned: success
  type: list
  elements: str
  sample: [jhalpert]
operations:
  description:
    - What was sent to change something or, in check mode, would be sent. Secrets are masked.
    - The id of a resource that does not exist yet is written as C(bulkId:) and its name.
  returned: success
  type: list
  elements: dict
  contains:
    method:
      description: The HTTP method.
      type: str
      returned: always
      sample: PATCH
    path:
      description: The path below the base URL.
      type: str
      returned: always
      sample: /Users/2819c223-7f76-453a-919d-413861904646
    body:
      description: The body as it was sent.
      type: dict
      returned: when there is one
matched_by:
  description: The key that found the existing group, as the name of an option; null if none was found.
  returned: success
  type: str
  sample: display_name
not_saved:
  description:
    - SCIM paths of what the task states and the service does not keep as it was sent.
    - There is a warning too. It does not count as changed, so that the task does not change something in every run.
  returned: success
  type: list
  elements: str
  sample: [members]
pending_members:
  description: In check mode, the members that do not exist yet, as the task states them.
  returned: in check mode, if there are any
  type: list
  elements: str
  sample: [cminer]
pending_group:
  description: In check mode, the group that does not exist yet.
  returned: in check mode, if it does not exist
  type: str
  sample: Micheal Scott Paper Company
requests:
  description: How many HTTP requests were sent, those sent again included.
  returned: always
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run


def main() -> None:
    """Entry point of the module."""
    run("scim_group_membership")


if __name__ == "__main__":
    main()
