"""Ways in: what another system pushes to us, or leaves in a folder or at an address for us to fetch."""
