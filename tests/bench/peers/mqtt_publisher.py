"""A device for the MQTT race: `python mqtt_publisher.py HOST PORT USER PASSWORD COUNT TOPICS`, QoS 1, then ends."""

import sys
import threading

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

host, port, user, password, count, topics = sys.argv[1:]
connected = threading.Event()
client = paho.Client(CallbackAPIVersion.VERSION2, client_id="bench-device")
client.username_pw_set(user, password)
client.max_inflight_messages_set(500)
client.on_connect = lambda *_: connected.set()
client.connect(host, int(port))
client.loop_start()
if not connected.wait(30):
    sys.exit("the broker did not let the publisher in")
sent = [
    client.publish(
        f"park/{n % int(topics)}/temperature", f'{{"v": {n % 300 / 10}, "t": {1_700_000_000_000 + n}}}', qos=1
    )
    for n in range(int(count))
]
for message in sent:
    message.wait_for_publish(60)
client.disconnect()
client.loop_stop()
