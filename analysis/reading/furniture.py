"""What stands round an article on its page: captions, credits, links, buttons, advertisements, copyright lines.

Every recogniser looks at one line alone and says what its form shows; `layout.py` decides what it means where it stands.
All patterns are anchored at the beginning or the end of the line and have bounded repeats.
"""

from __future__ import annotations

import re

from analysis.reading.bylines import DOMAIN, first_names, is_medium
from analysis.reading.datelines import full_dates


def _lines(*forms: str) -> re.Pattern[str]:
    """A pattern for whole lines that have one of these forms, whatever the case, with a few marks round them."""
    return re.compile(rf"\W{{0,3}}(?:{'|'.join(forms)})\W{{0,3}}$", re.IGNORECASE)


# --- captions and credits ---------------------------------------------------------------------------------------------

_PHOTO = r"(?:photo(?:s|graph|graphs|graphy)?|pictures?|images?|pics?|illustrations?|graphics?|credits?|courtesy)"
_FILE = r"(?:file\s(?:photo|picture|image|pic))"
_CAPTION_START = re.compile(
    rf"(?:{_FILE}|{_PHOTO}(?:\s(?:credits?|source|courtesy|by|caption))?)\s?(?:[:|]|\s[\u2013—-]\s)"
    r"|(?:image|media|photo|picture|video)\s(?:caption|source|credit|copyright)s?,?\s"
    r"|file\s?(?:[\u2013—-]{1,2}|:)\s|(?:photo|photograph|image|picture)s?\sby\s[A-Z@]"
    r"|(?:caption|pictured|map|chart|infographic|video|watch\svideo)\s?:\s",
    re.IGNORECASE,
)
_NAME = r"[A-Z][^()\[\]/.!?:\d]{1,40}"
_CAPTION_END = re.compile(
    rf"""(?:
      [(\[](?i:{_PHOTO}|{_FILE}|handout|supplied|source:|via\s)(?!\w)[^()\[\]]{{0,80}}[)\]]\.?
    | [(\[][A-Z@][^()\[\]]{{0,80}}[\s/](?:Images?|Photos?|Pictures?|Pics?|(?i:handout|{_FILE}|photo\sby))
        (?:[\s/,][^()\[\]]{{1,60}})?\.?[)\]]\.?
    | [(\[]{_NAME}/\s?[A-Z][^()\[\]/!?:]{{1,40}}[)\]]
    | [(\[](?i:file|supplied|handout|video)[)\]]\.?
    | \b(?i:photo(?:graph)?s?|images?|pictures?|pics?|video|illustration|graphic)(?i:\s(?:credit|courtesy|source|by))?\s?
        (?::|/|\s(?i:by|courtesy\sof|via))\s?[^\s.][^.!?]{{1,60}}
    | (?i:photo|image|picture)\scredit:?\s[^.!?]{{2,60}}
    | ©\s?[^\s.][^.!?]{{1,60}}
    | (?:^|[\s(\[—\u2013-])
        (?:[A-Z]{{2,}}(?:\s[A-Z]\w+)?\s?/\s?[A-Z][^/.!?:\d]{{1,40}}|{_NAME}?/\s?[A-Z]{{2,}}(?:[-\s][A-Z]\w*){{0,2}})[)\]]?
    | \b(?:via|for)\s[A-Z]\w+\s(?:Images|Photos?|Pictures)[)\]]?
    | [/|(\u2013—-]\s?(?i:file|handout|pool|stringer)(?i:\s(?:photo|picture|image))?[)\]]?
    )$""",
    re.VERBOSE,
)  # fmt: skip
_BRACKET = re.compile(r"\[(?:[A-Z][\w.\u2019'\-]*)(?:(?:\s|/|,\s|\sand\s|\svia\s|\s-\s)[A-Z@][\w.\u2019'\-]*){0,6}\]$")
_MEDIUM = re.compile(r"[(\[](?P<name>[^()\[\]]{2,40})[)\]]$")
_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)$")
_SENTENCE_ENDS = (".", "!", "?")
_QUOTES = "\"'“”\u2018\u2019"


