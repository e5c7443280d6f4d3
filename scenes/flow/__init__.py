"""Lines of flow: which way what runs in pipes, ducts and roads."""
