# Copyright (c) 2026 the identity.scim contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the lists of a task, or from its file, to the rows of a roster.

Every row is checked here, in one way, before the first request. Knows no format of files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import basename
from typing import Any

from .._model.errors import ScimError, all_of
from .._model.layouts import Layouts
from .._model.unread import Unread
from .columns import TEAMS, split
from .items import HEADER, Item
from .mapping import ColumnNames, MappedNames
from .plain_rows import is_plain_user, kind_of_text
from .plain_users import may_wait
from .resource_options import GROUP_ITEM, TEAM_ITEM, TEAM_MEMBER, USER_ITEM
from .resources import group_desired, user_desired
from .row_checks import Read, RowReader
from .rows import Part, Rows
from .source import is_table, items_of
from .teams import check_team
from .unread_users import UnreadUsers

Row = Mapping[str, Any]
LISTS = ("users", "groups", "teams")
NAMES = ("user_name", "external_id", "display_name", "id")
LONGEST_NAME = 60
SECTIONS_OF_USERS = ("", "users")
UNNAMED = "a team without a name"
# The members of a team are checked one by one.
TEAM_SETTINGS = tuple(
    replace(one, options=(), rows=True) if one.name == "members" else one for one in TEAM_ITEM
)


@dataclass(kw_only=True, slots=True)
class TeamRows:
    """A team: its settings without members, its members, and where it was written."""

    place: str
    settings: Row
    members: Part


@dataclass(kw_only=True, slots=True)
class Roster:
    """The rows of one task, all of them right by themselves."""

    users: Rows
    groups: Rows
    teams: list[TeamRows]

    def __len__(self) -> int:
        return len(self.users) + len(self.groups) + len(self.teams)


def roster_of(params: Row, secrets: list[Any]) -> Roster:
    """Return the rows of ``src``, or of ``users``, ``groups`` and ``teams``.

    Raise ScimError with every error of every row. ``secrets`` takes the secret values of all rows,
    also after an error.
    """
    gathered = Gathering(params, secrets)
    if params.get("src") is not None:
        gathered.add_file(params["src"], params.get("mapping") or {})
    elif params.get("mapping"):
        raise ScimError("mapping is only for src, which is not set")
    else:
        gathered.add_lists(params)
    return gathered.roster()


