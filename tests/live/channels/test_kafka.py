"""`examples/kafka/read.py` as the guide says to run it, killed in the middle: each message counts once.

No broker can be had from a package; librdkafka's own mock cluster speaks Kafka's protocol over TCP, consumer groups
and committed offsets included.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.live.channels.test_segment import EVENTS
from tests.live.instances import wait_for_async
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

PROGRAM = Path(__file__).parents[3] / "examples/kafka/read.py"
TOPIC = "observations"
PARTITIONS = 4  # of a topic that the mock cluster makes
MANY = 300
LATE = 20
WITHIN = 120.0  # seconds
UNFIT = (
    b"{",
    b"[]",
    b"[" * 100_000,
    b'{"channel": "crm", "identifiers": [{"kind": "email", "value": "a@example.com"}], "colour": "red"}',
    b'{"channel": "crm", "identifiers": [{"kind": "email", "value": "nobody"}]}',
    b'{"channel": "crm", "identifiers": [], "occurred_at": "2026-11-24T10:00:00"}',
    b'{"channel": "crm", "identifiers": [], "traits": ["maria"]}',
    b'{"channel": "crm", "identifiers": [], "traits": {"note": "%s"}}' % (b"x" * (300 << 10)),
)


@pytest.fixture
def producer() -> Iterator[Producer]:
    """Its cluster lives as long as it does."""
    made = Producer({"test.mock.num.brokers": 1})
    yield made
    made.flush(10)


def seen(number: int) -> dict[str, Any]:
    return {
        "id": f"k-{number}",
        "channel": "crm",
        "identifiers": [{"kind": "email", "value": f"p{number % 40}@example.com", "assurance": "verified"}],
        "event": {"type": "order.placed", "properties": {"number": number}},
        "occurred_at": "2026-11-24T10:00:00Z",
    }


async def test_each_message_of_a_topic_counts_once_however_often_it_is_read(
    host: str, graph: Graph, secrets: dict[Role, str], producer: Producer
) -> None:
    brokers = ",".join(f"{one.host}:{one.port}" for one in producer.list_topics(timeout=10).brokers.values())
    send(producer, range(MANY))
    for value in UNFIT:
        producer.produce(TOPIC, key="unfit", value=value)
    assert producer.flush(10) == 0

    async def some() -> bool:
        return bool(await graph.rows(EVENTS))

    async def all_is_committed() -> bool:
        return await asyncio.to_thread(lag, brokers) == 0

    with running(host, secrets[Role.CHANNEL], brokers):
        await wait_for_async(some, WITHIN)
    # However far the first one came: the second is at work, and hears a signal, once these are committed.
    send(producer, range(MANY, MANY + LATE))
    assert producer.flush(10) == 0
    with running(host, secrets[Role.CHANNEL], brokers) as second:
        await wait_for_async(all_is_committed, WITHIN)
        second.terminate()
        assert await asyncio.to_thread(second.wait, WITHIN) == 0
    assert sorted(event["id"] for event in await graph.rows(EVENTS)) == sorted(f"k-{n}" for n in range(MANY + LATE))
    refused = await asyncio.to_thread(read_all, brokers, f"{TOPIC}.refused")
    assert {value for value, _ in refused} == set(UNFIT)
    assert any("/identifiers/0/value" in error for _, error in refused)


def send(producer: Producer, numbers: range) -> None:
    """An observation for each number, every third twice."""
    for number in numbers:
        for _ in range(2 if number % 3 == 0 else 1):
            producer.produce(TOPIC, key=f"{number % 40}", value=json.dumps(seen(number)))


@contextmanager
def running(host: str, key: str, brokers: str) -> Iterator[subprocess.Popen[bytes]]:
    """The program, killed at the end if it has not ended."""
    command = [sys.executable, str(PROGRAM), TOPIC, f"bootstrap.servers={brokers}", "session.timeout.ms=6000"]
    process = subprocess.Popen(command, env=os.environ | {"VITO_URL": host, "VITO_CHANNEL_KEY": key})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def lag(brokers: str) -> int:
    """How many messages nobody has committed."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "vito"})
    parts = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    ends = [consumer.get_watermark_offsets(part, timeout=10)[1] for part in parts]
    committed = [max(part.offset, 0) for part in consumer.committed(parts, timeout=10)]
    consumer.close()
    return sum(ends) - sum(committed)


def read_all(brokers: str, topic: str) -> list[tuple[bytes, str]]:
    """Each message of a topic, and the error in its headers."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "test", "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
    parts = [TopicPartition(topic, number) for number in range(PARTITIONS)]
    there = sum(consumer.get_watermark_offsets(part, timeout=60)[1] for part in parts)
    found: list[tuple[bytes, str]] = []
    until = time.monotonic() + 60
    while len(found) < there and time.monotonic() < until:
        messages = consumer.consume(100, timeout=1.0)
        found += [(message.value(), dict(message.headers())["error"].decode()) for message in messages]
    consumer.close()
    return found
