# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The coordinator of writes: merges the effects of each change.

The changes of a step may be under way at the same time. What is reported is in the order of the
plan.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from operator import itemgetter

from .._model.errors import ScimError
from .._model.key import Key
from .._plan.change import Change, Plan
from .._plan.lessons import Lesson, is_about_filters, line_of
from .._plan.order import phase
from .._plan.parts import without_unsaved
from .._plan.policy import Policy
from .._plan.questions import Reading
from .._plan.remaining import CarriedOut, lacking_before
from .._plan.side_by_side import Caution
from .._plan.witnesses import lesson_of_meeting, shows_hidden
from .._plan.write_forms import proven_before
from .._provider.abilities import not_stored, unsaved_since
from .carry_out import carry_out, is_deferred, redeemed
from .effects import Effects, Run
from .failures import Failures
from .ignored_attributes import is_held
from .in_bulk import Bundle, Sent, bundle, limits_for, send_bundle
from .last_look import LastLook, proved_at_last
from .outcome import Outcome
from .patience import Patience
from .planner import Planner
from .refused_attributes import RefusedValue
from .service import Service
from .threads import Threads

Step = tuple[Change, ...]


def apply(service: Service, outcome: Outcome, policy: Policy, planner: Planner) -> None:
    """Carry out the plan of an outcome, and note there what happens.

    ``planner`` made the plan. It makes it again if creations meet resources.
    """
    known = service.capabilities
    run = Run(
        service=service,
        snapshot=outcome.snapshot,
        verify=policy.verify,
        ids=outcome.ids,
        proofs=proven_before(known),
        lag=Patience(service.consistency_wait) if service.consistency_wait > 0 else None,
    )
    work = _Coordinator(
        run=run,
        outcome=outcome,
        policy=policy,
        planner=planner,
        carried=CarriedOut(run.ids),
        threads=Threads(service.baton, 1 if policy.stop_on_error else service.concurrency),
    )
    with service.baton.held():
        try:
            work.carry_out_all()
            work.look_again()
        finally:
            work.threads.close()
    work.excuse_failures()
    outcome.failures = work.failures.found
    outcome.unsaved = unsaved_since(known, service.capabilities)


