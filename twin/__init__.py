"""The kernel: objects, graph store, points and state, history, alarms, records, indicators."""
