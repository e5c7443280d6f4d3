"""Messages on their way to a broker that may be away or slow."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from twin.connectors.mqtt_client.client import MqttClient


class Outbox:
    """A bounded queue before a client: what is put in is sent with QoS 1, in order, when the client takes it.

    The owner of the client calls `send` when it is connected. published: messages that the broker confirmed;
    refused: those that it did not want.
    """

    def __init__(self, client: MqttClient, limit: int) -> None:
        self._client, self._limit = client, limit
        self._waiting: deque[tuple[str, bytes]] = deque()
        self.published = self.refused = 0

    def put(self, messages: Iterable[tuple[str, bytes]]) -> int:
        """Send (topic, payload) pairs, now or later; how many found no room."""
        left_out = 0
        for message in messages:
            if len(self._waiting) < self._limit:
                self._waiting.append(message)
            else:
                left_out += 1
        self.send()
        return left_out

    def send(self) -> None:
        """Send what waits, as far as the client takes it; the rest goes when the broker has confirmed some."""
        while self._waiting and self._client.ready:
            self._client.publish(*self._waiting.popleft()).add_done_callback(self._done)

    def _done(self, done: asyncio.Future[None]) -> None:
        if done.cancelled():
            return
        if done.exception() is None:
            self.published += 1
        else:
            self.refused += 1
        self.send()
