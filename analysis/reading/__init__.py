"""Files -> article rows, in the order of the imports: from lines of text to layouts, from formats to records."""
