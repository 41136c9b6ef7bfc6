"""Neo4j in a container where no registry has the official image: the same Community, from the jars that ViTo embeds.

`NEO4J_AUTH` is `neo4j/PASSWORD`; Bolt is on port 7687; the store in `/data`. `python embedded.py QUESTION` answers as
`cypher-shell` does to the health check of docker-compose.yml.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import neo4j

from vitograph.graph.embedded.server import Neo4jServer

BOLT = 7687


def serve() -> None:
    """Becomes the process that is Neo4j."""
    home = Path("/data")
    server = Neo4jServer(home, Path("/jars"), heap="512m", page_cache="64m", port=BOLT)
    home.mkdir(exist_ok=True)
    if not (home / "password").exists():
        (home / "password").write_text(os.environ["NEO4J_AUTH"].removeprefix("neo4j/"))
    asyncio.run(server.prepare())
    settings = home / "neo4j.conf"
    settings.write_text(settings.read_text().replace(f"127.0.0.1:{BOLT}", f"0.0.0.0:{BOLT}"))
    command = server.command()
    os.execv(command[0], list(command))


def ask() -> None:
    """Ends with status 0 when it answers."""
    login = (os.environ["NEO4J_USERNAME"], os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{BOLT}", auth=login) as driver:
        driver.execute_query("RETURN 1")


if __name__ == "__main__":
    ask() if len(sys.argv) > 1 else serve()
