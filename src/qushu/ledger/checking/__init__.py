"""Holding a document against itself: what its parts say of the same thing must agree."""
