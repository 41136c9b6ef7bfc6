"""What is shipped under deploy/: that it is well-formed, and asks for nothing that the code does not have.

kubectl builds the overlays and promtool reads the rules where they are to be had; what Kubernetes itself would say of
the resources no test here knows.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from vitograph.api.configuration import unknown
from vitograph.api.running.processes import drained_within
from vitograph.api.settings import Settings, is_secret
from vitograph.api.wiring.calls import open_spool

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BASE = DEPLOY / "kustomize/base"
CALLS = DEPLOY / "kustomize/components/calls"
ALERTS = DEPLOY / "prometheus/alerts.yml"
PROCESSES = ("api", "worker", "projector")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def container(process: str) -> dict[str, Any]:
    [only] = read(BASE / f"{process}.yaml")["spec"]["template"]["spec"]["containers"]
    found: dict[str, Any] = only
    return found


def settings() -> dict[str, str]:
    lines = (BASE / "settings.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def variables(process: str) -> dict[str, str]:
    """What it sets outright."""
    return settings() | {one["name"]: one["value"] for one in container(process)["env"] if "value" in one}


@pytest.mark.parametrize("process", PROCESSES)
def test_every_variable_is_a_setting_and_its_value_can_be(process: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_here = variables(process)
    for name, value in set_here.items():
        monkeypatch.setenv(name, value)
    assert unknown(set_here) == []
    assert Settings().model_fields_set >= {name.removeprefix("VITO_").lower() for name in set_here}


def test_the_loops_of_worker_and_projector_are_all_but_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    for process in ("worker", "projector"):
        monkeypatch.setenv("VITO_LOOPS", variables(process)["VITO_LOOPS"])
        found += Settings().loops
    assert sorted(found) == ["deliverer", "housekeeping", "projector", "resolver"]


@pytest.mark.parametrize("process", PROCESSES)
def test_secrets_are_by_reference_only(process: str) -> None:
    referred = [one["name"] for one in container(process)["env"] if "valueFrom" in one]
    assert all(is_secret(name.removeprefix("VITO_").lower()) for name in referred)
    assert not any(is_secret(name.removeprefix("VITO_").lower()) for name in variables(process))
    assert {"VITO_NEO4J_PASSWORD", "VITO_ERASURE_KEY", "VITO_SIGNING_KEY"} <= set(referred)


@pytest.mark.parametrize("process", PROCESSES)
def test_nobody_is_root_or_writes_to_the_image(process: str) -> None:
    pod = read(BASE / f"{process}.yaml")["spec"]["template"]["spec"]
    assert pod["enableServiceLinks"] is False  # a Service named vito would set VITO_PORT
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert str(pod["securityContext"]["runAsUser"]) in (ROOT / "Dockerfile").read_text()
    bound = container(process)["securityContext"]
    assert bound["readOnlyRootFilesystem"] is True
    assert bound["allowPrivilegeEscalation"] is False
    assert bound["capabilities"] == {"drop": ["ALL"]}
    mounted = {mount["mountPath"] for mount in container(process)["volumeMounts"]}
    assert {variables(process)["VITO_DATA"], "/tmp"} <= mounted


@pytest.mark.parametrize("process", PROCESSES)
def test_it_is_probed_where_it_answers_and_has_time_to_end(process: str) -> None:
    only = container(process)
    port = only["ports"][0]["containerPort"]
    name = "VITO_PORT" if process == "api" else "VITO_WORKER_PORT"
    assert variables(process)[name] == str(port)
    assert {"startupProbe", "livenessProbe", "resources"} <= set(only)
    assert only["command"][:2] == ["python", "-m"]
    assert (ROOT / only["command"][2].replace("vitograph.", "").replace(".", "/")).with_suffix(".py").exists()
    if process == "api":
        # Who is out of the service answers no page, and what Valkey holds is answered without Neo4j.
        assert only["startupProbe"]["httpGet"]["path"] == "/readyz"
        assert only["readinessProbe"]["httpGet"]["path"] == "/healthz"
        grace = read(BASE / "api.yaml")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
        pause = int(only["lifecycle"]["preStop"]["exec"]["command"][1])
        assert grace >= pause + drained_within(Settings(drain_seconds=variables("api")["VITO_DRAIN_SECONDS"]))


def test_everything_is_named_in_its_kustomization() -> None:
    for folder in (BASE, DEPLOY / "kustomize/overlays/production", CALLS):
        listed = {Path(name).name for name in read(folder / "kustomization.yaml")["resources"]}
        assert {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"} <= listed


def built_by_kubectl(folder: Path) -> list[dict[str, Any]]:
    command = ["kubectl", "kustomize", str(folder)]
    return list(yaml.safe_load_all(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout))


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl, which builds overlays, is not here")
def test_what_an_api_receives_of_a_call_its_worker_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an overlay has the component: both have one volume where calls are kept, and the worker looks there."""
    shutil.copytree(DEPLOY / "kustomize", tmp_path / "kustomize")
    overlay = tmp_path / "kustomize/overlays/production"
    with (overlay / "kustomization.yaml").open("a") as file:
        file.write("components: [../../components/calls]\n")
    built = built_by_kubectl(overlay)
    [claim] = [one for one in built if one["kind"] == "PersistentVolumeClaim"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    folder = str(open_spool(Settings(data=Path(settings()["VITO_DATA"]))).folder)
    has_it = set()
    for one in built:
        if one["kind"] == "Deployment":
            pod = one["spec"]["template"]["spec"]
            [container] = pod["containers"]
            volumes = {volume["name"]: volume.get("persistentVolumeClaim") for volume in pod["volumes"]}
            mounted = {mount["mountPath"]: volumes[mount["name"]] for mount in container["volumeMounts"]}
            if mounted.get(folder) == {"claimName": claim["metadata"]["name"]}:
                has_it.add(one["metadata"]["name"])
            loops = next((row["value"] for row in container["env"] if row["name"] == "VITO_LOOPS"), "[]")
            assert ("calls" in json.loads(loops)) is (one["metadata"]["name"] == "vito-worker")
    assert has_it == {"vito-api", "vito-worker"}


def test_an_image_that_hears_calls_has_all_that_the_other_has() -> None:
    assert "requirements/${LOCK}.lock" in (ROOT / "Dockerfile").read_text()
    locked = {
        name: set(re.findall(r"^([\w.-]+==\S+)", (ROOT / f"requirements/{name}.lock").read_text(), re.MULTILINE))
        for name in ("runtime", "voice", "dev")
    }
    assert locked["runtime"] < locked["voice"]
    assert any(one.startswith("faster-whisper==") for one in locked["voice"])
    assert locked["voice"] - locked["runtime"] <= locked["dev"], "what hears calls there is what is tested"


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl, which builds overlays, is not here")
def test_kubectl_builds_the_overlay() -> None:
    built = built_by_kubectl(DEPLOY / "kustomize/overlays/production")
    assert sorted(one["kind"] for one in built) == [
        *("ConfigMap", "Deployment", "Deployment", "Deployment", "PodDisruptionBudget", "Service", "ServiceAccount")
    ]
    [told] = [one["metadata"]["name"] for one in built if one["kind"] == "ConfigMap"]
    for one in built:
        if one["kind"] == "Deployment":
            [container] = one["spec"]["template"]["spec"]["containers"]
            assert container["envFrom"][0]["configMapRef"]["name"] == told


def test_every_alert_rule_is_whole() -> None:
    rules = [rule for group in read(ALERTS)["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    told = (ROOT / "docs/guides/observability.md").read_text()
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]
        assert f"`{rule['alert']}`" in told
        for opened, closed in ("()", "{}", "[]"):
            assert rule["expr"].count(opened) == rule["expr"].count(closed)
        assert re.search(r"[<>=]=? [\d.]+$", rule["expr"])


def test_whatever_may_fall_behind_rings_when_it_does() -> None:
    """Also where nobody does the work: then nothing fails."""
    told = (ROOT / "api/telemetry/figures.py").read_text()
    lags = set(re.findall(r"vito_\w+_lag_seconds", told))
    assert len(lags) == 4
    asked = [rule["expr"] for group in read(ALERTS)["groups"] for rule in group["rules"]]
    assert {lag for lag in lags if not any(lag in expression for expression in asked)} == set()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool, of Debian's package prometheus, is not here")
def test_prometheus_reads_the_rules() -> None:
    for what, file in (("rules", ALERTS), ("config", DEPLOY / "prometheus/scrape.yml")):
        subprocess.run(["promtool", "check", what, str(file)], check=True, timeout=120)


def test_the_panels_of_the_dashboard_do_not_lie_on_one_another() -> None:
    panels = json.loads((DEPLOY / "grafana/vitograph.json").read_text())["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels})
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])
