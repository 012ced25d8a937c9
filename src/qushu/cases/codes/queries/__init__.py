"""Every read of the code tables' pages."""
