"""What `vito restore` refuses before it makes anything."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vitograph.api.cli import app
from vitograph.graph.keeping.backup import FORMAT, MANIFEST


def test_a_list_of_erasures_without_its_key_leaves_no_half_made_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backup was made before anybody was erased, so it knows of no key itself."""
    monkeypatch.delenv("VITO_ERASURE_KEY", raising=False)
    (tmp_path / MANIFEST).write_text(json.dumps({"format": FORMAT, "seal": None, "files": {}}))
    head = json.dumps({"check": "of a key", "is_closed": True}) + "\n"
    closing = {"tombstones": 0, "sha256": hashlib.sha256(head.encode()).hexdigest()}
    (tmp_path / "erasures.ndjson").write_text(head + json.dumps(closing) + "\n")
    new = tmp_path / "new"
    words = ["restore", str(tmp_path), "--data", str(new), "--erasures-from", str(tmp_path / "erasures.ndjson")]
    ran = CliRunner().invoke(app, words)
    assert f"put the erasure.key of the instance that was backed up into {new} first" in str(ran.exception)
    assert not new.exists()
