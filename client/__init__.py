"""ViTo from Python: `Vito` for threads, `AsyncVito` for asyncio. It imports nothing of the server.

with Vito("https://vito.example", key) as vito:
    vito.observe(Observation("crm", [Identifier("email", "maria@example.com", "verified")]))
"""

from vitograph.client.blocking import Vito
from vitograph.client.concurrent import AsyncVito
from vitograph.client.messages import Accepted, Event, Identifier, Observation, Refused, Unavailable

__all__ = ["Accepted", "AsyncVito", "Event", "Identifier", "Observation", "Refused", "Unavailable", "Vito"]
