"""What citizens are telling us: understanding one case, what belongs together, what is about to break."""
