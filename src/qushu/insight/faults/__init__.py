"""系统故障: when a part of the analysis could not be used, noted by the system or by a person, with start and end."""
