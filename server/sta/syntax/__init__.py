"""What stands in an address: resource paths, query options, filter expressions; read into plain data, nothing is run."""
