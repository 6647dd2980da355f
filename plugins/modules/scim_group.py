# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_group: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_group
short_description: Manages one group of a SCIM service
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Creates, changes, renames or deletes one group of a SCIM 2.0 service (RFC 7643, RFC 7644), and manages who is in it.
  - Only what the task states is managed. Without O(members) nobody joins or leaves.
  - The group is found by all stated keys together (O(id), O(external_id), O(display_name)), and they must agree.
    Keys that point at different groups are an error, never a guess.
  - Members are joined and removed in one PATCH where the service takes that, else in as few requests as its limits allow,
    joins before leaves.
  - A second run changes nothing and sends no write.
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.changes
attributes:
  idempotent:
    support: partial
    details:
      - With O(update_password=always) O(secret_attributes) are sent in every run, which counts as changed.
        They cannot be read back.
requirements:
  - Python 3.11 or newer
  - requests
notes:
  - When several hosts or tasks change one group at the same time, let them do so one after the other, with C(throttle=1).
seealso:
  - module: identity.scim.scim_group_info
  - module: identity.scim.scim_group_membership
    description: Only the members of a group that exists.
  - module: identity.scim.scim_directory
    description: Many groups and their people in one task.
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  state:
    description:
      - V(present) makes the group as stated.
      - V(absent) deletes the group, never its members.
    type: str
    choices:
      - present
      - absent
    default: present
  id:
    description:
      - The identifier that the service gave the resource. It is never set, only used to find the resource.
    type: str
  display_name:
    description:
      - The name of the group. Required to create a group. Case does not matter.
    type: str
  external_id:
    description:
      - The identifier of the resource in the system that provisions it. Compared exactly.
    type: str
  attributes:
    description:
      - Attributes that have no option, as SCIM names and values, those of an extension under its schema URN.
      - Naming an attribute that has an option of its own, a read-only one or a password is an error.
    type: dict
  secret_attributes:
    description:
      - Like O(attributes), for values that are secret. They are never shown and never read back, so O(update_password)
        decides when they are sent.
    type: dict
  clear:
    description:
      - Attributes to remove, by option name, for example V(external_id), or of a user V(name.middle_name) and V(enterprise.manager).
      - One without an option is named by the URN of its schema, for example V(urn:example:2.0:User:badge). What
        is stated of something that is cleared stays.
      - 'This is the only way to remove a single-valued attribute: an omitted or null option leaves it as it is.'
    type: list
    elements: str
  create_only:
    description:
      - Options, by name, that are set when the resource is created and left alone ever after, for example V(external_id),
        and names that C(attributes) states.
    type: list
    elements: str
  match_by:
    description:
      - By which of the stated keys an existing group is found, the most trusted first. By default all three in
        this order.
      - 'A stated C(id) is always a key: the first one, where it is not in the list.'
    type: list
    elements: str
    choices:
      - id
      - external_id
      - display_name
  previous_names:
    description:
      - Display names that the group had before. If none of the keys finds it, a group of one of these names is
        renamed, and keeps its members.
    type: list
    elements: str
  members:
    description:
      - The direct members of the group. A user stated by C(id) is not looked up; whether there is one the service
        decides.
    type: dict
    suboptions:
      set:
        description:
          - Exactly these and no others, each a string (a user name) or a dictionary with exactly one of C(id),
            C(user_name), C(external_id), C(email), C(group) (the display name of a nested group). Cannot be combined
            with the other two.
        type: list
        elements: raw
      add:
        description:
          - These are to be among them, whoever else is; each as in C(set).
        type: list
        elements: raw
      remove:
        description:
          - These are not to be among them; each as in C(set).
        type: list
        elements: raw
  update_password:
    description:
      - When O(secret_attributes) are sent. They cannot be read back, so V(always) sends them in every run and is
        always changed.
    type: str
    choices:
      - on_create
      - always
    default: on_create
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
# This one runs as it stands against the demo server (make serve), which is named by SCIM_SERVER_URL and SCIM_TOKEN.
- name: The Micheal Scott Paper Company exists
  identity.scim.scim_group:
    display_name: Micheal Scott Paper Company
    external_id: "{{ 'cn=MichealScott,DC=PaperCompany,DC=com' | ansible.builtin.to_uuid(namespace='6ba7b814-9dad-11d1-80b4-00c04fd430c8') }}"

- name: Three people are in the group, whoever else is
  identity.scim.scim_group:
    display_name: Micheal Scott Paper Company
    members:
      add:
        - mscott
        - user_name: pbeesly
        - email: ryan.howard@dundermifflin.com

- name: One joins and two leave, in one request
  identity.scim.scim_group:
    display_name: Dunder Mifflin
    members:
      add:
        - cminer
      remove:
        - pbeesly
        - rhoward

- name: These are all members, one of them a group
  identity.scim.scim_group:
    display_name: Party Planning Committee
    members:
      set:
        - amartin
        - external_id: 0a4f25ab-5f4c-5ec9-9f25-9a4d4a7d5f3a
        - group: Finer Things Club

- name: The group is renamed and keeps its id and its members
  identity.scim.scim_group:
    display_name: Dunder Mifflin Sabre
    previous_names:
      - Dunder Mifflin

- name: An attribute that has no option is set, the external id is removed
  identity.scim.scim_group:
    display_name: Sales
    attributes:
      urn:example:params:scim:schemas:extension:branch:2.0:Group:
        branch: Scranton
    clear:
      - external_id

- name: The group is gone, its members are not
  identity.scim.scim_group:
    display_name: Micheal Scott Paper Company
    state: absent
"""

RETURN = r"""
group:
  description:
    - The group as the service holds it after the task, with SCIM names, and with C(members) if they were managed.
    - In check mode, as it would be. Null if there is no such group.
  returned: success
  type: dict
  sample:
    id: e9e30dba-f08f-4109-8486-d5c6a331660a
    displayName: Dunder Mifflin
    members:
      - value: 2819c223-7f76-453a-919d-413861904646
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
  sample: [nickName]
pending_members:
  description: In check mode, the members that do not exist yet, as the task states them.
  returned: in check mode, if there are any
  type: list
  elements: str
  sample: [cminer]
requests:
  description: How many HTTP requests were sent, those sent again included.
  returned: always
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run


def main() -> None:
    """Entry point of the module."""
    run("scim_group")


if __name__ == "__main__":
    main()