def is_caption(text: str) -> bool:
    """Whether a line is a caption or a credit by its own words: it starts or ends as these do.

    >>> is_caption("Harvest in Gezira [Nile Pictures]"), is_caption("He praised the union (AU).")
    (True, False)
    """
    if len(text) > 700:
        return False
    if _IMAGE.match(text) or _CAPTION_START.match(text):
        return True
    tail = text[-170:]
    bracket, medium = _BRACKET.search(tail), _MEDIUM.search(tail)
    if bracket or (medium and is_medium(medium["name"])):
        before = text[: max(text.rfind("["), text.rfind("("))].rstrip()
        return bool(before) and len(before) < 300 and not before.rstrip(_QUOTES).endswith(_SENTENCE_ENDS)
    return len(text) < 450 and bool(_CAPTION_END.search(tail))


# --- links and buttons ------------------------------------------------------------------------------------------------

_LINK = re.compile(
    r"\W{0,3}(?:our\sstandards"
    r"|(?:read|see|watch|listen|hear)(?:\s(?:more|also|now|next|this|here|the\sfull\s\w{2,12}|related|our))?"
    r"|(?:also|must)\s(?:read|see|watch)|(?:next|previous|prev)(?:\s(?:article|story|post|page))?|more"
    r"|related(?:\s(?:article|story|stories|news|content|coverage|link)s?)?|don['\u2019]t\smiss|recommended|in\spictures"
    r"|from\sthe\sarchives?|further\sreading|editor['\u2019]s\spicks?)\s?(?:[:|»>→]|\s[\u2013—-]\s)\s?\S",
    re.IGNORECASE,
)
_LINK_ALONE = _lines(
    r"(?:click|tap|press)\s(?:here|to\s|on\sthe\s(?:image|photo|picture|link)).{0,80}",
    r"(?:continue|keep)\sreading.{0,40}",
    r"read\s(?:the\s)?(?:full|original|rest\sof\sthe|complete|entire|whole)\s\w{3,12}\b.{0,60}",
    r"read\smore(?:\s(?:here|about|on|at|from|of|stories|news|in)\b.{0,60})?",
    r"(?:to\s)?(?:enlarge|expand|zoom)(?:\s(?:(?:the|this)\s)?(?:image|photo|picture|map))?",
)
_HEADING = _lines(
    r"related(?:\s\w{1,12}){0,3}",
    r"(?:read|see|watch)\s(?:more|also|next)",
    r"(?:also|must)\sread",
    r"more\s(?:from|on|about|by|stories|news|top|in)\b.{0,50}",
    r"you\s(?:may|might)\salso\s(?:like|be\sinterested\sin)",
    r"recommended(?:\s\w{1,12}){0,3}",
    r"most\s(?:read|popular|viewed|shared)",
    r"trending(?:\s\w{1,12}){0,2}",
    r"top\sstories",
    r"latest\s(?:news|stories|headlines|articles)",
    r"also\s(?:on|in|from)\s.{2,50}",
    r"editor['\u2019]s\s(?:picks?|choice)",
    r"what\sto\sread\snext",
    r"up\snext",
    r"around\sthe\sweb",
    r"(?:sponsored|promoted)\scontent",
    r"in\sthis\ssection",
    r"popular\s(?:now|stories|articles)",
    r"other\sstories",
    r"similar\s(?:articles|stories)",
    r"don['\u2019]t\smiss",
)
_SHARE_WITH = (
    r"this|it|on|via|by|with|to|article|story|page|link|your|facebook|twitter|x|whatsapp|linkedin|telegram|e-?mail|reddit|save"
    r"|print|tweet|share|friends?|the|a"
)
_BUTTONS = _lines(
    r"advert(?:isement|ising|isment)?s?(?:\W{1,3}(?:story|article|scroll)\s.{0,40})?",
    r"ads?",
    r"(?:story|article)\scontinues(?:\s(?:below|after))?.{0,40}",
    r"(?:skip|remove|report)\s(?:this\s)?(?:ad|ads|advertisement|promotion)\b.{0,40}",
    r"skip\sto\s.{2,40}",
    rf"(?:share|tweet|pin|post|send)(?:\s(?:{_SHARE_WITH})){{0,10}}",
    r"print(?:\s(?:this|article|page|story|e-?mail)){0,3}",
    r"e-?mail(?:\s(?:this|article|story|to|a|friend)){0,4}",
    r"facebook|twitter|whatsapp|linkedin|telegram|instagram|youtube|reddit|pinterest|messenger|flipboard",
    r"copy\s(?:link|url)|link\scopied.{0,20}|copy/?\s?paste\s.{2,60}|short\surl|permalink",
    r"save(?:\s(?:this|article|story|for|later)){0,3}",
    r"bookmark(?:\s\w{1,10}){0,2}",
    r"(?:view|show|hide|leave|post|add|write|no|join\sthe|load|\d{1,6})\s(?:all\s|a\s|your\s|more\s)?"
    r"(?:comments?|conversation|reply|replies|discussion)(?:\s?\(\d{1,6}\))?",
    r"comments?(?:\s(?:\(\d{1,6}\)|\d{1,6}|off|closed|are\sclosed))?",
    r"subscribe(?:\s.{0,60})?",
    r"sign\s(?:up|in)(?:\s.{0,80})?|log\s?in|register(?:\snow)?",
    r"(?:get|download)\s(?:the|our)\s(?:free\s)?.{0,30}\bapp\b.{0,30}",
    r"listen(?:\sto\s(?:this|the)\s(?:article|story|podcast|episode).{0,30})?",
    r"play(?:\svideo|\saudio)?|loading\W{0,4}|like\s(?:this|loading)\W{0,4}",
    r"close|menu|search|home|back\sto\stop|next|previous|gallery|enlarge(?:\simage)?|zoom|toggle\s.{1,30}",
    r"photos?|images?|video|pictures?",
    r"(?:your|this)\sbrowser\sdoes\snot\ssupport.{0,80}|please\senable\sjavascript.{0,60}",
    r"gift\sthis\sarticle|republish(?:\sthis\sarticle)?|donate(?:\snow)?|text\ssize.{0,20}",
    r"support\s(?:us|our\s(?:work|journalism))(?:\s.{0,60})?",
    r"add\s.{2,30}\son\sgoogle",
    # What stands where only subscribers read on.
    r"(?:looking|want|wish|need)\sto\s(?:read|see)\s(?:the\s)?(?:full|rest|more|whole)\b.{0,60}",
    r"(?:gain|get|enjoy)\s(?:unlimited|full|instant)\saccess\b.{0,80}",
    r"already\sa\s(?:subscriber|member)\b.{0,40}",
    r"this\s(?:article|content|story)\sis\s(?:only\s)?(?:for|available\s(?:only\s)?to|reserved\sfor|exclusive\sto)\s.{0,30}"
    r"(?:subscribers|members|readers).{0,20}",
    r"to\s(?:continue|keep)\sreading\b.{0,80}",
    r"(?:you\shave\s)?\d{1,2}\s(?:free\s)?articles?\s(?:left|remaining).{0,30}",
)
_NETWORK = (
    r"(?:twitter|facebook|instagram|telegram|whatsapp|x\b|youtube|linkedin|social|google|bluesky|threads|mastodon"
    r"|@|\S{1,40}@\S)"
)
_FOLLOW = _lines(
    r"(?:for\s(?:the\slatest|more)\b.{0,60},\s)?(?:please\s)?(?:follow|like|join|find|connect\swith|contact|e-?mail|reach|subscribe\sto)\b.{2,100}\b(?:on|at|via|to|or)\s"
    rf"(?:our\s|us\s)?{_NETWORK}.{{0,120}}",
    r"(?:join|follow)\s(?:us|our)\b.{0,80}",
    r"(?:sign|signing)\sup\s(?:for|to)\b.{0,120}",
    r"(?:get|receive)\s.{2,80}\b(?:inbox|newsletter|alerts|by\se-?mail|daily\se-?mail)\b.{0,80}",
    r".{0,60}\bsign\sup\s(?:for|to)\s(?:our|the|my)\b.{0,60}\b(?:newsletter|e-?mails?|alerts?|briefing)s?\b.{0,40}",
    r".{0,80}\b(?:newsletter|whatsapp\schannel|telegram\schannel)",
    r"(?:twitter|e-?mail|contact|instagram|facebook)\s?:\s?\S.{0,60}",
)
_TAGS = _lines(
    r"(?:tags?|topics?|keywords|filed\sunder|categories|category|in\sthis\sstory|explore\smore\son)\s?:\s?\S.{0,300}"
)
_SHARE = _lines(r"(?:share|tweet|print|e-?mail|facebook|twitter|whatsapp|linkedin|copy\slink|save|listen)\b.{0,60}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{3,300}$", re.IGNORECASE)
_INITIALS = re.compile(r"[a-z]{2,5}(?:[-/][a-z]{2,5}){1,5}(?:\s?\([\w,/\s]{2,40}\))?$")
_COUNTER = _lines(
    r"(?:document\s)?\d{1,6}\sof\s\d{1,6}(?:\s(?:documents?|words))?",
    r"end\sof\sdocument|document\s(?-i:[A-Z0-9]{12,40})",
    r"page\s\d{1,4}(?:\sof\s\d{1,4})?",
    r"(?:first|second|final|late|early|city|national|regional|metro|weekend|main|\d(?:st|nd|rd))\sedition(?:\s.{0,30})?",
    r"for\simmediate\srelease|(?:press|news|media)\srelease|embargoed\b.{0,50}",
    r"this\s(?:article|story)\sis\s(?:more\sthan|over)\s.{1,20}\sold",
    r"(?:end|ends|more|-30-)",
    r"(?-i:[A-Z0-9]{2,}(?:-[A-Z0-9]+){2,6})",
    r"\S{1,40}@[\w.\-]{3,60}",
    r"a\sversion\sof\sthis\s(?:article|story)\s(?:appear|ran|was).{0,120}",
    r"(?:from|in)\sthe\s.{3,40}\sissue(?:\sof\s.{3,40})?",
    r"this\s(?:article|story|piece)\s(?:was\s|has\s)?(?:first\s|originally\s)(?:appeared|published|ran)\b.{0,80}",
    r"this\s(?:article|story)\s(?:appeared|was\spublished|ran)\sin\s.{2,60}\b(?:print|edition|issue)\b.{0,80}",
    r"(?:number\sof\s)?(?:readings|views|reads|hits|visits)\s?:\s?[\d,.]{1,9}",
)


