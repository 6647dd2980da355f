# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resource each wish is about: found by its keys, never guessed; wishes about one resource become one claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .._model.key import Key
from .._model.schema import ResourceType
from .desired import EMAIL, Desired, Reference, combine, folded, group_named
from .snapshot import Resource, Snapshot


@dataclass(slots=True)
class Claim:
    """One resource and everything that is asked about it; ``resource`` is None where it does not exist yet."""

    wish: Desired
    resource: Resource | None
    matched_by: str | None
    ident: str

    @property
    def key(self) -> Key:
        """The identity of the resource, also before it exists."""
        return Key(self.wish.kind.name, self.ident)

    @property
    def there(self) -> bool:
        """Whether it exists, or will when the plan is carried out."""
        return self.resource is not None or self.wish.state == "present" and self.wish.creates


@dataclass(slots=True)
class Claims:
    """All claims of a task, findable by every stated key, and the sentences that say what is wrong with the wishes.

    ``former`` finds them by the names they had, ``mails`` by the e-mail addresses they are to have. ``implied`` are ids of
    resources that no wish names: they are claimed for what follows from other wishes.
    """

    every: list[Claim] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    index: dict[tuple[str, str, str], Claim] = field(default_factory=dict)
    former: dict[tuple[str, str, str], Claim] = field(default_factory=dict)
    mails: dict[tuple[str, str, str], list[Claim]] = field(default_factory=dict)
    implied: set[Key] = field(default_factory=set)

    def of(self, kind: str) -> list[Claim]:
        """The claims about resources of one kind."""
        return [claim for claim in self.every if claim.wish.kind.name == kind]

    def resolve(self, reference: Reference, snapshot: Snapshot) -> list[str]:
        """The ids that a reference names: a resource of this task first, then one of the service. An id is taken as it is."""
        claim = self.index.get(reference.key)
        if claim is not None and claim.there:
            return [claim.ident]
        found = snapshot.resolve(reference)
        if reference.path == "id" and not found:
            return [reference.value]
        claim = self.former.get(reference.key)
        if not found and claim is not None and claim.there:
            return [claim.ident]
        return list(
            dict.fromkeys(
                [*found, *(one.ident for one in self.mails.get(reference.key, ()) if one.there)]
            )
        )

    def names(self, reference: Reference) -> bool:
        """Whether the wishes speak of the one whom a reference names, who may be gone or not to be made."""
        return reference.key in self.index

    def adopt(
        self, reference: Reference, snapshot: Snapshot, *, implied: bool = False
    ) -> Claim | None:
        """The claim for a group that is only referred to, made where there is none; None where it does not exist.

        ``implied``: no wish names it, it only follows from one.
        """
        claim = self.index.get(reference.key)
        if claim is None:
            resource, by, problem = match(group_named(reference), snapshot)
            if problem:
                self.problems.append(problem)
            if resource is None:
                return self.former.get(reference.key)
            ident = str(resource["id"])
            claim = self.index.get(("Group", "id", ident))
            if claim is None:
                claim = Claim(group_named(reference), resource, by, ident)
                self._enter(claim)
                self.implied.update({claim.key} if implied else ())
            self.index[reference.key] = claim
        self.implied.difference_update(() if implied else {claim.key})
        return claim

    def _enter(self, claim: Claim) -> None:
        self.every.append(claim)
        self.index[(claim.wish.kind.name, "id", claim.ident)] = claim


def match(wish: Desired, snapshot: Snapshot) -> tuple[Resource | None, str | None, str]:
    """The resource that a wish is about → (resource or None, the key that found it, a sentence if that is not certain).

    All stated keys must agree, each may find one resource only, and the first in the list names the match.
    """
    hits = [(path, value, snapshot.find(wish.kind, path, value)) for path, value in wish.keys]
    for path, value, found in hits:
        if len(found) > 1:
            return (
                None,
                None,
                _problem(
                    wish,
                    f"{path} '{value}' matches {len(found)} {wish.kind.endpoint.lower()}: {_named(wish.kind, found, snapshot)}",
                ),
            )
    distinct = {str(found[0]["id"]): found[0] for _path, _value, found in hits if found}
    if len(distinct) > 1:
        pointed = ", ".join(
            f"{path} '{value}' at {_named(wish.kind, found, snapshot)}"
            for path, value, found in hits
            if found
        )
        return (
            None,
            None,
            _problem(
                wish, f"the stated keys point at different {wish.kind.endpoint.lower()}: {pointed}"
            ),
        )
    gone = next((value for path, value, found in hits if path == "id" and not found), None)
    if gone is not None and distinct:
        others = ", ".join(
            f"{path} '{value}' at {_named(wish.kind, found, snapshot)}"
            for path, value, found in hits
            if found
        )
        return (
            None,
            None,
            _problem(wish, f"there is no {wish.kind.name.lower()} with id '{gone}', but {others}"),
        )
    if gone is not None and wish.state == "present":
        return None, None, _problem(wish, f"there is no {wish.kind.name.lower()} with id '{gone}'")
    for path, _value, found in hits:
        if found:
            return found[0], path, ""
    earlier = {
        str(one["id"]): one
        for name in wish.previous
        for one in snapshot.find(wish.kind, wish.kind.name_attribute, name)
    }
    if len(earlier) > 1:
        return (
            None,
            None,
            _problem(
                wish,
                f"previous_names match {len(earlier)} groups: {_named(wish.kind, earlier.values(), snapshot)}",
            ),
        )
    return next(iter(earlier.values()), None), "previous_names" if earlier else None, ""


