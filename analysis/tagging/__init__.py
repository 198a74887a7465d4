"""Scores of word pieces -> spans, cues and triggers."""
