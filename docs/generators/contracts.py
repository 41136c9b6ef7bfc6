"""The classes that code outside ViTo calls or extends, from their signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from vitograph import client
from vitograph.projections import adapters, forgetting, projector
from vitograph.projections.cms import conformance, sink
from vitograph.projections.edge import store

CLIENT = (client.Vito, client.AsyncVito, client.Observation, client.Identifier, client.Event, client.Accepted)
REFUSALS = (client.Refused, client.Unavailable)
CMS = (sink.CmsSink, sink.CmsSettings, sink.Document, conformance.Rig, conformance.Check)
STORES = (store.EdgeStore, store.EdgeSettings, adapters.Place, projector.Projection, forgetting.Forgetful)


def write() -> str:
    """Markdown of the client, the CMS adapter, and the protocols of stores and projections."""
    sections = {"The Python client": CLIENT + REFUSALS, "A CMS adapter": CMS, "Stores and projections": STORES}
    return "\n".join(
        f"## {title}\n\n" + "\n".join("\n".join(_class(one)) for one in classes) for title, classes in sections.items()
    )


def _class(one: object) -> Iterator[str]:
    if not inspect.isclass(one):
        return
    yield f"### {one.__name__}\n"
    yield f"`{one.__module__}`\n"
    yield (inspect.getdoc(one) or "") + "\n"
    for name, member in vars(one).items():
        if name.startswith("_") or not callable(getattr(one, name)) or isinstance(member, type):
            continue
        function = inspect.unwrap(getattr(one, name))
        asynchronous = "async " if inspect.iscoroutinefunction(function) else ""
        signature = str(inspect.signature(function)).replace("'", "")
        yield f"```python\n{asynchronous}def {name}{signature}\n```\n"
        yield (inspect.getdoc(function) or "") + "\n"
