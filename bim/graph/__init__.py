"""Objects, concepts and relations of a model."""
