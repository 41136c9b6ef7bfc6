"""What `examples/kafka/read.py` does with messages, without ViTo; refusals go to librdkafka's own mock cluster."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

PROGRAM = Path(__file__).parents[2] / "examples/kafka/read.py"
BODY = {
    "channel": "crm",
    "identity": {"token": "t"},
    "identifiers": [{"kind": "email", "value": "a@example.com", "colour": "red"}],
    "event": {"type": "x", "evidence": ["a" * 64], "properties": {"n": 184467440737095516150}},
}


@pytest.fixture(scope="module")
def program() -> Any:
    spec = importlib.util.spec_from_file_location("kafka_read", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for their annotations
    spec.loader.exec_module(module)
    return module


@dataclass
class Sent:
    """A message as a consumer has it."""

    content: bytes | None

    def value(self) -> bytes | None:
        return self.content

    def key(self) -> bytes:
        return b"maria"

    def error(self) -> None:
        return None

    def topic(self) -> str:
        return "t"

    def partition(self) -> int:
        return 2

    def offset(self) -> int:
        return 7


class Vito:
    """Accepts everything."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []

    def observe_many(self, bodies: Iterable[bytes]) -> list[None]:
        self.bodies += [json.loads(body) for body in bodies]
        return [None for _ in self.bodies]


def test_a_message_is_posted_as_it_is_with_its_place_as_id(program: Any) -> None:
    vito = Vito()
    own = BODY | {"id": "k-1"}
    messages = [Sent(json.dumps(body, indent=1).encode()) for body in (BODY, own)]
    assert program.take_in(vito, messages) == []
    assert vito.bodies == [BODY | {"id": "t-2-7"}, own]


@pytest.mark.parametrize("content", [None, b"", b"{", b"7", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_body_is_refused_and_stops_no_other(program: Any, content: bytes | None) -> None:
    vito, bad = Vito(), Sent(content)
    [(refused, _)] = program.take_in(vito, [bad, Sent(json.dumps(BODY).encode())])
    assert refused is bad
    assert len(vito.bodies) == 1


def test_a_refusal_that_no_broker_takes_is_told(program: Any) -> None:
    refusals = program.Refusals(Producer({"bootstrap.servers": "127.0.0.1:9", "message.timeout.ms": 200}), "t.refused")
    refusals.add(Sent(b"{"), ValueError("no"))
    with pytest.raises(KafkaException):
        refusals.settle()


def test_one_that_is_too_large_is_kept_by_its_place(program: Any) -> None:
    producer = Producer({"test.mock.num.brokers": 1})
    brokers = ",".join(f"{one.host}:{one.port}" for one in producer.list_topics(timeout=10).brokers.values())
    refusals = program.Refusals(producer, "t.refused")
    refusals.add(Sent(b"x" * 1_000_001), ValueError("no" * 100_000))
    refusals.settle()
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "test"})
    consumer.assign([TopicPartition("t.refused", number, 0) for number in range(4)])
    [message] = consumer.consume(1, timeout=20.0)
    consumer.close()
    assert message.value() is None
    assert dict(message.headers())["place"] == b"t-2-7"
