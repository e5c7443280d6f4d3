"""Shapes of what the interface takes and gives; the web application's types are made from them."""
