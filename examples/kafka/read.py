"""Takes observations from a Kafka topic into ViTo, each once, however often a message comes.

VITO_URL=… VITO_CHANNEL_KEY=… python read.py TOPIC bootstrap.servers=HOST:PORT [SETTING=VALUE …]   librdkafka's settings

A message is a body of `POST /v1/observations`. Offsets are committed after ViTo has answered; a message that is read
again has the id that it had. What ViTo refuses goes to TOPIC.refused with the reason, at least once. Any number may run
and share the partitions. It ends where ViTo stays away, with nothing committed: whoever starts it again goes on there.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, Message, Producer

from vitograph.client import Event, Identifier, Observation, Refused, Vito

AT_ONCE = 500
OURS = {"group.id": "vito", "auto.offset.reset": "earliest", "enable.auto.commit": "false"}


def main(topic: str, *settings: str) -> None:
    given = dict(setting.split("=", 1) for setting in settings)
    consumer = Consumer(OURS | given)
    producer = Producer({"bootstrap.servers": given["bootstrap.servers"]})
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    consumer.subscribe([topic])
    with Vito(os.environ["VITO_URL"], os.environ["VITO_CHANNEL_KEY"]) as vito:
        while not stopped.is_set():
            messages = consumer.consume(AT_ONCE, timeout=1.0)
            for message, error in take_in(vito, messages):
                producer.produce(f"{topic}.refused", message.value(), message.key(), headers={"error": str(error)})
            if messages:
                producer.flush()
                consumer.commit(asynchronous=False)
    consumer.close()


def take_in(vito: Vito, messages: Sequence[Message]) -> list[tuple[Message, Exception]]:
    """The messages that ViTo has not accepted, and why; all others it has. Unavailable."""
    readable, refused = list[tuple[Message, Observation]](), list[tuple[Message, Exception]]()
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
        try:
            observation = read(message)
            observation.to_json()  # what cannot be sent is found here, and stops no other
            readable.append((message, observation))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            refused.append((message, error))
    outcomes = vito.observe_many(observation for _, observation in readable)
    for (message, _), outcome in zip(readable, outcomes, strict=True):
        if isinstance(outcome, Refused):
            refused.append((message, outcome))
    return refused


def read(message: Message) -> Observation:
    """An observation without an id has that of its place in the topic."""
    body = json.loads(message.value())
    at = body.get("occurred_at")
    return Observation(
        body["channel"],
        [Identifier(**one) for one in body["identifiers"]],
        body.get("traits") or {},
        Event(**body["event"]) if body.get("event") else None,
        dt.datetime.fromisoformat(at) if at else None,
        body.get("id") or f"{message.topic()}-{message.partition()}-{message.offset()}",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
