"""A version made from the layer's earlier one, of a file in which little changed."""
