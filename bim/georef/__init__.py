"""Where on the earth a model stands."""
