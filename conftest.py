"""nbval compares what notebooks keep: the text of every output. Their HTML holds styles and figures and is not stored."""


def pytest_itemcollected(item):
    """Leave HTML out of what is compared."""
    skipped = getattr(item.parent, "skip_compare", None)
    if skipped is not None and "text/html" not in skipped:
        item.parent.skip_compare = (*skipped, "text/html")
