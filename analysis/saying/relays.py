"""Media that pass on what others said: each is credited with it in `via`, and makes no statement itself."""

from __future__ import annotations

import re
from functools import cached_property

from analysis.places import fold
from analysis.saying.drafts import Draft, Reading
from analysis.schema import NOT_STATEMENTS
from analysis.wordlists import PERSON

# Words for media beside a name; an agency, a service, a network or a station may be of another kind ("the weather service").
MEDIA_NOUN = re.compile(
    r"\b(?i:(?:news|press|wire|radio|television|tv|cable|broadcasting) "
    r"(?:agency|service|network|station|channel|site|portal|outlet)|"
    r"newspaper|daily|weekly|magazine|broadcaster|television|tv|channel|radio|website|newswire|tabloid|media|outlet)\b"
    r"|\b(?:Times|Post|News|Herald|Tribune|Journal|Gazette|Press)\b"
)
# An address on the web that is a source: "kompas.com".
SITE = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|tv|news|(?:co|com|org|net)\.[a-z]{2}|[a-z]{2})\b")
RELAYING = re.compile(
    r"\b(?:report(?:s|ed|ing)?|said|says|wrote|writes|quot(?:e|es|ed|ing)|cit(?:e|es|ed|ing)|according to|revealed|told|"
    r"carried|published)\b",
    re.IGNORECASE,
)
QUOTING = re.compile(r"\b(?:quot|cit)(?:es?|ed|ing)\b", re.IGNORECASE)
REPORTEDLY = re.compile(r"\breportedly\b", re.IGNORECASE)
REPORTED = re.compile(r"(?:has |have )?(?:reported|wrote|reports)", re.IGNORECASE)
FOLLOWING = re.compile(r"\s+(?:the\s+)?([^,.;:\n“”\"]{2,60})")
QUOTED_BY = re.compile(r"\b(?:quoted|cited|reported) by\b", re.IGNORECASE)


class Relays:
    """Finds the media that only pass on the statements of an article.

    Args:
        reading: the article.
    """

    def __init__(self, reading: Reading) -> None:
        self.reading, self.text = reading, reading.text
        self.sentences, self.cast, self.media = reading.sentences, reading.cast, reading.cast.words.media
        self._media_seen: list[tuple[int, str]] = []

    def read(self) -> None:
        """Fill `via` of the statements, once; what but passes on others becomes "other", which is no statement."""
        self._find_media()
        self._credit()

    def _find_media(self) -> None:
        """The medium right after "reported" is its source, whatever name stands nearer to the statement."""
        for draft in self.reading.drafts:
            if not REPORTED.fullmatch(self.reading.cue_words(draft)):
                continue
            end = draft.cue[-1][1]
            following = FOLLOWING.match(self.text, end)
            if (
                following
                and self.medium_in(following.start(1), following.end(1))
                and not any(a >= end for a, _ in draft.source)
            ):
                draft.source = [(following.start(1), following.end(1))]

    def _credit(self) -> None:
        """A medium that only passes on a statement is credited with it, and makes none itself."""
        for draft in self.reading.drafts:
            medium = self._medium_of(draft)
            if medium is None:
                continue
            relayed = [
                d for d in self.reading.drafts if d is not draft and (d.parent is draft or self._about_the_same(d, draft))
            ]
            relayed = [d for d in relayed if d.act.act not in NOT_STATEMENTS and self._medium_of(d) is None]
            if not QUOTING.search(self.reading.cue_words(draft)):  # ", warning that": who says two things relays neither
                relayed = [d for d in relayed if d.source != draft.source]
            if relayed and self.sentences.number(draft.anchor) - self.sentences.number(relayed[0].anchor) <= 1:
                draft.act = draft.act._replace(act="other")
                for other in relayed:
                    other.via.append(medium)
            self._media_seen.append((draft.anchor, medium))
        for draft in self.reading.drafts:
            if draft.act.act in NOT_STATEMENTS or draft.via:
                continue
            medium = self._medium_beside(draft)
            if medium is None and REPORTEDLY.search(self.reading.cue_words(draft)):
                earlier = [name for place, name in self._media_seen if place < draft.anchor]
                medium = earlier[-1] if earlier else None
            if medium:
                draft.via.append(medium)

    def medium_in(self, start: int, end: int) -> str | None:
        """The name of the medium that a phrase names: one of the list, or a name with a word for media beside it."""
        names = [(name, actor) for name, actor in self.cast.inside(start, end) if actor is None or actor.kind != PERSON]
        for name, _ in names:
            written = fold(self.text[name.start : name.end])
            known = self.media.get(written) or self._medium_for_short(written)
            if known:
                return known
        if names and len(names) < 3 and MEDIA_NOUN.search(self.text[start:end]):
            for _, actor in names:
                if actor is not None and actor.kind == "organisation":
                    return self.media.get(fold(actor.name), actor.name)
        site = SITE.fullmatch(self.text[start:end].strip(" ,"))
        return site.group() if site else None

    def _about_the_same(self, one: Draft, relay: Draft) -> bool:
        """Whether what a medium passes on is the other statement: they share words, and neither stands in the other."""
        return relay.parent is None and any(a < one.end and one.start < b for a, b in relay.content)

    def _medium_of(self, draft: Draft) -> str | None:
        """The medium that is the source of a statement of relaying, or None."""
        if not draft.source or not RELAYING.search(self.reading.cue_words(draft)):
            return None
        return self.medium_in(draft.source[0][0], draft.source[-1][1])

    def _medium_for_short(self, word: str) -> str | None:
        """The medium that its last word alone means, because the article names or comes from it: "the Times"."""
        for name, medium in self._media_in_full:
            if name.endswith(f" {word}"):
                return medium
        return None

    @cached_property
    def _media_in_full(self) -> list[tuple[str, str]]:
        """The media that the article names, and its own outlet: as written, folded, and as the list calls them."""
        written = [fold(self.text[name.start : name.end]) for name in self.cast.names]
        written.append(fold(self.reading.article.get("outlet") or ""))
        return [(form, self.media[form]) for form in written if form in self.media]

    def _medium_beside(self, draft: Draft) -> str | None:
        """A medium that the same sentence credits outside the statement: ", the X news agency reported"."""
        start, end = self.sentences.span(draft.anchor)
        if QUOTED_BY.search(self.reading.cue_words(draft)):
            return self.medium_in(draft.cue[0][0], draft.cue[-1][1])
        for name, _ in self.cast.inside(start, end):
            if any(a <= name.start < b for a, b in [*draft.content, *draft.source]):
                continue
            around = self.text[max(start, name.start - 30) : min(end, name.end + 40)]
            left, right = self.text[max(start, name.start - 30) : name.start], self.text[name.end : min(end, name.end + 40)]
            credited = re.search(
                r"(?:,|\bas)\s+(?:as\s+)?(?:reported(?:\s+by)?|according to|citing|quoted by|cited by)\s+(?:the\s+)?[\w\s]*$",
                left,
            ) or re.match(r"(?:['’]s)?(?:\s+[\w-]+){0,3}\s+(?:reported|reports|has reported)\b", right)
            if credited and name.start >= draft.anchor:
                medium = self.media.get(fold(self.text[name.start : name.end])) or (
                    self.medium_in(max(start, name.start - 5), min(end, name.end + 25)) if MEDIA_NOUN.search(around) else None
                )
                if medium:
                    self._media_seen.append((name.start, medium))
                    return medium
        return None
