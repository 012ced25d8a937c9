"""Who is on duty round the clock, and what one shift hands to the next."""