def is_link(text: str) -> bool:
    """Whether a line leads to another article ("Read more: ...") or enlarges a picture ("[Click to enlarge]")."""
    return len(text) <= 250 and bool(_LINK.match(text) or _LINK_ALONE.match(text))


def is_list_heading(text: str) -> bool:
    """Whether a line is the heading of a list of other articles ("Related stories")."""
    return len(text) <= 80 and bool(_HEADING.match(text))


def is_button(text: str) -> bool:
    """Whether a line is a button, an advertisement's mark, or asks to follow, subscribe or share."""
    if len(text) > 260:
        return False
    if any(form.match(text) for form in (_BUTTONS, _FOLLOW, _TAGS, _INITIALS, _ADDRESS)):
        return True
    parts = text.split("|")
    return len(parts) > 1 and all(_BUTTONS.match(part.strip()) for part in parts)


def is_share(text: str) -> bool:
    """Whether a line is one of the buttons, or the address, that stand between the head of a page and its body."""
    return len(text) <= 300 and bool(_ADDRESS.match(text) or (_SHARE.match(text) and _BUTTONS.match(text)))


def is_counter(text: str) -> bool:
    """Whether a line counts documents, pages or words, names the edition, or says that this is a release or its end."""
    return len(text) <= 160 and bool(_COUNTER.match(text))


