"""Whether a wall that stays open for days keeps its size: `make soak`, and a short one among the browser tests."""
