"""A client of the live connection for programs: `from twin.client import connect` (`docs/reference/live.md`)."""

from twin.client.errors import CommandRefused, LiveError, SignedOut
from twin.client.frame import Frame
from twin.client.park import ParkClient, connect
from twin.client.subscription import Subscription

__all__ = ["CommandRefused", "Frame", "LiveError", "ParkClient", "SignedOut", "Subscription", "connect"]
