"""`qushu bench`: figures of this machine beside references measured in the same run. Nothing here is asserted."""
