"""IFC files: what they are, opened safely."""
