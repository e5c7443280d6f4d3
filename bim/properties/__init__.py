"""Property sets and quantities of a model as tables."""
