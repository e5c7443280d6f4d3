"""How a kind of feature becomes geometry: one family per file, all with the same `build`."""
