"""What belongs together: many people, one matter (一事多人), found by what the words share."""
