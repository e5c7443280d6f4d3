"""A device of the tests: one reading over MQTT."""

from __future__ import annotations

import json
from pathlib import Path


def publish(park: Path, topic: str, value: float, at: int | None = None) -> None:
    """Send one reading to the broker of a served park; returns when the broker has it. at: epoch ms, None for now."""
    import paho.mqtt.client as mqtt

    door = json.loads((park / "broker" / "door.json").read_text(encoding="utf-8"))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.username_pw_set(door["user"], door["password"])
    client.connect(door["host"], door["mqtt_port"])
    client.loop_start()
    told = {"v": value} if at is None else {"v": value, "t": at}
    client.publish(topic, json.dumps(told), qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def publish_all(park: Path, readings: dict[str, float]) -> None:
    """Many readings by topic over one connection; returns when the broker has them."""
    import paho.mqtt.client as mqtt

    door = json.loads((park / "broker" / "door.json").read_text(encoding="utf-8"))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.username_pw_set(door["user"], door["password"])
    client.max_queued_messages_set(0)
    client.connect(door["host"], door["mqtt_port"])
    client.loop_start()
    sent = [client.publish(topic, json.dumps({"v": value}), qos=1) for topic, value in readings.items()]
    for one in sent:
        one.wait_for_publish(20)
    client.disconnect()
    client.loop_stop()