def claim_all(wishes: Sequence[Desired], snapshot: Snapshot) -> Claims:
    """Every wish with its resource; wishes that share a resource or a key are one claim, or a contradiction."""
    claims = Claims()
    names: set[str] = set()
    for wish in wishes:
        resource, matched_by, problem = match(wish, snapshot)
        if problem:
            claims.problems.append(problem)
            continue
        keys = [(wish.kind.name, path, folded(wish.kind, path, value)) for path, value in wish.keys]
        if resource is not None:
            keys.append((wish.kind.name, "id", str(resource["id"])))
        known = {id(claims.index[key]): claims.index[key] for key in keys if key in claims.index}
        if len(known) > 1:
            pair = [one.wish for one in known.values()]
            claims.problems.append(
                _problem(
                    wish,
                    f"its keys belong to {pair[0].place} and to {pair[1].place}, which are not the same",
                )
            )
            continue
        claim = next(iter(known.values()), None)
        if claim is None:
            ident = str(resource["id"]) if resource is not None else _new_id(wish, names)
            claim = Claim(wish, resource, matched_by, ident)
            claims.every.append(claim)
            keys.append((wish.kind.name, "id", ident))
        else:
            claim.wish, problems = combine(claim.wish, wish)
            claims.problems += problems
            if claim.resource is None and resource is not None:
                claim.resource, claim.matched_by, claim.ident = (
                    resource,
                    matched_by,
                    str(resource["id"]),
                )
        claims.index.update((key, claim) for key in keys)
    for claim in claims.every:
        kind = claim.wish.kind
        claims.former.update(
            ((kind.name, kind.name_attribute, folded(kind, kind.name_attribute, name)), claim)
            for name in claim.wish.previous
        )
        for row in claim.wish.attributes.get("emails") or ():
            if row.get("value") and kind.name == "User":
                claims.mails.setdefault(
                    (kind.name, EMAIL, folded(kind, EMAIL, str(row["value"]))), []
                ).append(claim)
    claims.problems += [*_spaced(claims), *_unsought(claims, snapshot)]
    return claims


def _unsought(claims: Claims, snapshot: Snapshot) -> Iterator[str]:
    """Names that exist and that ``match_by`` leaves out: creating another of that name would be refused, or make two."""
    for claim in claims.every:
        path, value = unsought(claim.wish)
        others = (
            snapshot.find(claim.wish.kind, path, value) if value and claim.resource is None else []
        )
        if others:
            yield _problem(
                claim.wish,
                f"match_by does not have {claim.wish.kind.at(path).option}, and there is {_named(claim.wish.kind, others, snapshot)} of that name; "
                f"add it to match_by to take that one",
            )


def unsought(wish: Desired) -> tuple[str, str]:
    """The name that a wish may create a resource with and does not look for it by → (path, value); an empty value where there is none."""
    path = wish.kind.name_attribute
    value = wish.attributes.get(path)
    sought = any(key == path for key, _value in wish.keys)
    return path, value if isinstance(
        value, str
    ) and wish.creates and wish.state == "present" and not sought else ""


def _spaced(claims: Claims) -> Iterator[str]:
    """User names that would be given white space around them: that would be another account, and who is meant would leave."""
    for claim in claims.of("User"):
        kind, name, held = (
            claim.wish.kind,
            claim.wish.attributes.get("userName"),
            (claim.resource or {}).get("userName"),
        )
        if (
            not isinstance(name, str)
            or name == name.strip()
            or claim.wish.state != "present"
            or not claim.wish.creates
        ):
            continue
        if not isinstance(held, str) or folded(kind, "userName", held) != folded(
            kind, "userName", name
        ):
            other = claims.index.get(("User", "userName", folded(kind, "userName", name.strip())))
            without = (
                f"; {other.wish.place or 'the task'} states it without"
                if other not in (None, claim)
                else ""
            )
            yield _problem(
                claim.wish,
                f"white space is around the user name, which no user of the service has{without}; remove that",
            )


def _new_id(wish: Desired, taken: set[str]) -> str:
    ident = f"bulkId:{wish.name}"
    if ident in taken:
        ident = f"bulkId:{wish.kind.name}:{wish.name}"
    taken.add(ident)
    return ident


def _problem(wish: Desired, text: str) -> str:
    return f"{wish.place + ': ' if wish.place else ''}{wish.text}: {text}"


def _named(kind: ResourceType, resources: Iterable[Resource], snapshot: Snapshot) -> str:
    return ", ".join(
        sorted(
            f"'{snapshot.name(Key(kind.name, str(one['id'])))}' (id {one['id']})"
            for one in resources
        )
    )
