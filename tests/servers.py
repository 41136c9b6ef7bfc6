from __future__ import annotations
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
@dataclass
class Backend:
    neo4j_uri: str; neo4j_user: str; neo4j_password: str; redis_url: str
@contextmanager
def start_backend() -> Iterator[Backend]:
    yield Backend(os.environ["VITO_NEO4J_URI"], "neo4j", "x", os.environ.get("VITO_REDIS_URL","redis://127.0.0.1:1"))
