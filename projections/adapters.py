"""Adapters of sinks by name: those of ours, and CMS adapters of others by the entry point group `vitograph.cms`.

An adapter is fit when it is a subclass of `CmsSink` that leaves nothing abstract and has a teardown of its own
(FIT-CMS-001).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from vitograph.projections.cms.place import CmsPlace
from vitograph.projections.cms.sink import CmsSettings, CmsSink
from vitograph.projections.edge.placement import EdgePlace, Placed
from vitograph.projections.edge.store import EdgeSettings, EdgeStore
from vitograph.resolver.errors import Fault, InvalidInput, UnfitAdapter
from vitograph.resolver.faults import fault_of
from vitograph.resolver.publishing.campaigns import Campaign, Shown
from vitograph.resolver.publishing.sinks import SinkKind

GROUP = "vitograph.cms"

_EDGE = {
    "cloudflare-kv": "vitograph.projections.edge.cloudflare:CloudflareKV",
    "upstash-kv": "vitograph.projections.edge.upstash:UpstashKV",
}
_CMS = {
    "ghost": "vitograph.projections.cms.ghost:Ghost",
    "static-site": "vitograph.projections.cms.static_site:StaticSite",
    "wagtail": "vitograph.projections.cms.wagtail:Wagtail",
}
_registered: dict[str, type[CmsSink]] = {}


class Place(Protocol):
    """A sink that is open, of either kind. Every call may raise SinkFailed."""

    async def place(self, campaign: Campaign, shown: Shown, now: float) -> Placed: ...

    async def remove(self, id: str) -> None: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter by its name. `made`: the class, of EdgeStore or CmsSink."""

    name: str
    kind: SinkKind
    made: Any

    @property
    def needs_secret(self) -> bool:
        """Whether it cannot work without one."""
        return bool(self.made.needs_secret)

    def settings(self, raw: Mapping[str, Any]) -> BaseModel:
        """What a sink is told, as the adapter understands it. InvalidInput with a pointer for each thing wrong."""
        try:
            model: BaseModel = self.made.settings_model.model_validate(dict(raw))
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
            raise InvalidInput([fault_of(item, below="/settings") for item in found]) from None
        return model

    def open(self, raw: Mapping[str, Any], secret: str) -> Place:
        """The sink with these settings. InvalidInput, or UnfitAdapter when an optional package is missing."""
        settings = self.settings(raw)
        if isinstance(settings, EdgeSettings):
            store: EdgeStore = self.made(settings, secret)
            return EdgePlace(store, settings.lasts)
        return CmsPlace(self.made(settings, secret))


def check_adapter(name: str, made: object) -> type[CmsSink]:
    """The class, when it is fit to be an adapter. UnfitAdapter saying what it lacks."""
    if not inspect.isclass(made) or not issubclass(made, CmsSink):
        raise UnfitAdapter(f"adapter {name!r} is no subclass of vitograph.projections.cms.sink.CmsSink")
    if missing := sorted(getattr(made, "__abstractmethods__", ())):
        raise UnfitAdapter(f"adapter {name!r} ({made.__qualname__}) has no {', '.join(missing)}()")
    if made.teardown is CmsSink.teardown or not inspect.iscoroutinefunction(made.teardown):
        raise UnfitAdapter(f"adapter {name!r} ({made.__qualname__}) has no teardown() of its own that is `async def`")
    if not inspect.isclass(made.settings_model) or not issubclass(made.settings_model, CmsSettings):
        raise UnfitAdapter(f"adapter {name!r} ({made.__qualname__}) has no settings_model that extends CmsSettings")
    return made


def register(name: str, made: type[CmsSink]) -> None:
    """Makes a CMS adapter known to this process. UnfitAdapter when it is not fit, or when the name is taken."""
    checked = check_adapter(name, made)
    if name in names() and _registered.get(name) is not checked:
        raise UnfitAdapter(f"there is an adapter {name!r} already")
    _registered[name] = checked


def names() -> dict[str, SinkKind]:
    """Every adapter that can be named, fit or not."""
    cms = [*_CMS, *_registered, *_installed()]
    return dict.fromkeys(_EDGE, SinkKind.EDGE) | dict.fromkeys(cms, SinkKind.CMS)


def adapter(name: str) -> Adapter:
    """An adapter by its name. InvalidInput when there is none, UnfitAdapter when it cannot be used."""
    if name in _EDGE:
        return Adapter(name, SinkKind.EDGE, _load(_EDGE[name]))
    if name in _CMS:
        return Adapter(name, SinkKind.CMS, check_adapter(name, _load(_CMS[name])))
    if name in _registered:
        return Adapter(name, SinkKind.CMS, _registered[name])
    if (point := _installed().get(name)) is not None:
        try:
            made = point.load()
        except Exception as error:  # what others' code raises on import can be anything
            raise UnfitAdapter(
                f"adapter {name!r} cannot be loaded from {point.value}: {type(error).__name__}"
            ) from error
        return Adapter(name, SinkKind.CMS, check_adapter(name, made))
    raise InvalidInput([Fault("/adapter", f"there is none of that name; there are {', '.join(sorted(names()))}")])


@cache
def _installed() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
