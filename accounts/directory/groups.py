"""Which of a person's groups mean something here: by identity, so that a group of the same name means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from accounts.directory.entry import Value, identity, normal_dn
from accounts.models import Directory, DirectoryGroup

Info = tuple[str, Mapping[str, Sequence[Value]]]


def mapped_groups(directory: Directory, infos: Iterable[Info]) -> list[DirectoryGroup]:
    """The rows for these groups, the most important first.

    A group that was named by its place (DN) is known by its identity once it has been seen: a later one at the same
    place is another group, and the same one at another place is still meant.
    """
    found = {identity(directory, attrs): dn for dn, attrs in infos}
    places = {normal_dn(dn): uid for uid, dn in found.items() if uid}
    rows = DirectoryGroup.objects.select_related("user_type").filter(directory=directory)
    return [row for row in rows if _is_among(row, found, places)]


def _is_among(row: DirectoryGroup, found: Mapping[str, str], places: Mapping[str, str]) -> bool:
    if not row.uid and (uid := places.get(normal_dn(row.dn))):
        row.uid = uid
        DirectoryGroup.objects.filter(pk=row.pk, uid="").update(uid=uid)
    return bool(row.uid) and row.uid in found
