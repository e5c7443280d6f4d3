"""OGC SensorThings API 1.1 (18-088): the park's devices and points as Things and Datastreams, and what clients add to them."""
