"""Events for other tools: what is told of each, as PLOVER records and as TimelineJS slides."""
