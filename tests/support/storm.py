"""Devices whose values all change, again and again."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path

import paho.mqtt.client as mqtt


def storm(park: Path, count: int, stop: threading.Event, every_s: float = 1.0) -> None:
    """Publish a new value of each of `count` points (`live/p000000` …) once every `every_s` seconds until stopped."""
    door = json.loads((park / "broker" / "door.json").read_text(encoding="utf-8"))
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.max_queued_messages_set(0)
    client.username_pw_set(door["user"], door["password"])
    client.connect(door["host"], door["mqtt_port"])
    client.loop_start()
    dice = random.Random(7)
    parts = 5
    while not stop.is_set():
        for part in range(parts):
            for number in range(part, count, parts):
                client.publish(f"live/p{number:06d}", f"{dice.uniform(10, 40):.2f}", qos=0)
            if stop.wait(every_s / parts):
                break
    client.disconnect()
    client.loop_stop()
