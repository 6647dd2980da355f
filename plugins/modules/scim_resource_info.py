# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_resource_info: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_resource_info
short_description: Reads resources of any type of a SCIM service
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Reads resources of a SCIM 2.0 service (RFC 7643, RFC 7644) by their endpoint, by id, by a filter, or all of them.
  - Every page is fetched.
  - Resources that do not exist are an empty list and no error.
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.info
requirements:
  - Python 3.11 or newer
  - requests
  - jmespath, for O(query)
seealso:
  - module: identity.scim.scim_resource
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  endpoint:
    description:
      - The endpoint of the resource type below the base URL, for example V(Users) or V(Devices).
    type: str
    required: true
  id:
    description:
      - Read the one resource with this id.
    type: str
  filter:
    description:
      - A SCIM filter (RFC 7644 section 3.4.2.2), sent as it is.
    type: str
  attributes:
    description:
      - SCIM names of the attributes to return, for example V(userName) or V(emails.value).
    type: list
    elements: str
  excluded_attributes:
    description:
      - SCIM names of attributes to leave out, for example V(members).
    type: list
    elements: str
  sort_by:
    description:
      - The SCIM name of the attribute to sort by. Not every service sorts.
    type: str
  sort_order:
    description:
      - The order of O(sort_by).
    type: str
    choices:
      - ascending
      - descending
  page_size:
    description:
      - How many resources to ask for in one request. By default as many as the service is known to give.
    type: int
  limit:
    description:
      - Stop after this many resources.
    type: int
  query:
    description:
      - A JMESPath expression evaluated over the list of resources; its value is returned as RV(query_result).
    type: str
"""

EXAMPLES = r"""
# This one runs as it stands against the demo server (make serve), which is named by SCIM_SERVER_URL and SCIM_TOKEN.
- name: Read all groups without their members
  identity.scim.scim_resource_info:
    endpoint: Groups
    excluded_attributes:
      - members

- name: Read one device by id
  identity.scim.scim_resource_info:
    endpoint: Devices
    id: 2819c223-7f76-453a-919d-413861904646

- name: Read the names of the first hundred printers, in pages of 50
  identity.scim.scim_resource_info:
    endpoint: Devices
    filter: displayName sw "Printer"
    attributes:
      - displayName
    sort_by: displayName
    sort_order: descending
    page_size: 50
    limit: 100
    query: "[].displayName"
"""

RETURN = r"""
resources:
  description: The resources as the service sent them, with SCIM names.
  returned: success
  type: list
  elements: dict
  sample:
    - id: e9e30dba-f08f-4109-8486-d5c6a331660a
      displayName: Printers
total_results:
  description:
    - How many resources there are by the word of the service, which may be more than were read if O(limit) is stated.
    - Null where the service does not say.
  returned: success
  type: int
  sample: 1
query_result:
  description: The value of O(query), of whatever type the expression gives. Null without O(query).
  returned: success
  type: raw
  sample: [2819c223-7f76-453a-919d-413861904646]
requests:
  description: How many HTTP requests were sent, those sent again included.
  returned: always
  type: int
  sample: 1
"""

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run


def main() -> None:
    """Entry point of the module."""
    run("scim_resource_info")


if __name__ == "__main__":
    main()
