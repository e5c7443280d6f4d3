"""The device simulator: made-up readings of a park's points, published over real MQTT and marked as simulated."""
