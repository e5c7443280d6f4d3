"""Floor plans as rectangles: rooms, and the walls between them."""