# --- rights and credits -----------------------------------------------------------------------------------------------

_COPYRIGHT = re.compile(
    r"\W{0,2}(?:©|\(c\)\s|&copy;|copyright\s{0,2}(?:©|\(c\)|\d{4}|by\b|notice|:)"
    r"|copyright\s(?-i:[A-Z]).{2,80}\b(?:(?:19|20)\d\d|rights\sreserved|ltd|limited|inc)\b)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"all\srights\sreserved"
    r"|may\snot\sbe\s(?:published|reproduced|republished|copied).{0,60}(?:broadcast|rewritten|redistributed|permission|consent)",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)(?:\s|©|\(c\)|\d{4}(?:\s?[-\u2013]\s?\d{4})?|[,:.]|by\b){0,12}(?P<holder>[^\W\d][^.|\n;]{1,60})",
    re.IGNORECASE,
)
_AFTER_HOLDER = re.compile(r",|\ball\srights\b|\s[-\u2013—]\s|\b(?:19|20)\d\d\b", re.IGNORECASE)
_LEGAL_FORM = re.compile(r"[\s,]+(?:ltd|limited|llc|inc|corp|plc|gmbh|pty|company|co|corporation|s\.?a)\b.*$", re.IGNORECASE)
_WORK = r"(?:reporting|editing|writing|report|production|translation|research|graphics?)"
_CREDITS = re.compile(
    rf"\W{{0,4}}(?:(?:additional\s|with\s)?{_WORK}(?:(?:,|\sand)\s(?:additional\s)?{_WORK}){{0,2}}\s(?:by|from):?\s(?-i:[A-Z])"
    r"|(?:compiled|translated|edited|reported|written)\sby\s(?-i:[A-Z])|with\sreporting\s(?:by|from)\s"
    r"|(?:with\s)?(?:additional\s|with\s)?(?:inputs?|files|assistance|reporting|material|information|agency\sinputs)\sfrom\b"
    r"|(?:web\s|copy\s)?editors?\s?:\s?(?-i:[A-Z]).{2,60}$"
    r"|(?:some\s)?(?:information|material)\s(?:for|in)\sthis\s(?:report|article|story)\s|with\s(?:agencies|agency\sinputs)\W{0,3}$)",
    re.IGNORECASE,
)
_REPORTER = re.compile(r"\breporting\s(?:and\swriting\s)?by\s", re.IGNORECASE)
_CONTRIBUTED = re.compile(r"\bcontributed\s(?:to\sthis|reporting|research)\b.{0,40}$", re.IGNORECASE)
_SOURCE = re.compile(r"\W{0,2}(?:news\s)?(?:source|agencies|agency|via|credit)s?\s?:\s?(?P<name>\S.{0,80})$", re.IGNORECASE)


