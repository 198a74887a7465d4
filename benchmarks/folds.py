"""Five folds of a corpus of sentences: the same text is always in the same one."""

import hashlib

FOLDS = 5


def fold_of(text: str) -> int:
    """The fold of a text, 0 to 4, by a hash of its words; white space does not count.

    >>> fold_of("Chad and Niger signed.") == fold_of("Chad  and Niger signed.\\n")
    True
    """
    return int(hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8], 16) % FOLDS
