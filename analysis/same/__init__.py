"""Which mentions are one happening: their words as phrases, deeds and sectors, what agrees and contradicts, and clusters."""
