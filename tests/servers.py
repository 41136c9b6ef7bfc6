"""The Neo4j and the Valkey that a test session works on."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import secrets
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import neo4j

from tests import classes
from vitograph.api.running.addresses import Addresses
from vitograph.api.running.servers import complete, open_embedded
from vitograph.api.settings import Settings
from vitograph.graph.driver import open_graph
from vitograph.graph.schema import migrate

if TYPE_CHECKING:
    import docker

NEO4J_IMAGE = "neo4j:2026.08.1-community"
VALKEY_IMAGE = "valkey/valkey:9.1"
ENGINE_WITHIN = 3.0  # seconds for one answer of a Docker engine

# A Neo4j of a test lives too shortly to earn back what its best compiler costs: half of all that a short run costs.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
classes.use()
# Nor what planning costs whenever a test has filled or emptied the graph: a fifth of all CPU.
PLANS = {"dbms.cypher.min_replan_interval": "1h"}


@asynccontextmanager
async def start_backend() -> AsyncIterator[Addresses]:
    """One empty Neo4j and one empty Valkey, gone with their data afterwards.

    Those of `VITO_NEO4J_URI` and `VITO_REDIS_URL`, where both are set. Else what `VITO_TEST_BACKEND` says: `containers`
    or `embedded`; unset, containers where a Docker engine answers and has the images or can pull them. To be opened
    once a session, in the main thread: a child is ended when the thread that started it ends.
    """
    settings = Settings()
    backend = os.environ.get("VITO_TEST_BACKEND")
    if not backend and not (settings.neo4j_uri and settings.redis_url):
        backend = "containers" if await asyncio.to_thread(can_run_containers) else "embedded"
    if settings.neo4j_uri and settings.redis_url:
        yield complete(settings, None)
    elif backend == "containers":
        with _open_containers() as addresses:
            await asyncio.to_thread(_wait_for_bolt, addresses)
            yield addresses
    elif backend == "embedded":
        with (
            tempfile.TemporaryDirectory(prefix="vito-", ignore_cleanup_errors=True) as folder,
            classes.recorded() as loaded,
        ):
            small = {"data": Path(folder), "heap": "512m", "page_cache": "64m"}
            async with open_embedded(settings.model_copy(update=small), PLANS) as embedded:
                login = (embedded.addresses.neo4j_uri, embedded.addresses.neo4j_user, embedded.addresses.neo4j_password)
                async with open_graph(*login) as graph:
                    await migrate(graph)
                loaded()
                yield embedded.addresses
    else:
        raise RuntimeError(f"VITO_TEST_BACKEND is {backend!r}; it can be 'embedded' or 'containers'")


def images() -> tuple[str, str]:
    """Of Neo4j and of Valkey."""
    return (
        os.environ.get("VITO_TEST_NEO4J_IMAGE", NEO4J_IMAGE),
        os.environ.get("VITO_TEST_VALKEY_IMAGE", VALKEY_IMAGE),
    )


def can_run_containers() -> bool:
    """Whether a Docker engine answers, and has both images or reaches a registry that does. Never says why not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = _ask_engine()
        gc.collect()  # what the library left open complains here, and not in some test
        return answer


def _ask_engine() -> bool:
    try:
        import docker

        with contextlib.closing(docker.from_env(timeout=ENGINE_WITHIN)) as client:
            client.ping()
            return all(_has_image(client, image) for image in images())
    except Exception:  # no engine, no right to use it, a broken setting, no image: all mean no
        return False


def _has_image(client: docker.DockerClient, image: str) -> bool:
    from docker.errors import ImageNotFound

    try:
        client.images.get(image)
    except ImageNotFound:
        client.images.get_registry_data(image)
    return True


@contextmanager
def _open_containers() -> Iterator[Addresses]:
    from docker.errors import DockerException
    from testcontainers.core.container import DockerContainer

    password = secrets.token_urlsafe(16)
    try:
        graph, hot = (DockerContainer(image) for image in images())
    except DockerException as error:
        raise RuntimeError(f"VITO_TEST_BACKEND=containers, but no Docker engine answers: {error}") from None
    graph = graph.with_env("NEO4J_AUTH", f"neo4j/{password}").with_exposed_ports(7687)
    with graph, hot.with_exposed_ports(6379):
        yield Addresses(
            neo4j_uri=f"bolt://{graph.get_container_host_ip()}:{graph.get_exposed_port(7687)}",
            neo4j_user="neo4j",
            neo4j_password=password,
            neo4j_database="neo4j",
            redis_url=f"redis://{hot.get_container_host_ip()}:{hot.get_exposed_port(6379)}/0",
        )


def _wait_for_bolt(addresses: Addresses) -> None:
    login = (addresses.neo4j_user, addresses.neo4j_password)
    with (
        neo4j.GraphDatabase.driver(addresses.neo4j_uri, auth=login, max_transaction_retry_time=120) as driver,
        driver.session() as session,
    ):
        session.execute_read(lambda transaction: transaction.run("RETURN 1").consume())
