"""Who takes part in an event, and on which side: mentions, parties, partners of mutual acts, and directions."""
