"""A Sparkplug B edge node with one device: births with aliases, data by alias, a will, and rebirth when asked."""

from __future__ import annotations

import threading
import time

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.mosquitto import PASSWORD, USER, Mosquitto
from twin.connectors.sparkplug.schema import Payload

GROUP, NODE, DEVICE = "Plant", "Edge1", "Pump"
FIELDS = {1: "int_value", 3: "int_value", 4: "long_value", 10: "double_value", 11: "boolean_value", 12: "string_value"}


class Edge:
    """metrics: of the device, name → (alias, data type, value). `commands` are the DCMD metrics that came."""

    def __init__(self, broker: Mosquitto, metrics: dict[str, tuple[int, int, object]]) -> None:
        self.metrics, self.seq, self.bd_seq, self.births = metrics, 0, 7, 0
        self.commands: list[tuple[str, object]] = []
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id="edge")
        self.client.username_pw_set(USER, PASSWORD)
        will = Payload(timestamp=1)
        will.metrics.add(name="bdSeq", datatype=8, long_value=self.bd_seq)
        self.client.will_set(self.topic("NDEATH"), will.SerializeToString(), qos=1)
        self.ready, self.heard = threading.Event(), threading.Event()
        self.client.on_connect = lambda *_: self.client.subscribe(f"spBv1.0/{GROUP}/+/{NODE}/#", 1)
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert self.ready.wait(20)

    def topic(self, kind: str) -> str:
        return f"spBv1.0/{GROUP}/{kind}/{NODE}" + (f"/{DEVICE}" if kind[0] == "D" else "")

    def payload(self, *, birth: bool = False) -> Payload:
        self.seq = 0 if birth else (self.seq + 1) % 256
        return Payload(timestamp=time.time_ns() // 1_000_000, seq=self.seq)

    def send(self, kind: str, message: Payload) -> None:
        self.client.publish(self.topic(kind), message.SerializeToString(), qos=1).wait_for_publish(20)

    def birth(self) -> None:
        self.births += 1
        node = self.payload(birth=True)
        node.metrics.add(name="bdSeq", datatype=8, long_value=self.bd_seq)
        node.metrics.add(name="Node Control/Rebirth", datatype=11, boolean_value=False)
        self.send("NBIRTH", node)
        device = self.payload()
        for name, (alias, kind, value) in self.metrics.items():
            metric = device.metrics.add(name=name, alias=alias, datatype=kind, timestamp=device.timestamp)
            setattr(metric, FIELDS[kind], value)
        self.send("DBIRTH", device)

    def data(self, name: str, value: object, *, time_ms: int = 0, lose: int = 0) -> None:
        alias, kind, _ = self.metrics[name]
        self.seq += lose  # messages that nobody got
        message = self.payload()
        metric = message.metrics.add(alias=alias, timestamp=time_ms or message.timestamp)
        setattr(metric, FIELDS[kind], value)
        self.send("DDATA", message)

    def die(self) -> None:
        """Lose the connection without a word: the broker sends the will."""
        self.client.loop_stop()
        self.client.socket().close()

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        kind = message.topic.split("/")[2]
        if kind not in {"NCMD", "DCMD"}:
            return
        for metric in Payload.FromString(message.payload).metrics:
            if metric.name == "Node Control/Rebirth" and metric.boolean_value:
                threading.Thread(target=self.birth).start()
            else:
                self.commands.append((metric.name, getattr(metric, metric.WhichOneof("value"))))
                self.heard.set()
