"""Commands: values that people ask devices to take, from the wish to its outcome."""
