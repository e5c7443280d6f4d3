"""What we race against, as programs of their own."""
