"""What a feature is: the registry of kinds, and the words and tags that decide between them."""
