# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_resource: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_resource
short_description: Manages a resource of any type on a SCIM service
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Makes one resource of a SCIM 2.0 service (RFC 7643, RFC 7644) as stated, whatever its type, named by its endpoint.
  - Attributes are stated with their SCIM names. Only what is stated is managed, and a second run changes nothing.
  - For users, groups and their members, M(identity.scim.scim_user), M(identity.scim.scim_group) and
    M(identity.scim.scim_group_membership) know more.
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
seealso:
  - module: identity.scim.scim_resource_info
  - module: identity.scim.scim_service_provider_info
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  endpoint:
    description:
      - The endpoint of the resource type below the base URL, for example V(Users) or V(Devices).
    type: str
    required: true
  schema:
    description:
      - The URN of the resource's schema, which a service wants to see when a resource is created or replaced.
      - Known for V(Users) and V(Groups), required with O(state=present) for others.
    type: str
  state:
    description:
      - V(present) makes the resource as stated.
      - V(absent) deletes it. What that means differs by service.
    type: str
    choices:
      - present
      - absent
    default: present
  id:
    description:
      - The identifier that the service gave the resource. It is never set, only used to find the resource.
    type: str
  attributes:
    description:
      - SCIM names and values. Dictionaries are merged, lists are the whole list, and what is not stated stays as
        it is.
      - Naming a read-only attribute or a password is an error.
    type: dict
    default: {}
  secret_attributes:
    description:
      - Like O(attributes), for values that are secret. They are never shown and never read back, so O(update_password)
        decides when they are sent.
    type: dict
  clear:
    description:
      - SCIM paths of attributes to remove, for example V(nickName) or V(name.middleName).
    type: list
    elements: str
  create_only:
    description:
      - SCIM names of attributes that are set at creation and left alone ever after.
    type: list
    elements: str
  match_by:
    description:
      - SCIM names of the stated attributes by which an existing resource is found, the most trusted first. They
        must not point at different resources. O(id) comes before all of them.
    type: list
    elements: str
    default:
      - externalId
  multi_valued:
    description:
      - Whether lists of entries with a C(type), such as C(emails) of a user, state the entries of the types they
        name (V(merge)) or all there are (V(exact)).
      - An empty list removes all entries either way.
    type: str
    choices:
      - merge
      - exact
    default: merge
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
"""

EXAMPLES = r"""
# This one runs as it stands against the demo server (make serve), which is named by SCIM_SERVER_URL and SCIM_TOKEN.
- name: A group, by its endpoint
  identity.scim.scim_resource:
    endpoint: Groups
    attributes:
      externalId: printers
      displayName: Printers
    match_by:
      - externalId
      - displayName

- name: A device of a service that knows devices
  identity.scim.scim_resource:
    endpoint: Devices
    schema: urn:example:params:scim:schemas:core:2.0:Device
    attributes:
      externalId: printer-3
      displayName: Printer on the third floor
      location:
        floor: "3"
    secret_attributes:
      pin: "{{ printer_pin }}"
    update_password: on_create
    create_only:
      - location
    clear:
      - nickName

- name: The same, replaced whole
  identity.scim.scim_resource:
    endpoint: Devices
    schema: urn:example:params:scim:schemas:core:2.0:Device
    id: 2819c223-7f76-453a-919d-413861904646
    attributes:
      tags:
        - colour
        - duplex
    multi_valued: exact
    update_method: put

- name: It is gone
  identity.scim.scim_resource:
    endpoint: Devices
    id: 2819c223-7f76-453a-919d-413861904646
    state: absent
"""

RETURN = r"""
resource:
  description: The resource as the service holds it, in check mode as it would. Null if there is none.
  returned: success
  type: dict
  sample:
    id: e9e30dba-f08f-4109-8486-d5c6a331660a
    displayName: Printers
matched_by:
  description: The key that found the resource, C(id) or a name from O(match_by) in snake case. Null if none did.
  returned: success
  type: str
  sample: external_id
not_saved:
  description: The SCIM paths that the service accepted and does not hold as stated. They do not count as changed.
  returned: success
  type: list
  elements: str
  sample: []
operations:
  description: What was sent to change something or, in check mode, would be sent. Secrets are masked.
  returned: success
  type: list
  elements: dict
  sample:
    - method: DELETE
      path: /Devices/2819c223-7f76-453a-919d-413861904646
requests:
  description: How many HTTP requests were sent, those sent again included.
  returned: always
  type: int
  sample: 1
"""

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run


def main() -> None:
    """Entry point of the module."""
    run("scim_resource")


if __name__ == "__main__":
    main()
