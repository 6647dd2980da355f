# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fact about a service is a value of its profile, a limit on its page, or a test.

``FACTS`` says where each is, in the words of ``bound.py``.
"""

from __future__ import annotations

from ansible_collections.identity.scim.plugins.module_utils._provider.profiles import PROFILES
from ansible_collections.identity.scim.tests.unit.rehearsal.bound import (
    README,
    names_of_tests,
    unbound,
)

FACTS: dict[str, dict[str, str]] = {
    "aws": {
        "no /Me, /Bulk, /.search": "limit no /Me and no search by POST",
        "no PUT of groups": "value put",
        "cursor switches the answer": "value paging",
        "50 resources without a cursor": "test test_aws_pages_by_cursor_and_shows_50_without_one",
        "the first page has an empty cursor": "test test_aws_pages_by_cursor_and_shows_50_without_"
        "one",
        "startIndex and attributes unsupported": "limit excludedAttributes and startIndex",
        "and not sent": "test test_aws_is_sent_no_parameter_that_it_does_not_take",
        "what PatchGroup takes": "limit A PATCH of a group takes displayName, members",
        "replace-all and remove-all 400": "test test_aws_refuses_more_than_100_members_without_"
        "scim_type",
        "when a path may be missing": "test test_aws_takes_no_operation_without_a_path",
        "schema and schemas, status a text": "test test_aws_refuses_more_than_100_members_without"
        "_scim_type",
        "no scimType": "test test_aws_refuses_more_than_100_members_without_scim_type",
        "409 for an externalId": "limit A 409 also means that the externalId exists",
        "found by it and renamed": "test test_b9_a_conflict_is_solved_by_a_key_of_the_task",
    },
    "entra": {
        "national clouds": "token in national clouds",
        "app-only OAuth": "token there are no delegated permissions",
        "spaces around =": "test test_queries_are_encoded_strictly",
        "an invalid member id": "limit An id of a member that does not exist",
        "adds idempotent": "limit Adding a member that is in the group already",
        "mailEnabled and others": "limit mailEnabled, mailNickname and securityEnabled",
        "general availability": "limit generally available since April 2026",
        "its own form as a client": "limit As a client of other services",
        "texts for booleans": "test test_e5_booleans_as_text_and_numbers",
    },
    "github": {
        "paths case-sensitive": "limit Paths are case-sensitive",
        "classic token": "token personal access token (classic)",
        "its scope": "token scim:enterprise, formerly admin:enterprise",
        "active: true reactivates": "test test_new_mails_are_sent_when_the_user_is_active_again",
        "provisioned anew after DELETE": "limit provision the person anew",
        "obfuscated when inactive": "value obscured",
        "lists include suspended users": "limit Lists show suspended users too",
        "users before groups": "test test_users_are_written_before_their_groups",
    },
    "github_org": {
        "users only": "value groups",
        "SAML, not managed users": "limit SAML single sign-on",
        "five attributes": "value only",
        "its own path": "address",
    },
    "gitlab": {
        "users only": "value groups",
        "another API": "limit The API below /api/scim is meant",
        "what PATCH changes": "limit A PATCH changes id, externalId and active only",
    },
    "slack": {
        "v1 and v2": "limit a PATCH of /scim/v1 has another form",
        "admin scope": "token the scope admin",
        "ranks": "token accounts of a higher rank",
        "limits of all clients": "limit Rate limits count all SCIM clients",
        "channels": "limit A userName must not be the name of a channel",
    },
    "databricks": {
        "no members in lists": "limit Lists of groups carry no members",
        "members by GET": "value members_read",
        "null in a PATCH": "test test_null_is_never_sent",
        "quotas": "limit 10,000 users, 5,000 groups, 1,500 direct memberships, 10 levels",
    },
    "atlassian": {
        "POST links an account": "limit links the account that exists",
        "DELETE of an absent group": "limit is answered 404",
    },
    "snowflake": {
        "groups are roles": "limit Groups are roles",
        "synthesis_user": "value fake",
        "lists are samples": "test test_purge_by_a_sample_is_refused_before_any_write",
        "200 for other filters": "value filter_unknown",
        "one attribute by eq or sw": "limit Filters take one attribute",
    },
    "salesforce": {
        "users are disabled": "value delete",
        "no Bulk, sort, ETag": "limit There is no Bulk, no sorting, no ETag",
        "members wrapped": "value member_add",
        "removals too": "value member_remove",
    },
    "keycloak": {
        "toggle, off by default": "limit SCIM is switched on for each realm, and off by default",
        "10 levels": "limit Filters have 10 levels",
        "and in a value path": "limit no and inside of a multi-valued",
        "more than 100 operations": "value patch_operations",
        "an addition is one object": "limit The documented additions of a member have one object",
        "indirect groups are not counted": "limit Memberships through a parent group",
        "indirect groups": "test test_keycloak_names_indirect_groups_of_users",
        "LDAP_ONLY": "limit With an LDAP_ONLY mapper",
        "the id in a PUT": "test test_l7_read_only_attributes_are_left_out_and_all_else_stays",
        "externalId needs a mapping": "limit externalId of users needs a mapping",
        "plugins differ": "limit SCIM plugins for older releases differ",
    },
    "zitadel": {
        "the organization in the URL": "limit The base URL ends with the id of the organization",
        "meta.version": "limit meta.version is a counter",
        "active left out": "test test_zitadel_rewrites_phones_and_drops_types",
    },
    "sentry": {
        "unique by slug": "limit Groups are teams, unique by their slug",
        "non_field_errors": "test test_sentry_removes_the_first_of_a_list_and_names_are_slugs",
        "unknown member 404": "limit A member that is unknown is answered 404",
        "atomic": "limit A PATCH is done as a whole",
        "Okta stops at 20": "limit push stops at 20 members",
    },
    "hcp": {
        "the configuration in the URL": "limit The base URL ends with the id of the SCIM",
        "PUT keeps what it omits": "value put_mode",
        "a non-member, an unknown user": "limit A user that is unknown is answered 404",
        "one transaction": "limit A PATCH is one transaction",
        "count=0": "limit A list of count=0 gives the total",
        "an empty list clears": "limit In a PUT an empty list clears",
    },
    "google": {"no sort, Bulk, ETag": "limit There is no sorting, no Bulk, no ETag"},
    "oracle": {
        "its path": "address",
        "members in portions": "limit unless members are asked for in portions",
        "attributeSets": "limit The parameter attributeSets",
    },
    "jfrog": {
        "the id is the name": "limit The id of a user is its name",
        "no rename": "value fixed",
        "PATCH of members only": "limit A PATCH of a group changes its members only",
    },
    "figma": {"externalId": "limit externalId is stored and not used"},
    "": {
        "Huawei": "page older API of AWS",
        "Logfire": "page users are read only",
        "vCenter": "page changed by PUT only",
        "IBM Verify": "page attribute names mind case",
        "Tailscale": "page an inactive user is suspended",
        "1Password": "page the e-mail cannot be changed",
        "ServiceNow": "page six resource types",
        "Datadog": "page pages by index",
        "Zoom": "page OAuth only",
        "Zscaler, Deel": "page 5 requests a second",
        "Peakon, Mirantis": "page 25,000 operations an hour",
        "LangSmith, Statsig": "page groups cannot be renamed",
        "Entra as client: its list removal": "page remove members by a list",
        "its flag": "page With its flag `aadOptscim062020` Entra sends small letters",
        "eq and and": "page may find by `eq` and `and` only",
        "unique names, inactive users": "page keep the names of groups unique, list inactive users",
        "Okta as client: custom apps": "page Its custom apps change users by PUT",
        "Okta: gallery apps": "page sets `active` and the password only",
        "Okta deletes no user": "page never deletes users",
        "Okta is no service": "page Its own directory is no general SCIM service",
        "no reliable page": "page No reliable documentation was found for PagerDuty",
    },
}
# How many sentences there are about each.
SENTENCES = {
    "aws": 14,
    "entra": 9,
    "github": 8,
    "github_org": 4,
    "gitlab": 3,
    "slack": 5,
    "databricks": 4,
    "atlassian": 2,
    "snowflake": 5,
    "salesforce": 4,
    "keycloak": 11,
    "zitadel": 3,
    "sentry": 5,
    "hcp": 6,
    "google": 1,
    "oracle": 3,
    "jfrog": 3,
    "figma": 1,
    "": 21,
}
# What breaks tools that keep users in sync, by number: what a safe client does, and what
# comes after ``test_bNUMBER_`` in the name of its test.
BREAKING: dict[int, dict[str, str]] = {
    1: {
        "pages are read to the end": "small_default_pages_are_read_to_the_end",
        "count is set": "every_list_of_all_names_its_place_and_size",
        "a list ends without nextCursor": "lists_are_read_by_cursor_from_the_first_page",
        "never by itemsPerPage": "a_page_says_itself_how_large_it_is",
        "no page behind the total": "no_page_is_asked_for_behind_the_total",
        "an empty page ends it": "an_empty_page_ends_a_list_that_promised_more",
        "or with a page without new ids": "a_list_that_repeats_a_page_ends_there_and_removes_"
        "nobody",
    },
    2: {
        "prefer cursors": "cursors_are_preferred_wherever_they_are_announced",
        "no row is lost by cursor": "rows_lost_by_index_are_not_lost_by_cursor",
        "cursors that do not work": "announced_cursors_that_do_not_work_lose_no_rows",
        "rows count once": "rows_that_come_twice_count_once",
        "one look-up before a POST": "a_user_that_a_list_lacks_is_looked_up_before_it_is_created",
        "no removal by half a list": "rows_lost_while_someone_deletes_are_neither_removed_nor_made_"
        "twice",
    },
    3: {
        "members_read": "exact_members_are_set_where_groups_never_show_them",
        "refused where they cannot be read": "exact_members_are_refused_where_they_cannot_be_read",
    },
    4: {
        "portions, halved after a refusal": "too_many_members_are_sent_in_portions",
        "counted in check mode": "check_mode_counts_the_portions",
        "read again between them": "the_members_are_read_again_before_a_smaller_portion",
    },
    5: {
        "PATCH": "members_are_changed_by_patch_where_there_is_patch",
        "the whole list in a PUT": "the_last_member_leaves_by_put_too",
        "a PUT that ignores members": "members_are_patched_where_put_does_not_take_them",
    },
    6: {
        "never a replacement": "members_are_never_replaced_as_a_whole",
        "nor a removal of all": "no_operation_replaces_or_clears_all_members",
        "ids of this run": "members_are_changed_by_ids_that_this_run_has_read",
    },
    7: {
        "by a condition first": "members_are_removed_by_conditions_first",
        "verified": "a_removal_that_does_nothing_is_seen_and_is_no_change",
        "otherwise by profile": "members_are_added_and_removed_in_the_form_that_is_set",
        "or after a refusal": "a_refused_condition_becomes_a_list_after_another_read",
    },
    8: {
        "not saved, one warning, no change": "an_update_that_does_not_take_is_told_once_and_is_no_"
        "change",
        "not sent again": "what_stays_different_is_not_saved_and_sent_no_third_time",
        "nor at all if it is known": "what_is_known_not_to_be_kept_is_never_sent",
    },
    9: {
        "a look-up first": "a_creation_without_an_answer_is_looked_up_before_it_is_sent_again",
        "by external id, then by name": "the_external_id_is_looked_up_before_the_name",
        "also if the answer is lost": "a_creation_whose_answer_is_lost_makes_no_second_user",
        "a conflict names both": "a_conflict_names_what_is_wanted_and_what_is_there",
        "adopted by a key": "a_conflict_is_solved_by_a_key_of_the_task",
        "and by nothing else": "a_conflict_without_a_key_of_the_task_adopts_nobody",
    },
    10: {
        "names by rewrite": "a_name_that_the_service_rewrites_is_written_once",
        "values by rewrite": "a_value_that_is_rewritten_is_compared_as_the_service_writes_it",
        "never a loop": "without_the_capability_an_unknown_form_is_not_written_in_each_run",
    },
    11: {
        "look-ups see inactive users": "a_deactivated_user_counts_as_deleted_and_is_reactivated",
        "an address stays taken": "an_address_that_an_inactive_user_keeps_is_a_clear_conflict",
    },
    12: {
        "a PUT is everything": "a_put_sends_back_everything_that_the_service_holds",
        "removed by PATCH if PUT merges": "an_attribute_is_removed_where_put_keeps_what_it_omits",
    },
    13: {
        "one writer of a group": "no_two_writes_of_a_group_are_under_way",
        "its changes together": "members_of_one_group_are_changed_together",
        "what others added stays": "members_that_another_writer_added_meanwhile_stay",
    },
    14: {
        "the bad member is named": "a_member_that_is_refused_is_named_and_the_others_join",
        "a few tries, then halves": "no_write_is_sent_more_than_three_times",
        "no endless retry": "a_service_that_always_fails_is_not_asked_for_ever",
    },
    15: {
        "sent again": "a_throttled_request_is_sent_again",
        "one pace, as asked": "all_requests_wait_as_long_as_the_service_asks",
        "else backoff and jitter": "waits_double_at_random_without_a_word_of_the_service",
    },
    16: {
        "beyond the scope": "what_the_scope_does_not_name_is_never_touched",
        "the documentation warns": "pages_warn_of_a_second_writer",
    },
}


def test_every_fact_is_a_value_a_limit_or_a_test() -> None:
    assert not unbound(FACTS)


def test_no_sentence_about_a_service_is_left_out() -> None:
    """As many as the documentation of all services was summed up in."""
    assert {service: len(facts) for service, facts in FACTS.items()} == SENTENCES


def test_every_limit_is_on_the_page_of_its_service() -> None:
    for name, profile in PROFILES.items():
        text = (README.parent / f"{name}.md").read_text(encoding="utf-8")
        shown = " ".join(text.split())
        assert not [one for one in profile.limits if one not in shown], name


def test_every_behaviour_that_breaks_sync_tools_has_tests() -> None:
    assert sorted(BREAKING) == list(range(1, 17))
    tests = names_of_tests()
    for number, sentences in BREAKING.items():
        named = {f"test_b{number}_{one}" for one in sentences.values()}
        assert named <= tests, named - tests


def test_b16_pages_warn_of_a_second_writer() -> None:
    assert any("Another program that writes" in one for one in PROFILES["github"].limits)


def test_services_without_a_profile_are_not_among_the_profiles() -> None:
    assert not {"okta", "huawei", "logfire", "datadog", "zoom", "pagerduty"} & set(PROFILES)
