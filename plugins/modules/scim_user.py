# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_user: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_user
short_description: Manages one user of a SCIM service
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Creates, changes, deactivates or deletes one user of a SCIM 2.0 service (RFC 7643, RFC 7644).
  - Only what the task states is managed. An option that is omitted or null leaves the attribute as it is; O(clear) removes one,
    and an empty list removes all entries of a multi-valued one. An empty string is an error.
  - The user is found by all stated keys together (O(id), O(external_id), O(user_name)), and they must agree.
    Keys that point at different users are an error, never a guess.
  - A second run changes nothing and sends no write.
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.changes
attributes:
  idempotent:
    support: partial
    details:
      - With O(update_password=always), O(password) and O(secret_attributes) are sent in every run, which counts as changed.
        They cannot be read back.
requirements:
  - Python 3.11 or newer
  - requests
seealso:
  - module: identity.scim.scim_user_info
  - module: identity.scim.scim_group_membership
  - module: identity.scim.scim_directory
    description: Many people and their groups in one task, with far fewer requests than a loop.
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  state:
    description:
      - V(present) makes the user as stated and leaves O(active) alone unless it is stated.
      - 'V(inactive) keeps the user with C(active) false. It never creates one: an unknown user is unchanged, with
        a warning.'
      - 'V(absent) deletes the user. What that means differs by service: some only deactivate, some can never undo
        it.'
    type: str
    choices:
      - present
      - inactive
      - absent
    default: present
  id:
    description:
      - The identifier that the service gave the resource. It is never set, only used to find the resource.
    type: str
  user_name:
    description:
      - The unique name of the user. Required to create a user. Case does not matter.
    type: str
  external_id:
    description:
      - The identifier of the resource in the system that provisions it. Compared exactly.
    type: str
  display_name:
    description:
      - The display name of the user.
    type: str
  active:
    description:
      - Whether the user may log in. Unchanged if omitted.
    type: bool
  name:
    description:
      - The parts of the user's name. Omitted parts keep their values.
    type: dict
    suboptions:
      formatted:
        description:
          - The whole name, formatted for display.
        type: str
      family_name:
        description:
          - The family name.
        type: str
      given_name:
        description:
          - The given name.
        type: str
      middle_name:
        description:
          - The middle names.
        type: str
      honorific_prefix:
        description:
          - The title before the name, for example V(Dr.).
        type: str
      honorific_suffix:
        description:
          - The suffix after the name, for example V(III).
        type: str
  nick_name:
    description:
      - The casual name of the user.
    type: str
  title:
    description:
      - The job title, for example V(Regional Manager).
    type: str
  user_type:
    description:
      - The relation to the organization, for example V(Employee) or V(Contractor).
    type: str
  profile_url:
    description:
      - The URL of a page about the user.
    type: str
  preferred_language:
    description:
      - The preferred languages, as in the C(Accept-Language) header, for example V(en-US).
    type: str
  locale:
    description:
      - The language tag for the format of numbers, dates and money, for example V(en-US).
    type: str
  timezone:
    description:
      - The time zone as an IANA name, for example V(America/New_York).
    type: str
  emails:
    description:
      - E-mail addresses, merged by O(emails[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The e-mail address.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  phone_numbers:
    description:
      - Phone numbers, merged by O(phone_numbers[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The phone number, preferably in RFC 3966 form.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  ims:
    description:
      - Instant messaging addresses, merged by O(ims[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The messaging address.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  photos:
    description:
      - URLs of photos of the user, merged by O(photos[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The URL of the photo.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  entitlements:
    description:
      - Entitlements of the user, merged by O(entitlements[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The entitlement.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  roles:
    description:
      - Roles of the user, merged by O(roles[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The role.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  x509_certificates:
    description:
      - Certificates of the user, merged by O(x509_certificates[].type).
    type: list
    elements: dict
    suboptions:
      value:
        description:
          - The DER certificate in base64. White space is ignored.
        type: str
      type:
        description:
          - A label of the entry, for example V(work), V(home) or V(other).
        type: str
      primary:
        description:
          - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is unset
            on the others.
        type: bool
      display:
        description:
          - A name of the entry for readers.
        type: str
  addresses:
    description:
      - Postal addresses, merged by O(addresses[].type). If the user has one address of a type and you set one of
        that type, omitted parts keep their values. An omitted O(addresses[].formatted) is removed when another
        part changes, because it would be out of date. With O(multi_valued=exact), omitted parts are removed.
    type: list
    elements: dict
    suboptions:
      formatted:
        description:
          - The whole address, with line breaks.
        type: str
      street_address:
        description:
          - The street, house number and apartment.
        type: str
      locality:
        description:
          - The city.
        type: str
      region:
        description:
          - The state or region.
        type: str
      postal_code:
        description:
          - The postal code.
        type: str
      country:
        description:
          - The country as an ISO 3166-1 alpha-2 code.
        type: str
      type:
        description:
          - A label of the address, for example V(work) or V(home).
        type: str
      primary:
        description:
          - Whether this is the preferred address.
        type: bool
  password:
    description:
      - The password to set. Services do not return it; see O(update_password).
    type: str
  enterprise:
    description:
      - The attributes of the enterprise extension (RFC 7643 section 4.3).
    type: dict
    suboptions:
      employee_number:
        description:
          - The number that the organization assigned to the user.
        type: str
      cost_center:
        description:
          - The cost center.
        type: str
      organization:
        description:
          - The organization.
        type: str
      division:
        description:
          - The division.
        type: str
      department:
        description:
          - The department.
        type: str
      manager:
        description:
          - 'The user''s manager: a user name, or a dictionary with one of C(id), C(user_name), C(external_id),
            C(email).'
        type: raw
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
      - By which of the stated keys an existing user is found, the most trusted first. By default V(id), V(external_id),
        V(user_name).
      - V(email) adopts existing accounts by the value of their e-mail addresses. The keys must not point at different
        users.
      - 'A stated C(id) is always a key: the first one, where it is not in the list.'
    type: list
    elements: str
    choices:
      - id
      - external_id
      - user_name
      - email
  multi_valued:
    description:
      - Whether lists such as O(emails) state the entries of the types they name (V(merge)) or all entries there
        are (V(exact)).
      - An empty list removes all entries either way.
    type: str
    choices:
      - merge
      - exact
    default: merge
  update_password:
    description:
      - When O(password) and O(secret_attributes) are sent. They cannot be read back, so V(always) sends them in
        every run and is always changed.
    type: str
    choices:
      - on_create
      - always
    default: on_create
  groups:
    description:
      - The groups that the user is a direct member of. Groups are never created here.
    type: dict
    suboptions:
      set:
        description:
          - Exactly these and no others, each a string (a display name) or a dictionary with exactly one of C(id),
            C(external_id), C(display_name). Cannot be combined with the other two.
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
- name: Charles Miner works here
  identity.scim.scim_user:
    user_name: cminer
    external_id: "{{ 'uid=Charles.Miner,DC=dundermifflin,DC=com' | ansible.builtin.to_uuid(namespace='6ba7b814-9dad-11d1-80b4-00c04fd430c8') }}"
    name:
      formatted: Charles Miner
      family_name: Miner
      given_name: Charles
    emails:
      - value: CharlesMiner@dundermifflin.com
        type: work
        primary: true
    active: true

- name: The service is named in the task
  identity.scim.scim_user:
    server_url: https://scim.example.com/v2
    token: "{{ vault_scim_token }}"
    user_name: jhalpert
    title: Salesman

- name: Everything that has an option of its own may be stated
  identity.scim.scim_user:
    user_name: pbeesly
    display_name: Pam Beesly
    nick_name: Pam
    title: Receptionist
    user_type: Employee
    preferred_language: en-US
    locale: en-US
    timezone: America/New_York
    profile_url: https://dundermifflin.com/people/pbeesly
    phone_numbers:
      - value: tel:+1-570-555-0100
        type: work
    addresses:
      - street_address: 1725 Slough Avenue
        locality: Scranton
        region: PA
        postal_code: "18503"
        country: US
        type: work
    enterprise:
      employee_number: "00123"
      department: Administration
      manager: mscott

- name: Two attributes are removed, the manager and all pictures as well
  identity.scim.scim_user:
    user_name: pbeesly
    photos: []
    clear:
      - nick_name
      - title
      - enterprise.manager

- name: These are all addresses that Kevin has, whatever their types
  identity.scim.scim_user:
    user_name: kmalone
    multi_valued: exact
    emails:
      - value: kevin.malone@dundermifflin.com
        type: work

- name: The locale is set when the user is created and then left to the user
  identity.scim.scim_user:
    user_name: kkapoor
    locale: en-US
    create_only:
      - locale

- name: The password is set when the user is created
  identity.scim.scim_user:
    user_name: dschrute
    password: "{{ vault_dschrute_password }}"
    update_password: on_create

- name: An attribute that has no option, and one that is secret
  identity.scim.scim_user:
    user_name: dschrute
    attributes:
      urn:example:params:scim:schemas:extension:farm:2.0:User:
        crop: beet
    secret_attributes:
      urn:example:params:scim:schemas:extension:farm:2.0:User:
        pin: "{{ vault_dschrute_pin }}"

- name: An account that was made by hand is adopted by its e-mail address, and gets our external id
  identity.scim.scim_user:
    external_id: d5b7ab8f-9eb2-5b4c-a2c8-1d3a4b9a2d71
    emails:
      - value: oscar.martinez@dundermifflin.com
        type: work
    match_by:
      - external_id
      - email

- name: Andy is in these groups too, whichever else he is in
  identity.scim.scim_user:
    user_name: abernard
    groups:
      add:
        - Sales
        - external_id: 5f5b1f35-0a5a-54f4-9c58-43c1a0ba2a8b
      remove:
        - Anger Management

- name: The whole user is replaced, with the same id and everything that is not stated here
  identity.scim.scim_user:
    user_name: rhoward
    title: Temp
    update_method: put

- name: Micheal is soft-deleted, and stays in his groups
  identity.scim.scim_user:
    user_name: mscott
    state: inactive

- name: Creed is deleted
  identity.scim.scim_user:
    user_name: cbratton
    state: absent
"""

RETURN = r"""
user:
  description:
    - The user as the service holds it after the task, with SCIM names and without secrets. Extensions are under their schema URN.
    - In check mode, as it would be. Null if there is no such user.
    - Its C(groups), where the service shows them, are as they were before O(groups) changed them.
  returned: success
  type: dict
  sample:
    id: 2819c223-7f76-453a-919d-413861904646
    userName: pbeesly
    active: true
    name:
      formatted: Pam Beesly
      familyName: Beesly
      givenName: Pam
    emails:
      - value: pam.beesly@dundermifflin.com
        type: work
        primary: true
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
  description: The key that found the existing user, as the name of an option; null if none was found.
  returned: success
  type: str
  sample: user_name
not_saved:
  description:
    - SCIM paths of what the task states and the service does not keep as it was sent.
    - There is a warning too. It does not count as changed, so that the task does not change something in every run.
  returned: success
  type: list
  elements: str
  sample: [nickName]
pending_manager:
  description: In check mode, the manager who does not exist yet, as the task states it.
  returned: in check mode, if there is one
  type: str
  sample: mscott
pending_groups:
  description: In check mode, the groups that do not exist yet, as the task states them.
  returned: in check mode, if there are any
  type: list
  elements: str
  sample: [Sales]
requests:
  description: How many HTTP requests were sent, those sent again included.
  returned: always
  type: int
  sample: 2
"""

from ansible_collections.identity.scim.plugins.module_utils._ansible.module import run


def main() -> None:
    """Entry point of the module."""
    run("scim_user")


if __name__ == "__main__":
    main()
