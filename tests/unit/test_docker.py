"""What can be told of the image and the compose file without a Docker engine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import yaml

from vitograph.api.running.processes import STOP_WITHIN, drained_within
from vitograph.api.settings import Settings
from vitograph.graph.embedded.jvm import STOP_WITHIN as NEO4J_STOPS_WITHIN

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()


def test_the_data_folder_belongs_to_the_user_before_the_image_becomes_that_user() -> None:
    made = re.search(r"install -d -o vito -g vito -m 700 (\S+)", DOCKERFILE)
    assert made
    assert made.start() < DOCKERFILE.index("\nUSER vito\n")
    assert f"VITO_DATA={made[1]}\n" in DOCKERFILE  # for every process in the container, not that of CMD only
    assert "--data" not in DOCKERFILE
    assert f"vito-data:{made[1]}\n" in COMPOSE


def test_the_health_check_of_neo4j_gives_the_password_to_no_argument(tmp_path: Path) -> None:
    command = re.search(r'\["CMD-SHELL", "(.*)"\]', COMPOSE)
    assert command
    shell = command[1].replace('\\"', '"').replace("$$", "$")
    shim = tmp_path / "cypher-shell"
    shim.write_text(f'#!/bin/sh\necho "$NEO4J_USERNAME:$NEO4J_PASSWORD $*" > {tmp_path}/said\n')
    shim.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "NEO4J_AUTH": "neo4j/a secret/of $ours"}
    subprocess.run(["/bin/sh", "-c", shell], check=True, env=environment)
    assert (tmp_path / "said").read_text() == "neo4j:a secret/of $ours RETURN 1\n"


def test_every_variable_that_compose_asks_for_is_in_operations() -> None:
    told = (ROOT / "docs/guides/operations.md").read_text().partition("## With Docker")[2].partition("\n## ")[0]
    for name in {*re.findall(r"\$\{(\w+):\?", COMPOSE), *re.findall(r"^  ([a-z0-9-]+-data):$", COMPOSE, re.MULTILINE)}:
        assert f"| `{name}` |" in told


def test_whoever_is_told_to_stop_has_the_time_that_the_code_promises() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    grace = {name: int(services[name]["stop_grace_period"].removesuffix("s")) for name in ("api", "neo4j")}
    assert grace["api"] > STOP_WITHIN + drained_within(Settings())
    assert grace["neo4j"] > NEO4J_STOPS_WITHIN


def test_base_and_time_of_the_image_can_be_given() -> None:
    first_stage = DOCKERFILE.index("\nFROM ")
    for name in ("PYTHON_IMAGE", "SOURCE_DATE_EPOCH"):
        assert re.search(rf"^ARG {name}=\S+$", DOCKERFILE[:first_stage], re.MULTILINE), name
    stages = DOCKERFILE[first_stage:].split("\nFROM ")[1:]
    assert all(stage.startswith("${PYTHON_IMAGE}") and "\nARG SOURCE_DATE_EPOCH\n" in stage for stage in stages)
