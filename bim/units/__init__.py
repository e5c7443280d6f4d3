"""Units of a model and their way to SI."""
