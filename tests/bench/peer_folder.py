"""Where `make bench-peers` puts the other converters and viewers."""

from __future__ import annotations

from tests.bench.cost import ROOT

PEERS = ROOT / "build" / "peers"
NODE = PEERS / "node"
XEOKIT = NODE / "node_modules" / "@xeokit" / "xeokit-convert" / "convert2xkt.js"
