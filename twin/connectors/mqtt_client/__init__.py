"""An MQTT client for many messages per second: packets are cut out of whole chunks of bytes, and handed on in batches."""