def is_copyright(text: str) -> bool:
    """Whether a line says who holds the rights.

    >>> is_copyright("(c) 2016 Isthmus Tribune"), is_copyright("Copyright law would change, she said.")
    (True, False)
    """
    return len(text) <= 500 and bool(_COPYRIGHT.match(text) or (len(text) <= 300 and _RIGHTS.search(text)))


def copyright_holder(text: str) -> str | None:
    """The holder that a copyright line names, without its legal form.

    >>> copyright_holder("Copyright 2011 Meridian Newspapers Pty Ltd")
    'Meridian Newspapers'
    """
    match = _HOLDER.search(text[:300])
    if not match or "/" in match["holder"]:
        return None
    dates = full_dates(match["holder"])
    holder = match["holder"][: dates[0].start] if dates else _AFTER_HOLDER.split(match["holder"], maxsplit=1)[0]
    holder = _LEGAL_FORM.sub("", holder).strip(" ,")
    return holder if 2 <= len(holder) <= 60 and holder[0].isupper() and len(holder.split()) <= 6 else None


def is_credits(text: str) -> bool:
    """Whether a line names who else reported, wrote, edited or translated."""
    return len(text) <= 500 and bool(_CREDITS.match(text) or _CONTRIBUTED.search(text))


def reporter(text: str) -> str | None:
    """The first reporters whom a line of credits names.

    >>> reporter("(Reporting by Natasha Phiri in Ndola; Editing by Oliver Grange)")
    'Natasha Phiri'
    """
    match = _REPORTER.search(text[:120])
    return first_names(text[match.end() :].split(";")[0].strip(" ().")) if match else None


def source_named(text: str) -> str | None:
    """The outlet of a line such as "Source: Lake Courier"."""
    match = _SOURCE.match(text) if len(text) <= 120 else None
    name = match["name"].strip(" .()[]*_") if match else ""
    return name if name and len(name.split()) <= 6 and (name[0].isupper() or DOMAIN.match(name)) else None
