"""The committed lock: which jars Neo4j is, by Maven coordinates and SHA-256."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

NEO4J_VERSION = "2026.08.1"


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: Maven coordinates `group:artifact:version[:classifier]` and a SHA-256 in hex."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def name(self) -> str:
        """The file name, unique within the lock."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.jar"

    @property
    def place(self) -> str:
        """The path inside a repository of Maven's default layout."""
        return f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}/{self.name}"


def read_lock() -> tuple[Jar, ...]:
    """The jars Neo4j needs at run time, platform natives included, sorted by coordinates."""
    text = (files("vitograph.graph.embedded") / f"neo4j-{NEO4J_VERSION}.lock").read_text("ascii")
    return tuple(_parse_line(line) for line in text.splitlines() if line)


def _parse_line(line: str) -> Jar:
    coordinates, sha256 = line.split(" ")
    group, artifact, version, *classifier = coordinates.split(":")
    return Jar(group, artifact, version, classifier[0] if classifier else "", sha256)
