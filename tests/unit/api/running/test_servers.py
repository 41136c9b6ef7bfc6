"""The erasure key is the one that was set, that of the instance, or the one of the data folder; made once."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from vitograph.api.running.addresses import Addresses
from vitograph.api.running.instances import Instance
from vitograph.api.running.servers import complete, provide_erasure_key
from vitograph.api.settings import Settings


def test_it_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    made = provide_erasure_key(settings)
    assert len(made) == 64
    assert provide_erasure_key(settings) == made
    assert (tmp_path / "erasure.key").stat().st_mode & 0o077 == 0


def test_what_is_set_comes_first_then_the_instance_then_the_folder(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, neo4j_uri="bolt://x", redis_url="unix:///x", erasure_key=None)
    addresses = Addresses("bolt://x", "neo4j", "p", "neo4j", "unix:///x", "the instance's")
    instance = Instance(1, tmp_path, addresses)
    assert complete(settings, None).seal is None
    (tmp_path / "erasure.key").write_text("the folder's\n")
    assert complete(settings, None).erasure_key == "the folder's"
    assert complete(settings, instance).erasure_key == "the instance's"
    set_one = settings.model_copy(update={"erasure_key": SecretStr("the set one")})
    assert complete(set_one, instance).erasure_key == complete(set_one, None).erasure_key == "the set one"
    assert provide_erasure_key(set_one) == "the set one"
