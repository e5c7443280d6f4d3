"""OPC UA: nodes are subscribed to, written, and their methods called."""
