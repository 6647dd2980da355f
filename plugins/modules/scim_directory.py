# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module scim_directory: its documentation, and one call."""

from __future__ import annotations

DOCUMENTATION = r"""
module: scim_directory
short_description: Manages people, groups and teams of a SCIM service in one task
version_added: 0.1.0
author:
  - The identity.scim contributors (@identity-scim)
description:
  - Makes the users, groups and teams of a SCIM 2.0 service (RFC 7643, RFC 7644) as one task states them, with few requests.
    The unchanged team of fifteen people costs two.
  - A team is a group together with its people. Who joins is created or made active again, who moves from one team to another is moved
    with no moment out of both, and who is in no team any more is treated as O(leavers) says.
  - Everything is read and planned first. The plan is judged by O(thresholds) and O(protect) as a whole before the first write.
  - Nobody is deactivated, deleted or removed on the strength of a listing that is not known to be whole.
  - Only what the task states is managed, attribute by attribute. Users and groups that it does not name are left alone,
    but for leavers of its teams.
  - A second run changes nothing and sends no write.
  - One change that fails does not keep the others from being made, unless O(on_error=stop), but what depends on it is left out.
    The task fails then, and names what failed and what was not tried; what was done stays done, and the next run does the rest.
extends_documentation_fragment:
  - identity.scim.connection
  - identity.scim.attributes
  - identity.scim.attributes.changes
attributes:
  idempotent:
    support: partial
    details:
      - Where O(users[].update_password=always) is stated, of a group or of a member of a team too, passwords and secret attributes are sent
        in every run, which counts as changed. They cannot be read back.
requirements:
  - Python 3.11 or newer
  - requests
  - jmespath, for O(scope.users.query), O(scope.groups.query) and entries of O(protect) that begin with C(jmespath:)
notes:
  - When several tasks or hosts manage the same groups, let them do so one after the other, with C(throttle=1).
seealso:
  - module: identity.scim.scim_user
  - module: identity.scim.scim_group
options:  # written by tools/docs.py (make docs) from the tables in plugins/module_utils: change those
  users:
    description:
      - People, each with the options of M(identity.scim.scim_user).
    type: list
    elements: dict
    suboptions:
      state:
        description:
          - V(present) makes the user as stated and leaves O(users[].active) alone unless it is stated.
          - 'V(inactive) keeps the user with C(active) false. It never creates one: an unknown user is unchanged,
            with a warning.'
          - 'V(absent) deletes the user. What that means differs by service: some only deactivate, some can never
            undo it.'
        type: str
        choices:
          - present
          - inactive
          - absent
        default: present
      id: &user_id
        description:
          - The identifier that the service gave the resource. It is never set, only used to find the resource.
        type: str
      user_name: &user_user_name
        description:
          - The unique name of the user. Required to create a user. Case does not matter.
        type: str
      external_id: &user_external_id
        description:
          - The identifier of the resource in the system that provisions it. Compared exactly.
        type: str
      display_name: &user_display_name
        description:
          - The display name of the user.
        type: str
      active: &user_active
        description:
          - Whether the user may log in. Unchanged if omitted.
        type: bool
      name: &user_name
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
      nick_name: &user_nick_name
        description:
          - The casual name of the user.
        type: str
      title: &user_title
        description:
          - The job title, for example V(Regional Manager).
        type: str
      user_type: &user_user_type
        description:
          - The relation to the organization, for example V(Employee) or V(Contractor).
        type: str
      profile_url: &user_profile_url
        description:
          - The URL of a page about the user.
        type: str
      preferred_language: &user_preferred_language
        description:
          - The preferred languages, as in the C(Accept-Language) header, for example V(en-US).
        type: str
      locale: &user_locale
        description:
          - The language tag for the format of numbers, dates and money, for example V(en-US).
        type: str
      timezone: &user_timezone
        description:
          - The time zone as an IANA name, for example V(America/New_York).
        type: str
      emails:
        description:
          - E-mail addresses, merged by O(users[].emails[].type).
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
          - Phone numbers, merged by O(users[].phone_numbers[].type).
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
          - Instant messaging addresses, merged by O(users[].ims[].type).
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
          - URLs of photos of the user, merged by O(users[].photos[].type).
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
          - Entitlements of the user, merged by O(users[].entitlements[].type).
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
          - Roles of the user, merged by O(users[].roles[].type).
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
          - Certificates of the user, merged by O(users[].x509_certificates[].type).
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
          - Postal addresses, merged by O(users[].addresses[].type). If the user has one address of a type and you
            set one of that type, omitted parts keep their values. An omitted O(users[].addresses[].formatted) is
            removed when another part changes, because it would be out of date. With O(users[].multi_valued=exact),
            omitted parts are removed.
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
          - The password to set. Services do not return it; see O(users[].update_password).
        type: str
      enterprise: &user_enterprise
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
      attributes: &user_attributes
        description:
          - Attributes that have no option, as SCIM names and values, those of an extension under its schema URN.
          - Naming an attribute that has an option of its own, a read-only one or a password is an error.
        type: dict
      secret_attributes:
        description:
          - Like O(users[].attributes), for values that are secret. They are never shown and never read back, so
            O(users[].update_password) decides when they are sent.
        type: dict
      clear: &user_clear
        description:
          - Attributes to remove, by option name, for example V(external_id), or of a user V(name.middle_name) and
            V(enterprise.manager).
          - One without an option is named by the URN of its schema, for example V(urn:example:2.0:User:badge).
            What is stated of something that is cleared stays.
          - 'This is the only way to remove a single-valued attribute: an omitted or null option leaves it as it
            is.'
        type: list
        elements: str
      create_only: &user_create_only
        description:
          - Options, by name, that are set when the resource is created and left alone ever after, for example V(external_id),
            and names that C(attributes) states.
        type: list
        elements: str
      match_by: &user_match_by
        description:
          - By which of the stated keys an existing user is found, the most trusted first. By default V(id), V(external_id),
            V(user_name).
          - V(email) adopts existing accounts by the value of their e-mail addresses. The keys must not point at
            different users.
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
          - Whether lists such as O(users[].emails) state the entries of the types they name (V(merge)) or all entries
            there are (V(exact)).
          - An empty list removes all entries either way.
        type: str
        choices:
          - merge
          - exact
        default: merge
      update_password:
        description:
          - When O(users[].password) and O(users[].secret_attributes) are sent. They cannot be read back, so V(always)
            sends them in every run and is always changed.
        type: str
        choices:
          - on_create
          - always
        default: on_create
      groups: &user_groups
        description:
          - The groups that the user is a direct member of. Groups are never created here.
        type: dict
        suboptions:
          set:
            description:
              - Exactly these and no others, each a string (a display name) or a dictionary with exactly one of
                C(id), C(external_id), C(display_name). Cannot be combined with the other two.
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
      update_method: &user_update_method
        description:
          - 'How an existing resource is changed: V(auto) uses PATCH, and PUT where the service has no PATCH.'
          - V(put) replaces the whole resource. It keeps its id and everything that the task does not state.
        type: str
        choices:
          - auto
          - patch
          - put
        default: auto
  groups:
    description:
      - Groups, each with the options of M(identity.scim.scim_group). With O(membership=additive), C(members.set)
        only adds.
    type: list
    elements: dict
    suboptions:
      state:
        description:
          - V(present) makes the group as stated.
          - V(absent) deletes the group, never its members.
        type: str
        choices:
          - present
          - absent
        default: present
      id: *user_id
      display_name:
        description:
          - The name of the group. Required to create a group. Case does not matter.
        type: str
      external_id: *user_external_id
      attributes: *user_attributes
      secret_attributes:
        description:
          - Like O(groups[].attributes), for values that are secret. They are never shown and never read back, so
            O(groups[].update_password) decides when they are sent.
        type: dict
      clear: *user_clear
      create_only: *user_create_only
      match_by:
        description:
          - By which of the stated keys an existing group is found, the most trusted first. By default all three
            in this order.
          - 'A stated C(id) is always a key: the first one, where it is not in the list.'
        type: list
        elements: str
        choices:
          - id
          - external_id
          - display_name
      previous_names:
        description:
          - Display names that the group had before. If none of the keys finds it, a group of one of these names
            is renamed, and keeps its members.
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
                C(user_name), C(external_id), C(email), C(group) (the display name of a nested group). Cannot be
                combined with the other two.
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
          - When O(groups[].secret_attributes) are sent. They cannot be read back, so V(always) sends them in every
            run and is always changed.
        type: str
        choices:
          - on_create
          - always
        default: on_create
      update_method: *user_update_method
  teams:
    description:
      - 'Teams: a group and its people together. A person may be in several teams and in O(users), as long as nothing
        stated about them differs.'
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - The display name of the team's group.
        type: str
        required: true
      external_id:
        description:
          - The external id of the team's group.
        type: str
      state:
        description:
          - V(onboarded) makes the group, its people and who is in it as stated.
          - V(offboarded) takes the listed members out of the group and out of O(teams[].groups) and applies O(leavers)
            to them.
          - The group itself is kept. Members that are not listed stay in it and are named in RV(unmanaged).
        type: str
        choices:
          - onboarded
          - offboarded
        default: onboarded
      membership:
        description:
          - For this team, instead of what holds for all of them.
        type: str
        choices:
          - exact
          - additive
      members:
        description:
          - The people of the team. An offboarded team must list whom it is about.
        type: list
        elements: dict
        suboptions:
          state:
            description:
              - V(present) makes the person as stated, a member of the team, and active unless O(teams[].members[].active)
                says otherwise.
              - V(inactive) and V(absent) deactivate or delete the person, who is no member of the team then.
              - Not stated means V(present).
            type: str
            choices:
              - present
              - inactive
              - absent
          id: *user_id
          user_name: *user_user_name
          external_id: *user_external_id
          display_name: *user_display_name
          active: *user_active
          name: *user_name
          nick_name: *user_nick_name
          title: *user_title
          user_type: *user_user_type
          profile_url: *user_profile_url
          preferred_language: *user_preferred_language
          locale: *user_locale
          timezone: *user_timezone
          emails:
            description:
              - E-mail addresses, merged by O(teams[].members[].emails[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          phone_numbers:
            description:
              - Phone numbers, merged by O(teams[].members[].phone_numbers[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          ims:
            description:
              - Instant messaging addresses, merged by O(teams[].members[].ims[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          photos:
            description:
              - URLs of photos of the user, merged by O(teams[].members[].photos[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          entitlements:
            description:
              - Entitlements of the user, merged by O(teams[].members[].entitlements[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          roles:
            description:
              - Roles of the user, merged by O(teams[].members[].roles[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          x509_certificates:
            description:
              - Certificates of the user, merged by O(teams[].members[].x509_certificates[].type).
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
                  - Whether this is the preferred entry. Only one entry can be. If you set it on one entry, it is
                    unset on the others.
                type: bool
              display:
                description:
                  - A name of the entry for readers.
                type: str
          addresses:
            description:
              - Postal addresses, merged by O(teams[].members[].addresses[].type). If the user has one address of
                a type and you set one of that type, omitted parts keep their values. An omitted O(teams[].members[].addresses[].formatted)
                is removed when another part changes, because it would be out of date. With O(teams[].members[].multi_valued=exact),
                omitted parts are removed.
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
              - The password to set. Services do not return it; see O(teams[].members[].update_password).
            type: str
          enterprise: *user_enterprise
          attributes: *user_attributes
          secret_attributes:
            description:
              - Like O(teams[].members[].attributes), for values that are secret. They are never shown and never
                read back, so O(teams[].members[].update_password) decides when they are sent.
            type: dict
          clear: *user_clear
          create_only: *user_create_only
          match_by: *user_match_by
          multi_valued:
            description:
              - Whether lists such as O(teams[].members[].emails) state the entries of the types they name (V(merge))
                or all entries there are (V(exact)).
              - An empty list removes all entries either way.
            type: str
            choices:
              - merge
              - exact
            default: merge
          update_password:
            description:
              - When O(teams[].members[].password) and O(teams[].members[].secret_attributes) are sent. They cannot
                be read back, so V(always) sends them in every run and is always changed.
            type: str
            choices:
              - on_create
              - always
            default: on_create
          groups: *user_groups
          update_method: *user_update_method
      groups:
        description:
          - Further groups that each member is to be in, each a string (a display name) or a dictionary with exactly
            one of C(id), C(external_id), C(display_name).
          - They must exist, or be stated in the same task as a group or team of their own; naming them here does
            not make them.
          - Who is struck from the team stays in them, and so active, unless O(leavers_ignore_groups) names them.
            Members whose own C(state) is C(inactive) or C(absent), and those of an offboarded team, leave them
            too.
        type: list
        elements: raw
  membership:
    description:
      - Whether the stated members of a group or team are exactly its members (V(exact)) or are only added (V(additive)).
    type: str
    choices:
      - exact
      - additive
    default: exact
  leavers:
    description:
      - What becomes of a person who was found in a managed team and is now in no onboarded one and in no other
        group of the service either.
      - Who is still in a group that the input does not manage stays active and is named in RV(still_member).
      - 'The further groups of a team (O(teams[].groups)) are such groups for whoever is struck from it. Name them
        in O(leavers_ignore_groups), or offboard the person by name, which ends those memberships too: in the team
        with C(state=inactive), or in a team that is offboarded.'
    type: str
    choices:
      - inactive
      - absent
      - keep
    default: inactive
  leavers_ignore_groups:
    description:
      - Display names or globs of groups that do not keep a leaver active, for example V(All staff).
    type: list
    elements: str
    default: []
  leavers_except:
    description:
      - 'User names, external ids, ids or e-mail addresses of people whom this run is not about: they stay in a
        team that does not list them.'
      - It is how the role P(identity.scim.team#role) keeps people outside C(--limit) where they are.
    type: list
    elements: str
    default: []
  protect:
    description:
      - Who and what is never deactivated, deleted or removed, whatever the thresholds say.
    type: dict
    suboptions:
      users:
        description:
          - User names or globs, compared ignoring case with the users of the service.
          - An entry that begins with C(jmespath:) is an expression that is evaluated over each user of the service.
          - The account of the credentials in use is protected as well, where the service or the credentials tell
            which one it is.
        type: list
        elements: str
      groups:
        description:
          - Display names or globs of groups, compared ignoring case, or expressions as in O(protect.users).
        type: list
        elements: str
  purge:
    description:
      - What becomes of users and groups that the service has and the input does not, within O(scope).
      - What is protected stays. An input without users, or with fewer than half of the active users in scope, purges
        nothing and fails.
    type: dict
    suboptions:
      users:
        description:
          - What becomes of users.
        type: str
        choices:
          - none
          - inactive
          - absent
        default: none
      groups:
        description:
          - What becomes of groups.
        type: str
        choices:
          - none
          - absent
        default: none
  scope:
    description:
      - Which resources of the service are ours at all, for O(purge) and for the numbers that O(thresholds) are
        a share of.
    type: dict
    suboptions:
      users:
        description:
          - Which users are ours. By default all of them.
        type: dict
        suboptions:
          filter:
            description:
              - A SCIM filter. It is evaluated here, so it works whatever the service makes of filters.
            type: str
          query:
            description:
              - A JMESPath expression over one resource; true means ours.
            type: str
      groups:
        description:
          - Which groups are ours. By default all of them.
        type: dict
        suboptions:
          filter:
            description:
              - A SCIM filter. It is evaluated here, so it works whatever the service makes of filters.
            type: str
          query:
            description:
              - A JMESPath expression over one resource; true means ours.
            type: str
  on_error:
    description:
      - Whether the rest still converges when one change fails; the task fails all the same and lists every failure.
      - 401 and 403 always stop at once.
    type: str
    choices:
      - continue
      - stop
    default: continue
  stop_after_failures:
    description:
      - 'How many failures end the run although O(on_error=continue): a count, a percentage of all changes, or V(none).'
    type: str
    default: '20'
  thresholds:
    description:
      - Limits that are judged on the whole plan before the first write.
      - A limit is passed only when exceeded, and up to five of a kind pass as long as that is under half of the
        kind.
    type: dict
    suboptions:
      max_removals:
        description:
          - Sets O(thresholds.users_removed), O(thresholds.groups_removed) and O(thresholds.memberships_removed)
            at once. A count, a percentage such as V(20%), or V(none) for no limit.
        type: str
      users_removed:
        description:
          - Limit for users deactivated or deleted, of the active users of the service. A count, a percentage such
            as V(20%), or V(none) for no limit. By default V(20%).
        type: str
      groups_removed:
        description:
          - Limit for groups deleted, of the groups of the service. A count, a percentage such as V(20%), or V(none)
            for no limit. By default V(20%).
        type: str
      memberships_removed:
        description:
          - Limit for memberships ended, of those that the groups of the input had. A count, a percentage such as
            V(20%), or V(none) for no limit. By default V(20%).
        type: str
      members_removed_per_group:
        description:
          - Limit for members that leave one group, of those it had. A count, a percentage such as V(20%), or V(none)
            for no limit. By default V(50%).
        type: str
      identities_changed:
        description:
          - Limit for users whose user name, external id or primary e-mail address changes, of those the input matched.
            A count, a percentage such as V(20%), or V(none) for no limit. By default V(20%).
        type: str
      users_created:
        description:
          - Limit for users created, of the users of the input. A count, a percentage such as V(20%), or V(none)
            for no limit. By default V(none).
        type: str
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
  return:
    description:
      - Whether only names and counts are returned, or RV(users) and RV(groups) too, as the service holds them.
    type: str
    choices:
      - summary
      - full
    default: summary
"""

