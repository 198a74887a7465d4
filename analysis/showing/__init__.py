"""Rows and articles as HTML: markup, evidence and grids, and the pages of reports and articles."""