@dataclass(kw_only=True, slots=True)
class _Coordinator:
    """A run while it writes. Nothing else writes what its changes share.

    ``shortened`` are changes of which failures before them took something out. ``met`` are
    creations that met a resource, as ``readings`` show it. ``looks_again``: they taught how
    look-ups find more. ``cut`` showed that lists of members are cut, so what is left is planned
    again. ``begun`` are the changes of a step as they are carried out, and ``promises`` what came
    of those that the service promised (202). ``caution`` says what goes alone, and the ``threads``
    does the rest. ``most_in_bulk``: a larger bulk request was refused. ``last_look`` has the
    groups that were shown as before a write, ``repeated`` are groups that change several times.
    """

    run: Run
    outcome: Outcome
    policy: Policy
    planner: Planner
    carried: CarriedOut
    threads: Threads[Sent]
    most_in_bulk: int = sys.maxsize
    has_sent_in_bulk: bool = False
    caution: Caution = field(default_factory=Caution)
    failures: Failures = field(default_factory=Failures)
    shortened: list[Change] = field(default_factory=list)
    met: list[Change] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    looks_again: bool = False
    cut: Change | None = None
    is_over: bool = False
    begun: dict[int, Change] = field(default_factory=dict)
    promises: dict[int, Effects] = field(default_factory=dict)
    last_look: LastLook = field(default_factory=LastLook)
    repeated: set[Key] = field(default_factory=set)

    def carry_out_all(self) -> None:
        """Carry out every change, or those before the end of the run.

        Resources that were met are planned again before the next phase begins, or at once if other
        creations may meet one for the same reason.
        """
        steps = deque(self._prepared(self.outcome.plan.steps))
        while steps or self.met:
            self.outcome.interrupted = self.run.service.interrupted and not self.is_over
            if self.outcome.interrupted or self.is_over:
                self.outcome.not_tried += [*self.met, *chain.from_iterable(steps)]
                return
            is_due = bool(self.met) and self._plans_before(steps[0][0] if steps else None)
            if is_due or (steps and self.cut):
                steps = deque(self._planned_again(steps))
                continue
            left = self._carry_out_step(steps.popleft())
            if left:
                steps.appendleft(left)

    def _carry_out_step(self, step: Step) -> Step:
        """Carry out the changes of a step side by side. Return those that must wait."""
        todo = deque(enumerate(step))
        reports: dict[int, Effects] = {}
        failed = len(self.failures.found)
        limits = limits_for(self.run.service, step, self.policy)
        patience = Patience(self.run.service.consistency_wait)
        self.run = replace(self.run, patience=patience, defers=len(step) > 1)
        while not self.threads.is_idle or (todo and self._may_go_on(todo[0][1])):
            while todo and self._may_begin(todo[0][1]):
                most = min(limits[0], self.most_in_bulk)
                sent = self._begun(todo, (most, limits[1]))
                todo.extendleft(reversed(self._taken(step, sent, reports)))
            for sent in () if self.threads.is_idle else self.threads.finished():
                todo.extendleft(reversed(self._taken(step, sent, reports)))
        self._redeem(step, reports)
        self._report(reports)
        self.failures.sort([one.key for one in step], failed)
        return tuple(change for _number, change in todo)

    def _taken(
        self, step: Step, sent: Sent, reports: dict[int, Effects]
    ) -> list[tuple[int, Change]]:
        """Take in what came of some changes, and return those that are left."""
        for number, found in sent.effects.items():
            if self.run.defers and is_deferred(found):
                self.promises[number] = found
            else:
                reports[number] = self._taken_in(step[number], found)
        done = len(self.outcome.done) + len(reports)
        self.run.service.tell("writing", done, self.outcome.plan.size)
        self.run.service.merge(sent.lessons)
        if sent.size or (sent.left and not sent.effects):
            self.most_in_bulk = min(self.most_in_bulk, sent.size // 2 if sent.is_too_large else 0)
        return [(number, step[number]) for number in sent.left]

    def _taken_in(self, planned: Change, found: Effects) -> Effects:
        """Take in what came of a change, and return it."""
        effects = self._in_part(planned, found)
        self._merge(planned, effects)
        self._note(planned, effects)
        self._note_moves(effects)
        self.last_look.watch(planned, effects)
        return effects

    def look_again(self) -> None:
        """Read once more, at the end, what was accepted and not seen."""
        if not self.failures.are_of_credentials:
            for planned, effects in proved_at_last(self.run, self.outcome):
                self._merge(planned, effects)
        for planned, failure in self.last_look.take(self.run, self.outcome):
            self._fail(planned, failure)

    def _redeem(self, step: Step, reports: dict[int, Effects]) -> None:
        """Wait for what the service promised in a step, for all of it together."""
        run = replace(self.run, defers=False)
        for number, first in sorted(self.promises.items(), key=itemgetter(0)):
            again = first if run.service.interrupted else redeemed(run, self.begun[number], first)
            reports[number] = self._taken_in(step[number], again)
        self.promises.clear()
        self.begun.clear()

    def _may_go_on(self, change: Change) -> bool:
        """Return whether a change may be begun as soon as there is room."""
        if self.run.service.interrupted or self.is_over or self.cut:
            return False
        return not (self.met and self._plans_before(change))

    def _may_begin(self, change: Change) -> bool:
        """Return whether a change may be begun now."""
        if not self._may_go_on(change):
            return False
        if self.threads.is_idle:
            return True
        room = self.failures.room(self.policy, self.outcome.plan.size)
        return self.threads.has_room(room) and not self._goes_alone(change)

    def _goes_alone(self, change: Change) -> bool:
        known = self.run.service.capabilities
        return self.caution.goes_alone(change, known, self.run.proofs, self.run.unshown)

    def _begun(self, todo: deque[tuple[int, Change]], limits: tuple[int, int]) -> Sent:
        """Begin one change of ``todo``, or several in bulk within ``limits``.

        They are taken out. Return what came of them if they were carried out here. That is so if
        nothing else may be under way, and for the first that are sent in bulk.
        """
        some = self._bundle(todo, limits)
        if some is None:
            number, change = todo.popleft()
            return self._begun_alone(number, change, is_last=not todo)
        for _number in some.changes:
            todo.popleft()
        self.begun.update(some.changes)
        room = self.failures.room(self.policy, self.outcome.plan.size)
        work = partial(send_bundle, self.run, some, room)
        if self.has_sent_in_bulk:
            self.threads.begin(work)
            return Sent()
        sent = work()
        self.has_sent_in_bulk = bool(sent.effects)
        return sent

    def _bundle(self, todo: Iterable[tuple[int, Change]], limits: tuple[int, int]) -> Bundle | None:
        """Return the next changes if they may be sent in bulk."""
        chosen: dict[int, Change] = {}
        for number, change in todo:
            if len(chosen) >= limits[0] or not self._may_join(change):
                break
            chosen[number] = change
        if len(chosen) < 2:
            return None
        some = bundle(self.run, chosen, limits)
        return some if len(some.changes) > 1 else None

    def _may_join(self, change: Change) -> bool:
        """Return whether a change may be sent with others in one request."""
        if not self._may_go_on(change) or self._goes_alone(change):
            return False
        if self.failures.is_skipped(change, self.policy, self.outcome.plan.size):
            return False
        self._ask_schemas(change)
        return not self.failures.feasible(change)[1]

    def _begun_alone(self, number: int, planned: Change, *, is_last: bool) -> Sent:
        """Begin a change, as far as the failures before it allow."""
        if self.failures.is_skipped(planned, self.policy, self.outcome.plan.size):
            self.outcome.not_tried.append(planned)
            self.failures.follow(planned)
            return Sent()
        change, is_partial = self.failures.feasible(planned)
        self._ask_schemas(change)
        if is_partial:
            left_out = self.outcome.not_tried if change.verb == "keep" else self.shortened
            left_out.append(planned)
        if change.verb == "keep":
            self.carried.note(planned, done=False)
            return Sent()

        self.begun[number] = change

        def work() -> Sent:
            return Sent(effects={number: carry_out(self.run, change)})

        is_alone = is_last or self.threads.most == 1 or self._goes_alone(planned)
        if self.threads.is_idle and is_alone:
            return work()
        self.threads.begin(work)
        return Sent()

    def _in_part(self, planned: Change, effects: Effects) -> Effects:
        """Return effects that say whether only a part of a change was done.

        If nothing of it was, it failed or was not tried.
        """
        done = effects.done
        if done is None:
            return effects
        is_short = bool(effects.undone) or any(one is planned for one in self.shortened)
        is_begun = done.changed or bool(done.pending)
        if is_begun and (is_short or effects.failure is not None):
            self.outcome.in_part.append(planned)
        elif is_short and effects.failure is None:
            self.outcome.not_tried.append(planned)
        if done.failed or not is_short:
            return effects
        return replace(effects, done=replace(done, in_part=True))

    def _report(self, reports: Mapping[int, Effects]) -> None:
        """Note what came of the changes of a step, in their order."""
        for _number, effects in sorted(reports.items(), key=itemgetter(0)):
            self.outcome.add_notes(effects.notes)
            if effects.done is not None:
                self.outcome.done.append(effects.done)
                self.outcome.operations += effects.done.operations

    def excuse_failures(self) -> None:
        """Count refusals of attributes that are not stored, as known by now, as not saved.

        So a resource counts like those that came after the proof.
        """
        left = []
        for failure in self.failures.found:
            error = failure.error
            if not isinstance(error, RefusedValue) or not self._excuse(failure.change, error):
                left.append(failure)
        self.failures.found = left

    def _excuse(self, change: Change, error: RefusedValue) -> bool:
        """Count a refusal as not saved if it is none, in place of what came before it."""
        excused = error.excused
        if excused is None or not self._is_never_stored(change, excused.refused):
            return False
        done = [one for one in self.outcome.done if one is not error.done]
        self.outcome.done[:] = [*done, excused]
        parts = self.outcome.in_part
        parts[:] = [one for one in parts if one is not change]
        self.outcome.add_notes(error.notes)
        return True

    def _is_never_stored(self, change: Change, paths: Iterable[str]) -> bool:
        """Return whether a refusal is due to its attributes and not to their values.

        The type is known to refuse them, and no resource has them.
        """
        known = self.run.service.capabilities
        unsaved = not_stored(known, change.key.kind, at_creation=False)
        for path in paths:
            if path not in unsaved or is_held(self.run.snapshot, change.kind, path):
                return False
        return True

    def _plans_before(self, change: Change | None) -> bool:
        """Return whether another plan comes before the next change."""
        return self.looks_again or change is None or phase(change) != phase(self.met[0])

    def _planned_again(self, left: Iterable[Step]) -> Iterable[Step]:
        """Return what is left to do after another plan, which is judged before any write.

        If it is refused, the run ends.
        """
        met = self.met
        about = [*met, *([self.cut] if self.cut else [])]
        try:
            created = (one.change for one in self.outcome.done if one.change.verb == "create")
            plan = self.planner.planned_again([*lacking_before(created), *self.readings])
        except ScimError as refusal:
            if not self.run.service.interrupted:
                self.met = met[1:]
                self.failures.add(about[0], _about(about[0], refusal, is_met=bool(met)))
                self.is_over = True
            return left
        self.met, self.readings, self.looks_again, self.cut = [], [], False, None
        self.outcome.use(plan)
        self._fail_unmatched(met, plan)
        return self._prepared(self.carried.rest(plan.steps))

    def _prepared(self, steps: Iterable[Step]) -> list[Step]:
        """Return steps to be carried out, with the members noted that they remove."""
        prepared = list(steps)
        written = Counter(one.key for one in chain.from_iterable(prepared))
        self.repeated = {key for key, times in written.items() if times > 1}
        for change in chain.from_iterable(prepared):
            if change.leaves:
                self.run.leaving[change.key].update(change.leaves)
        return prepared

    def _fail_unmatched(self, met: Iterable[Change], plan: Plan) -> None:
        """Count creations as failed that met a resource which the new plan is not about."""
        created = {one.key for one in plan.changes if one.verb == "create"}
        made = {one.change.key for one in self.outcome.done}
        for change in met:
            if change.key in created - made:
                doing = f"creating {change.text}"
                reason = "the service says that it exists, but the task is about another resource"
                self._fail(change, ScimError(reason, doing=doing))

    def _ask_schemas(self, change: Change) -> None:
        """Ask what the service lists before a write without what it does not store.

        The answer only explains.
        """
        if self.run.snapshot.schemas is not None:
            return
        left, unsent = without_unsaved(change, self.run.service.capabilities)
        if unsent and left.verb != "keep":
            self.run.snapshot.add_schemas(self.run.service.schemas())

    def _merge(self, planned: Change, effects: Effects) -> None:
        """Take in what a change brought about, before the next one is begun."""
        run, outcome = self.run, self.outcome
        run.ids.update(effects.created)
        run.deleted.update(effects.deleted)
        run.proved.update(effects.proved)
        run.disproved.update(effects.disproved)
        run.created_elsewhere.update(effects.created_elsewhere)
        run.looked_through.update(effects.looked_through)
        run.no_duplicates.update(effects.no_duplicates)
        run.take_members(planned.key, effects, is_repeated=planned.key in self.repeated)
        if effects.created_elsewhere:
            self.met.append(planned)
            self.readings += effects.readings
            self._learn_of_meeting(planned, effects.lessons)
        for reading in effects.readings:
            run.snapshot.add(reading)
        if any("members_limit" in one.values for one in effects.lessons):
            self.cut = planned
        run.service.take(effects.lessons, patched=_patched(effects), saved=_updated(effects))
        for form, is_done in effects.proofs.items():
            run.proofs[form] = is_done and run.proofs.get(form, True)
        if effects.done is not None:
            self.failures.note(planned, effects.done.change)
            self._fail_kept(planned, effects.done.not_saved)
            if effects.done.pending:
                self.failures.follow(planned)
            elif effects.done.change.verb == "deactivate":
                run.deactivated.add(planned.key)
        if effects.failure is not None:
            self._fail(planned, effects.failure)
        for (verb, key), failure in effects.undone.items():
            run.deleted.discard(key)
            run.deactivated.discard(key)
            self._fail(outcome.without_removal(verb, key), failure)

    def _note(self, planned: Change, effects: Effects) -> None:
        """Note that a change was carried out, and what its writes have shown."""
        is_done = effects.done is not None and effects.failure is None
        self.carried.note(planned, done=is_done and planned not in self.met)
        is_clean = is_done and not effects.lessons and planned not in self.met
        self.caution.note(planned, self.run.service.capabilities, is_clean=is_clean)

    def _note_moves(self, effects: Effects) -> None:
        """Note which users joined or left a group.

        Their own entries may be older or newer than what is known of the group.
        """
        if effects.done is None or effects.done.change.membership is None:
            return
        change, ids = effects.done.change, self.run.ids
        keys = (change.key, *change.joins, *change.leaves)
        group, *moved = [Key(one.kind, ids.get(one.id, one.id)) for one in keys]
        self.run.snapshot.add_moves(group, moved)

    def _learn_of_meeting(self, planned: Change, lessons: Iterable[Lesson]) -> None:
        """Learn why no look-up found the resource that a creation met."""
        about_filters = [one for one in lessons if any(map(is_about_filters, one.values))]
        if about_filters:
            self._note_meeting(planned, about_filters)
            self.looks_again = True
            return
        lesson = lesson_of_meeting(planned.desired, self.run.snapshot)
        if lesson is not None:
            self.run.service.merge([lesson])
            self._note_meeting(planned, [lesson])
            self.looks_again = True
        elif shows_hidden(planned.desired, self.run.snapshot, self.run.service.capabilities):
            self.looks_again = True

    def _note_meeting(self, planned: Change, lessons: Iterable[Lesson]) -> None:
        """Warn of a creation that was sent in vain, since later runs would send it too."""
        line = line_of(lessons, is_about_filters)
        self.outcome.add_notes(
            [
                f"a filter did not find {planned.text}, and its creation was refused because it "
                f"exists; if this comes in each run, set capabilities: {line}"
            ]
        )

    def _fail_kept(self, planned: Change, not_saved: Collection[str]) -> None:
        """Count it as a failure if a resource kept a name that another change takes."""
        for path in planned.frees:
            if path in not_saved:
                reason = f"the service kept {path}, which another change of this run takes"
                self._fail(planned, ScimError(reason, doing=f"changing {planned.text}"))
                return

    def _fail(self, planned: Change, failure: ScimError) -> None:
        self.failures.add(planned, failure)
        ends = self.failures.end_run(self.policy, self.outcome.plan.size)
        self.is_over = self.is_over or ends


def _patched(effects: Effects) -> str:
    """Return the resource type of which a PATCH was accepted, empty if none was."""
    done = effects.done
    if done is None:
        return ""
    patches = [one for one in done.operations if one["method"] == "PATCH"]
    return done.change.key.kind if patches else ""


def _updated(effects: Effects) -> tuple[str, ...]:
    """Return the attributes of which an update was accepted and saved."""
    done = effects.done
    if done is None or done.failed or done.change.before is None:
        return ()
    paths = [path for path in done.change.paths if path in done.change.new]
    return tuple(path for path in paths if path not in done.not_saved)


def _about(change: Change, refusal: ScimError, *, is_met: bool) -> ScimError:
    """Return the refusal of another plan, with the resource that made it necessary."""
    if refusal.doing:
        return refusal
    doing = f"planning again, since {change.text} shows members that it did not show before"
    if is_met:
        doing = f"planning {change.text} again, which exists after all"
    return ScimError(refusal.reason, doing=doing, hint=refusal.hint, lines=refusal.lines)
