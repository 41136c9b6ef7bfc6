"""Takes observations from a Kafka topic into ViTo, each once, however often a message comes.

VITO_URL=… VITO_CHANNEL_KEY=… python read.py TOPIC bootstrap.servers=HOST:PORT [SETTING=VALUE …]   librdkafka's settings

A message is a body of `POST /v1/observations`. Offsets are committed after ViTo has answered; a message that is read
again has the id that it had. What ViTo refuses goes to TOPIC.refused with the reason and its place, at least once, and
without its value where that is larger than Kafka takes. Any number may run and share the partitions. It ends where ViTo
or that topic stays away, with nothing committed: whoever starts it again goes on there.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

from vitograph.client import Refused, Vito

AT_ONCE = 500
LONGEST_REASON = 10_000
OURS = {"group.id": "vito", "auto.offset.reset": "earliest", "enable.auto.commit": "false"}


def main(topic: str, *settings: str) -> None:
    given = dict(setting.split("=", 1) for setting in settings)
    consumer = Consumer(OURS | given)
    refusals = Refusals(Producer(given), f"{topic}.refused")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    consumer.subscribe([topic])
    with Vito(os.environ["VITO_URL"], os.environ["VITO_CHANNEL_KEY"]) as vito:
        while not stopped.is_set():
            messages = consumer.consume(AT_ONCE, timeout=1.0)
            for message, error in take_in(vito, messages):
                refusals.add(message, error)
            if messages:
                refusals.settle()
                consumer.commit(asynchronous=False)
    consumer.close()


@dataclass(frozen=True, slots=True)
class Refusals:
    """What ViTo refused, in a topic of its own."""

    producer: Producer
    topic: str
    lost: list[KafkaError] = field(default_factory=list)

    def add(self, message: Message, error: Exception) -> None:
        headers = {"error": str(error)[:LONGEST_REASON], "place": place_of(message)}
        try:
            self._produce(message.value(), message.key(), headers)
        except KafkaException as refused:
            self._again(refused.args[0], headers)

    def settle(self) -> None:
        """Returns once the brokers have all of them. KafkaException where they do not take one."""
        while len(self.producer):
            self.producer.flush()
        if self.lost:
            raise KafkaException(self.lost[0])

    def _produce(self, value: bytes | None, key: bytes | None, headers: dict[str, str]) -> None:
        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self._again(error, headers if value is not None or key is not None else None)

        self.producer.produce(self.topic, value, key, headers=headers, on_delivery=delivered)

    def _again(self, error: KafkaError, headers: dict[str, str] | None) -> None:
        """What is too large, for this program or for the brokers, is told without its value."""
        if headers is not None and error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
            self._produce(None, None, headers)
        else:
            self.lost.append(error)


def take_in(vito: Vito, messages: Sequence[Message]) -> list[tuple[Message, Exception]]:
    """The messages that ViTo has not accepted, and why; all others it has. Unavailable."""
    readable, refused = list[tuple[Message, bytes]](), list[tuple[Message, Exception]]()
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        try:
            readable.append((message, read(message)))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            refused.append((message, error))
    outcomes = vito.observe_many(body for _, body in readable)
    for (message, _), outcome in zip(readable, outcomes, strict=True):
        if isinstance(outcome, Refused):
            refused.append((message, outcome))
    return refused


def read(message: Message) -> bytes:
    """The body, on one line; one without an id has that of its place in the topic."""
    body = json.loads(message.value())
    body.setdefault("id", place_of(message))
    return json.dumps(body).encode()


def place_of(message: Message) -> str:
    return f"{message.topic()}-{message.partition()}-{message.offset()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
