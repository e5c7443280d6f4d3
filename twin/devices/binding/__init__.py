"""Binds what a description names to the park's objects and points, by rules; what is not certain is listed, never guessed."""