EXAMPLES = r"""
# This one runs as it stands against the demo server (make serve), which is named by SCIM_SERVER_URL and SCIM_TOKEN.
- name: The accounting team
  identity.scim.scim_directory:
    teams:
      - name: Accounting
        members:
          - user_name: amartin
            name:
              given_name: Angela
              family_name: Martin
            emails:
              - value: angela.martin@dundermifflin.com
                type: work
                primary: true
          - user_name: omartinez
          - user_name: kmalone

- name: A team whose people are in further groups, and two people apart from it
  identity.scim.scim_directory:
    teams:
      - name: Sales
        external_id: 5f5b1f35-0a5a-54f4-9c58-43c1a0ba2a8b
        groups:
          - Scranton Branch
        members:
          - user_name: jhalpert
          - user_name: dschrute
    users:
      - user_name: tflenderson
        title: Human Resources
      - user_name: rhoward
        state: inactive

- name: People and groups, each with the options of scim_user and scim_group
  identity.scim.scim_directory:
    users:
      - user_name: pvance
        display_name: Phyllis Vance
    groups:
      - display_name: Party Planning Committee
        members:
          set:
            - pvance
            - amartin
      - display_name: Anger Management
        state: absent

- name: A team leaves, its people become inactive unless they are elsewhere as well
  identity.scim.scim_directory:
    teams:
      - name: Stamford
        state: offboarded
        members:
          - user_name: abernard
          - user_name: kfilippelli
    leavers: inactive
    leavers_ignore_groups:
      - All staff

- name: One team of many; who is on the list of another team stays in this one until that list is applied
  identity.scim.scim_directory:
    teams:
      - name: Sales
        members: "{{ sales }}"
      - name: Party Planning Committee
        membership: additive
        members: "{{ planners }}"
    leavers_except: "{{ everybody_else | map(attribute='user_name') }}"

- name: People are only added, nobody leaves
  identity.scim.scim_directory:
    membership: additive
    leavers: keep
    teams: "{{ teams }}"

- name: Who is ours and not in the list is deactivated, and its groups are deleted
  identity.scim.scim_directory:
    users: "{{ everybody }}"
    groups: "{{ all_groups }}"
    purge:
      users: inactive
      groups: absent
    scope:
      users:
        filter: userType eq "Employee"
      groups:
        query: starts_with(displayName, 'office-')
    protect:
      users:
        - break-glass
        - "jmespath:title == 'Chief Executive Officer'"

- name: The first failure ends the run
  identity.scim.scim_directory:
    teams: "{{ teams }}"
    on_error: stop

- name: Half of it may fail before the run ends
  identity.scim.scim_directory:
    teams: "{{ teams }}"
    stop_after_failures: 50%

- name: Nothing may happen to some, nor too much at once to the rest
  identity.scim.scim_directory:
    teams: "{{ teams }}"
    protect:
      users:
        - admin
        - svc-*
      groups:
        - Administrators
    thresholds:
      max_removals: 10
      members_removed_per_group: 25%
      users_created: "100"
      identities_changed: none

- name: The whole resources are returned, to go on with their ids
  identity.scim.scim_directory:
    teams: "{{ teams }}"
    return: full
  register: directory
"""

