"""In which view a fragment was, and since when: read off the log, which never forgets an id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vitograph.resolver.deciding.decisions import Edge, component, view_of
from vitograph.resolver.model import PersonKind


@dataclass(frozen=True, slots=True)
class Act:
    """A moment at which a link came into being (`joins`) or went: the entry that did it, and the link."""

    seq: int
    at: str
    by: str
    edge: Edge
    joins: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """A view that a fragment was in. `since` and `by` are None for the one it began in, `until` for the present one."""

    view_id: str
    since: str | None
    by: str | None
    until: str | None = None


def stays(person: str, kinds: Mapping[str, PersonKind], acts: Iterable[Act]) -> list[Stay]:
    """Every view that a fragment was in, oldest first, the present one last.

    `kinds` are those of everybody whom the acts ever joined with it; acts come in the order of the log.
    """
    edges: dict[str, Edge] = {}
    found = [Stay(person, None, None)]
    for act in sorted(acts, key=lambda act: (act.seq, act.joins)):
        if act.joins:
            edges[act.edge.decision] = act.edge
        else:
            edges.pop(act.edge.decision, None)
        members = component(person, edges.values())
        view_id = view_of({id: kinds[id] for id in members})
        if view_id != found[-1].view_id:
            before = found.pop()
            found += [Stay(before.view_id, before.since, before.by, act.at), Stay(view_id, act.at, act.by)]
    return found
