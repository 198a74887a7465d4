"""From tagged attributions to the statements of an article, step by step."""
