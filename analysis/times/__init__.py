"""Time expressions: the words and periods of the calendar, the patterns, and what they mean."""
