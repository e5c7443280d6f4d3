"""What errors say, in Chinese."""
