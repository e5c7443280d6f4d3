"""Gateways that push readings: their tokens."""

from server.connecting.tokens import ConnectorToken, ConnectorTokens

__all__ = ["ConnectorToken", "ConnectorTokens"]
