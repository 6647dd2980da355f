# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One entry for each module: its options, what they require of each other, and the function that does the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._converge.service import Service
from .._model.directory_options import DIRECTORY_OPTIONS
from .._model.options import (
    GROUP_OPTIONS,
    MEMBERSHIP_OPTIONS,
    RESOURCE_OPTIONS,
    USER_OPTIONS,
    Option,
    info_options,
)
from .._model.schema import GROUP, USER
from .directory import manage_directory
from .reading import read_groups, read_resources, read_service_provider, read_users
from .work import manage_group, manage_membership, manage_resource, manage_user


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What a module offers. ``work`` takes the checked parameters, the service and check mode, and gives the result."""

    options: tuple[Option, ...]
    work: Callable[[Mapping[str, Any], Service, bool], dict[str, Any]]
    required_one_of: tuple[tuple[str, ...], ...] = ()
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()


TASKS = {
    "scim_user": Task(options=USER_OPTIONS, work=manage_user),
    "scim_group": Task(options=GROUP_OPTIONS, work=manage_group),
    "scim_group_membership": Task(
        options=MEMBERSHIP_OPTIONS,
        work=manage_membership,
        required_one_of=(("group", "group_id"),),
        mutually_exclusive=(("group", "group_id"),),
    ),
    "scim_user_info": Task(
        options=info_options(USER),
        work=read_users,
        mutually_exclusive=(("id", "user_name", "filter"),),
    ),
    "scim_group_info": Task(
        options=info_options(GROUP),
        work=read_groups,
        mutually_exclusive=(("id", "display_name", "filter"),),
    ),
    "scim_resource": Task(options=RESOURCE_OPTIONS, work=manage_resource),
    "scim_resource_info": Task(
        options=info_options(None), work=read_resources, mutually_exclusive=(("id", "filter"),)
    ),
    "scim_service_provider_info": Task(options=(), work=read_service_provider),
    "scim_directory": Task(
        options=DIRECTORY_OPTIONS,
        work=manage_directory,
        required_one_of=(("users", "groups", "teams"),),
    ),
}
