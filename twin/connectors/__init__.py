"""Connectors: where values come from. Each speaks one protocol and hands readings to a sink."""
