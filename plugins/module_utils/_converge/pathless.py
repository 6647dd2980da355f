# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates of which a service refuses every path: one object without a path.

Knows nothing of what is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence

from .._model.errors import ScimError
from .._plan.change import Change
from .._plan.lessons import Lesson
from .._plan.parts import Part, limited
from .._plan.requests import other_forms, replaces, without_secrets
from .._protocol.blame import names_a_value, names_no_path
from .effects import Done, about_attributes
from .members import MembersLost
from .update import update
from .worker import Worker

REFUSED = "answer that refused every path"


def lacks_paths(worker: Worker, change: Change, refused: Sequence[tuple[Part, ScimError]]) -> bool:
    """Return whether a service may refuse paths, and not the attributes of a change.

    It accepted none of them, and no other PATCH of the type. It says so in words, or it refused
    several, one of which every service has. Another form was not tried in this run.
    """
    if replaces(change, worker.capabilities):
        return False
    if worker.run.service.evidence.is_denied("patch", False, change.key.kind):
        return False
    texts = []
    for _part, refusal in refused:
        if not about_attributes(refusal):
            return False
        texts += [refusal.detail, *refusal.lines]
    parts = [part for part, _refusal in refused if part.paths]
    is_core = len(parts) > 1 and any(part.essential for part in parts)
    if names_a_value("", texts) or not (is_core or names_no_path(texts)):
        return False
    return bool(other_forms(change, change.paths, worker.capabilities, pathless=True))


def sent_as_object(worker: Worker, change: Change) -> Done | None:
    """Send attributes in one object without a path, once a run and type.

    RFC 7644 section 3.5.2. Lists are not among them. The form is kept if anything is saved then.
    Return None if it is refused.
    """
    lessons = worker.lessons
    part = without_secrets(limited(change, paths_without_lists(change)))
    worker.try_lesson(_lesson(change, "object"))
    try:
        done = update(worker, part)
    except MembersLost:
        raise
    except ScimError:
        done = None
    if done is None or set(part.paths) <= set(done.not_saved):
        worker.unlearn(lessons)
        worker.try_lesson(_lesson(change, "path"))
    return done


def paths_without_lists(change: Change) -> tuple[str, ...]:
    """Return the attributes that an object without a path can set.

    Lists are added to, and nothing is removed.
    """
    found = []
    for path in change.paths:
        if path in change.new and not isinstance(change.new[path], list):
            found.append(path)
    return tuple(found)


def _lesson(change: Change, form: str) -> Lesson:
    return Lesson(source=REFUSED, values={"patch_form": form}, kind=change.key.kind)
