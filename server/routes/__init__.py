"""The interface's routes: one file per resource; each parses, calls one service, answers."""
