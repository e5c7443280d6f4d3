"""Live connections: who may have one, what they receive."""