class Gathering:
    """Rows while they are gathered, and what is wrong with them."""

    def __init__(self, params: Row, secrets: list[Any]) -> None:
        match_by = tuple(params.get("match_by") or ())
        is_plain = is_plain_user if not match_by or "user_name" in match_by else _never
        meaning = _user_meaning(match_by)
        self._users = RowReader("a user", USER_ITEM, meaning, is_plain=is_plain, secrets=secrets)
        self._members = RowReader(
            "a member", TEAM_MEMBER, meaning, is_plain=is_plain, secrets=secrets
        )
        self._groups = RowReader(
            "a group", GROUP_ITEM, group_desired, is_plain=_never, secrets=secrets
        )
        self._teams = RowReader(
            "a team", TEAM_SETTINGS, check_team, is_plain=_never, secrets=secrets
        )
        state = params.get("team_state")
        self._state = {} if state is None else {"state": state}
        # Rows that are not decoded are checked by their layouts.
        self._unread = UnreadUsers() if is_plain is is_plain_user else None
        self._sentences: list[str] = []
        self._found = Roster(users=Rows(), groups=Rows("groups["), teams=[])
        self._by_name: dict[str, TeamRows] = {}
        self._people = Rows()

    def roster(self) -> Roster:
        """Return the rows. Raise ScimError if any is wrong."""
        if self._sentences:
            raise all_of(self._sentences)
        return self._found

    def add_lists(self, params: Row) -> None:
        """Take the rows of a task."""
        add = {"users": self._add_user, "groups": self._add_group}
        for option in LISTS:
            for number, row in enumerate(params.get(option) or ()):
                if option == TEAMS:
                    self._add_team(row, f"teams[{number}]", "")
                else:
                    add[option](row, number, f"{option}[{number}]")

    def add_file(self, path: str, mapping: Row) -> None:
        """Take the rows of a file."""
        name = basename(path)
        self._found = Roster(users=_in(name), groups=_in(name), teams=[])
        self._people = _in(name)
        mapped = MappedNames(mapping) if mapping else None
        if mapped is not None and not is_table(path):
            self._refuse_header(mapped.bind(None))
        names: ColumnNames | MappedNames | None = mapped
        for item in self._items_of(path, is_mapped=mapped is not None):
            place = f"{name} line {item.line}"
            if item.section == HEADER:
                names = names or ColumnNames()
                self._refuse_header(names.bind(item.value), f"{place}: ")
            elif item.problem:
                self._sentences.append(f"{place} {item.problem}")
            else:
                self._add_item(item, place, names)
        if mapped is not None:
            self._sentences += [f"{name}: {one}" for one in mapped.misspelt()]

    def _items_of(self, path: str, *, is_mapped: bool) -> Iterator[Item]:
        """Yield the items of a file, but for users that are certainly right.

        These are added at once, without being decoded.
        """
        layouts = None if self._unread is None or is_mapped else Layouts(kind_of_text)
        for item in items_of(path, layouts):
            if not isinstance(item.value, Unread):
                yield item
            elif not self._has_added(item.value, item):
                yield item._replace(value=item.value.whole)

    def _has_added(self, row: Unread, item: Item) -> bool:
        """Return whether a row that is not decoded is a user that was added."""
        if self._unread is None or item.section not in SECTIONS_OF_USERS:
            return False
        user = self._unread.user(row)
        if user is None:
            return False
        rows = self._found.users
        if user.teams:
            rows = self._people
            if self._by_name.keys() >= set(user.teams):
                self._include(user.teams, "")
            else:
                self._include(user.teams, rows.spot(item.line))
        rows.append_texts(user.frame, user.texts, item.line)
        return True

    def _refuse_header(self, problems: Sequence[str], before: str = "") -> None:
        """Raise ScimError for unknown columns: every row would be wrong."""
        if problems:
            raise all_of([before + one for one in problems])

    def _add_item(self, item: Item, place: str, names: ColumnNames | MappedNames | None) -> None:
        row = item.value
        if item.section == "groups":
            self._add_group(row, item.line, place)
        elif item.section == TEAMS or (names is None and _is_team(row, item.section)):
            self._add_team(row, place, f"{place}, ")
        elif names is None or not isinstance(row, Mapping):
            self._add_placed(row, item.line, place)
        else:
            try:
                self._add_placed(names.options(row), item.line, place)
            except ScimError as error:
                self._sentences.append(f"{place}: {error}")

    def _add_placed(self, row: Any, line: int, place: str) -> None:
        """Add a user to the teams of its column ``teams``, or to the users."""
        if not isinstance(row, Mapping) or row.get(TEAMS) is None:
            self._add_user(row, line, place)
            return
        user = {name: value for name, value in row.items() if name != TEAMS}
        teams = split(row[TEAMS]) if isinstance(row[TEAMS], str) else row[TEAMS]
        if not isinstance(teams, list) or not all(isinstance(one, str) for one in teams):
            self._say(place, user, (f"{TEAMS} must be the names of teams",))
        elif not teams:
            self._add_user(user, line, place)
        else:
            self._read(self._members, user, place, self._adder(teams, line, place))

    def _adder(self, teams: Sequence[str], line: int, place: str) -> Callable[[Row, bool], None]:
        def add(row: Row, waits: bool) -> None:
            self._include(teams, place)
            self._people.append(row, line, waits=waits)

        return add

    def _include(self, teams: Sequence[str], place: str) -> None:
        """Make the next one of the people a member of teams that columns name."""
        found = [self._team(name, place).members for name in dict.fromkeys(teams)]
        for one in found:
            one.include(len(self._people))

    def _team(self, name: str, place: str) -> TeamRows:
        """Return the team that a column names."""
        if name not in self._by_name:
            settings = {"name": name, **self._state}
            self._refuse(place, {}, self._teams.read({**settings, "members": [{}]}))
            found = TeamRows(place=place, settings=settings, members=Part(self._people))
            self._by_name[name] = found
            self._found.teams.append(found)
        return self._by_name[name]

    def _add_user(self, row: Any, number: int, place: str) -> None:
        def add(found: Row, waits: bool) -> None:
            self._found.users.append(found, number, waits=waits)

        self._read(self._users, row, place, add)

    def _add_group(self, row: Any, number: int, place: str) -> None:
        def add(found: Row, _waits: bool) -> None:
            self._found.groups.append(found, number)

        self._read(self._groups, row, place, add)

    def _add_team(self, row: Any, place: str, before: str) -> None:
        """Add a team with its members. ``before`` is the place in a file."""
        if not isinstance(row, Mapping):
            self._refuse(place, row, self._teams.read(row))
            return
        members = row.get("members")
        rows = members if isinstance(members, (list, tuple)) else ()
        # Only whether there are members matters to the settings.
        read = self._teams.read({**row, **self._state, "members": [{}] if rows else members})
        said = _team_said(row, UNNAMED if before else place)
        self._refuse(before + said, {}, read)
        settings = {one: value for one, value in read.row.items() if one != "members"}
        kept = _members_in(place, before, rows)
        team = TeamRows(place=place, settings=settings, members=Part(kept))
        self._found.teams.append(team)
        for number, member in enumerate(rows):
            spot = f"{kept.spot(_at(member, number))}, " if _is_lined(rows) else before
            self._add_member(team, member, number, f"{spot}{said}, member {number + 1}")

    def _add_member(self, team: TeamRows, row: Any, number: int, said: str) -> None:
        def add(found: Row, waits: bool) -> None:
            team.members.append(found, _at(row, number), waits=waits)

        self._read(self._members, row, said, add)

    def _read(
        self, reader: RowReader, row: Any, place: str, add: Callable[[Row, bool], None]
    ) -> None:
        read = reader.read(row)
        if read.problems or read.problem:
            self._refuse(place, row, read)
        else:
            add(read.row, read.plain and may_wait(read.row))

    def _refuse(self, place: str, row: Any, read: Read) -> None:
        if read.problem:
            self._sentences.append(f"{place} {read.problem}")
        self._say(place, row, read.problems)

    def _say(self, place: str, row: Any, problems: Sequence[str]) -> None:
        """Add sentences about a row, with nothing of it but its place and name."""
        for problem in problems:
            self._sentences.append(f"{place}{_name_in(row)}: {problem}")


