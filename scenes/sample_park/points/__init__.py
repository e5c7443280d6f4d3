"""Points: what is measured where, and how it is bound to objects."""