RETURN = r"""
summary:
  description: What was done or, in check mode, would be done, in numbers.
  returned: success
  type: dict
  contains:
    created:
      description: Users and groups created.
      type: int
      returned: always
    updated:
      description: Users and groups of which other attributes changed.
      type: int
      returned: always
    deactivated:
      description: Users made inactive.
      type: int
      returned: always
    deleted:
      description: Users and groups deleted.
      type: int
      returned: always
    unchanged:
      description: Users and groups that are as stated.
      type: int
      returned: always
    memberships_added:
      description: How often somebody joined a group.
      type: int
      returned: always
    memberships_removed:
      description: How often somebody left a group.
      type: int
      returned: always
    groups_emptied:
      description: Groups that had members and have none any more.
      type: int
      returned: always
    unmanaged:
      description: Members of managed groups whom the input does not name and who stay.
      type: int
      returned: always
    requests:
      description: HTTP requests sent, those sent again included.
      type: int
      returned: always
    seconds:
      description: How long it took.
      type: float
      returned: always
  sample:
    created: 1
    updated: 1
    deactivated: 0
    deleted: 0
    unchanged: 15
    memberships_added: 1
    memberships_removed: 0
    groups_emptied: 0
    unmanaged: 0
    requests: 5
    seconds: 0.1
plan:
  description:
    - What changes, in the order in which it is done. Names and no values, 200 entries at most.
    - Unchanged resources are only counted, in RV(summary).
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: What is done, one of C(create), C(update), C(deactivate) and C(delete).
      type: str
      returned: always
      sample: update
    kind:
      description: Whether it is a C(user) or a C(group).
      type: str
      returned: always
      sample: group
    name:
      description: The user name or display name.
      type: str
      returned: always
      sample: Accounting
    id:
      description: The id on the service. For what does not exist yet, C(bulkId:) and its name.
      type: str
      returned: always
      sample: e9e30dba-f08f-4109-8486-d5c6a331660a
    reason:
      description: Why it is done, C(stated), C(leaver) (in no team any more), C(offboarded) (so is the team) or C(purge) (not in the input).
      type: str
      returned: always
      sample: stated
    changes:
      description: The SCIM attributes that change. Members are not among them.
      type: list
      elements: str
      returned: when RV(plan[].action) is C(update) or C(deactivate)
      sample: [title]
    joins:
      description: Who joins the group.
      type: list
      elements: str
      returned: when somebody does
      sample: [kmalone]
    leaves:
      description: Who leaves the group.
      type: list
      elements: str
      returned: when somebody does
      sample: [omartinez]
    empties:
      description: Whether nobody is left in the group then.
      type: bool
      returned: when somebody leaves
      sample: false
failures:
  description: What could not be done. The task fails if there is anything.
  returned: when the writes had begun
  type: list
  elements: dict
  contains:
    kind:
      description: Whether it is a C(user) or a C(group).
      type: str
      returned: always
      sample: user
    name:
      description: The user name or display name.
      type: str
      returned: always
      sample: kmalone
    status:
      description: The HTTP status that the service answered, where there was one.
      type: int
      returned: always
      sample: 400
    msg:
      description: What went wrong, in one sentence.
      type: str
      returned: always
not_tried:
  description: The changes that were left out, since the run had been ended or something that they need had failed.
  returned: when the writes had begun
  type: list
  elements: str
  sample: [delete user 'kmalone']
not_saved:
  description:
    - By user name or display name, the SCIM paths of what the task states and the service does not keep as it was sent.
    - There is a warning too. It does not count as changed, so that the task does not change something in every run.
  returned: success
  type: dict
  sample:
    kmalone: [nickName]
unmanaged:
  description: By the display name of the group, the members whom the input does not name and who stay in it.
  returned: success
  type: dict
  sample:
    Accounting: [tflenderson]
still_member:
  description: By user name, the groups that keep a leaver active because this input does not manage them.
  returned: success
  type: dict
  sample:
    abernard: [All staff]
scope:
  description: With O(purge), how many users and groups the service has (C(all)) and how many of them are in O(scope) (C(in_scope)).
  returned: success
  type: dict
  sample:
    users:
      in_scope: 480
      all: 500
users:
  description: The users of the input as the service holds them after the task.
  returned: when O(return=full)
  type: list
  elements: dict
groups:
  description: The groups of the input as the service holds them after the task.
  returned: when O(return=full)
  type: list
  elements: dict
operations:
  description:
    - What was sent to change something or, in check mode, would be sent, 200 entries at most. Secrets are masked.
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
      sample: /Groups/e9e30dba-f08f-4109-8486-d5c6a331660a
    body:
      description: The body as it was sent.
      type: dict
      returned: when there is one
pending_members:
  description: In check mode, members who do not exist and whom the input does not create.
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
    run("scim_directory")


if __name__ == "__main__":
    main()