def _never(_row: Any) -> bool:
    return False


def _user_meaning(match_by: Sequence[str]) -> Callable[[Row], object]:
    """Return the check of a user, found by ``match_by`` unless it sets its own."""

    def meaning(row: Row) -> object:
        return user_desired({**row, "match_by": row.get("match_by") or match_by})

    return meaning


def _name_in(row: Any) -> str:
    """Return the name of a row in brackets, "" if it has none."""
    if isinstance(row, Mapping):
        for name in NAMES:
            value = row.get(name)
            if isinstance(value, str) and value.strip():
                return f" ({value[:LONGEST_NAME]})"
    return ""


def _is_team(row: Any, section: str) -> bool:
    """Return whether a row of a list of users or teams is a team.

    A user has no members, and the option name of a user is a dictionary.
    """
    if section or not isinstance(row, Mapping):
        return False
    return "members" in row or isinstance(row.get("name"), str)


def _in(name: str) -> Rows:
    return Rows(f"{name} line ", "")


def _at(row: Any, number: int) -> int:
    """Return the line of a row, or its number."""
    return int(getattr(row, "line", number))


def _is_lined(rows: Sequence[Any]) -> bool:
    """Return whether the first row, and so every one, knows its line."""
    return bool(rows) and hasattr(rows[0], "line")


def _team_said(row: Row, otherwise: str) -> str:
    """Return a team in words, ``otherwise`` if it has no name."""
    name = row.get("name")
    if not isinstance(name, str) or not name.strip():
        return otherwise
    return f"team '{name[:LONGEST_NAME]}'"


def _members_in(place: str, before: str, rows: Sequence[Any]) -> Rows:
    """Return where the members of a team are kept, with the form of their places."""
    if not before:
        return Rows(f"{place}.members[")
    if _is_lined(rows):
        return _in(place.rpartition(" line ")[0])
    return Rows(f"{place}, members[")
