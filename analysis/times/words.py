"""English words for dates and times, as plain tables; nothing here computes.

The patterns of `times/patterns.py` are built from these words, so a word that is added here is also found. All words are in
lower case. Abbreviations are written without their full stop.
"""

from __future__ import annotations

MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
MONTH_ABBREVIATIONS = {
    "jan": 1, "feb": 2, "febr": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip

# Monday is 1, as in ISO 8601.
WEEKDAYS = {"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7}
WEEKDAY_ABBREVIATIONS = {
    "mon": 1, "tue": 2, "tues": 2, "weds": 3, "wed": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5, "sat": 6, "sun": 7,
}  # fmt: skip

SEASONS = {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3}

NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
MULTIPLES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
TENS = {"twenty": 20, "thirty": 30}  # of "twenty-first", "thirty-first"

# "the nineties": years after 1900
DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90, "noughties": 100,
}  # fmt: skip

# unit of time: its letter in a TIMEX3 duration, and how many of that letter it is
UNITS = {
    "second": ("TS", 1), "minute": ("TM", 1), "hour": ("TH", 1), "day": ("D", 1), "night": ("D", 1), "week": ("W", 1),
    "fortnight": ("W", 2), "weekend": ("WE", 1), "month": ("M", 1), "quarter": ("M", 3), "year": ("Y", 1), "decade": ("Y", 10),
    "century": ("Y", 100), "millennium": ("Y", 1000),
}  # fmt: skip
IRREGULAR_PLURALS = {"centuries": "century", "millennia": "millennium"}

# "a few weeks": the number is unknown
VAGUE_NUMBERS = ("several", "a few", "few", "some", "many", "a number of", "recent", "numerous")

# Which of several periods: -1 the last, 0 the present one, 1 the next. The second table counts from the day that the text
# is about ("the following week"), the first from the reference date ("next week").
WHICH_FROM_NOW = {
    "last": -1, "past": -1, "this past": -1, "prior": -1, "this": 0, "current": 0, "present": 0, "next": 1, "coming": 1,
    "this coming": 1, "upcoming": 1,
}  # fmt: skip
WHICH_FROM_THEN = {"previous": -1, "preceding": -1, "that": 0, "same": 0, "very same": 0, "following": 1}

# Parts of the day and their TIMEX3 codes
PARTS = {
    "morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "overnight": "NI", "lunchtime": "MI", "midday": "MI",
    "daytime": "DT", "dawn": "MO", "dusk": "EV",
}  # fmt: skip
CLOCK_WORDS = {"noon": "12:00", "midday": "12:00", "midnight": "24:00"}

# Zones: how they are said, and their suffix in a value where the clock is universal time
UNIVERSAL_ZONES = ("gmt", "utc", "z")
ZONES = (
    "gmt", "utc", "bst", "cet", "cest", "eet", "eest", "msk", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "ist",
    "jst", "kst", "aest", "aedt", "nzst", "et", "ct", "pt", "local time", "moscow time", "london time", "new york time",
    "eastern time", "central time", "pacific time", "eastern standard time", "eastern daylight time", "beijing time",
)  # fmt: skip

# Fixed feasts: (month, day)
FIXED_HOLIDAYS = {
    "new year's day": (1, 1), "valentine's day": (2, 14), "st patrick's day": (3, 17), "st. patrick's day": (3, 17),
    "april fools' day": (4, 1), "april fool's day": (4, 1), "anzac day": (4, 25), "may day": (5, 1), "canada day": (7, 1),
    "bastille day": (7, 14), "halloween": (10, 31), "guy fawkes night": (11, 5), "armistice day": (11, 11),
    "veterans day": (11, 11), "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "boxing day": (12, 26), "new year's eve": (12, 31),
}  # fmt: skip
# Feasts by their distance in days from Easter Sunday
EASTER_HOLIDAYS = {
    "ash wednesday": -46, "palm sunday": -7, "maundy thursday": -3, "good friday": -2, "easter saturday": -1, "easter": 0,
    "easter sunday": 0, "easter monday": 1, "whit sunday": 49, "pentecost": 49,
}  # fmt: skip
# Feasts on the nth weekday of a month: (month, weekday, n), n = -1 for the last
FLOATING_HOLIDAYS = {
    "martin luther king day": (1, 1, 3), "presidents day": (2, 1, 3), "memorial day": (5, 1, -1), "labor day": (9, 1, 1),
    "columbus day": (10, 1, 2), "thanksgiving": (11, 4, 4), "thanksgiving day": (11, 4, 4),
}  # fmt: skip

# Adverbs and adjectives of frequency: their TIMEX3 value
FREQUENCIES = {
    "hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M",
    "quarterly": "P3M", "yearly": "P1Y", "annually": "P1Y",
}  # fmt: skip

# "annual" is a time before what is counted by the year, but not in "annual meeting"
COUNTED_BY_THE_YEAR = (
    "profit", "profits", "loss", "losses", "earnings", "revenue", "revenues", "income", "turnover", "growth", "inflation",
    "budget", "deficit", "surplus", "salary", "salaries", "wage", "wages", "rent", "fee", "fees", "cost", "costs", "interest",
    "output", "production", "consumption", "emissions", "rate", "rates", "average",
)  # fmt: skip

# Vague references
PRESENT_WORDS = (
    "now", "currently", "at present", "presently", "nowadays", "these days", "at the moment", "at this moment",
    "this moment", "at this point", "to date",
)  # fmt: skip
PAST_WORDS = (
    "more recently", "most recently", "recently", "lately", "the past", "the recent past", "the distant past",
)  # fmt: skip
FUTURE_WORDS = (
    "the future", "the near future", "the distant future", "the coming years", "soon", "very soon",
    "the short term", "the long term", "the near term", "a later date", "a future date", "a later time", "a later stage",
)  # fmt: skip

# Words between a number and its unit: "20 more years", "eight trading days"
BEFORE_A_UNIT = (
    "more", "further", "additional", "extra", "consecutive", "straight", "successive", "full", "whole", "solid", "long",
    "short", "trading", "business", "working", "other",
)  # fmt: skip

# Words before a length of time that belong to it
APPROXIMATIONS = (
    "about", "around", "nearly", "almost", "more than", "less than", "over", "under", "at least", "at most", "up to", "roughly",
    "approximately", "some", "fewer than", "no more than", "well over", "not quite",
)  # fmt: skip

# Names that hold a time word and are no time
NAMES_WITHOUT_TIME = (
    "usa today", "russia today", "india today", "newsweek", "saturday night live", "good friday agreement", "black friday",
    "black monday", "black tuesday", "black wednesday", "black thursday", "bloody sunday", "bloody friday", "super tuesday",
    "cyber monday", "arab spring", "prague spring", "silent spring", "march madness", "million man march", "sunday times",
    "sunday telegraph", "sunday mirror", "sunday express", "sunday people", "sunday mail", "mail on sunday", "sunday herald",
    "saturday evening post", "friday night lights", "twentieth century fox", "20th century fox", "21st century fox",
    "century fox", "palm springs", "day care", "day job", "fahrenheit 9/11",
)  # fmt: skip

# Abbreviated titles, after whose full stop a sentence goes on
TITLES = (
    "mr",
    "mrs",
    "ms",
    "dr",
    "st",
    "gen",
    "sen",
    "rep",
    "gov",
    "col",
    "lt",
    "sgt",
    "prof",
    "rev",
    "jr",
    "sr",
    "co",
    "corp",
)

# Past tenses that do not end in -ed
PAST_TENSES = (
    "was", "were", "had", "has", "have", "did", "said", "told", "went", "came", "took", "made", "met", "began", "fell", "rose",
    "left", "held", "found", "gave", "got", "saw", "won", "lost", "led", "spoke", "sent", "wrote", "became", "brought", "kept",
    "shot", "struck", "hit", "cut", "put", "paid", "bought", "sold", "grew", "ran", "drove", "flew", "chose", "broke", "stood",
    "caught", "taught", "fought", "thought", "built", "spent", "meant", "felt", "dealt", "swept", "swore", "threw", "drew",
    "knew", "blew", "froze", "rode", "sank", "sang", "sat", "laid", "lay", "fed", "fled", "hung", "stuck", "swung", "sought",
    "withdrew", "overthrew", "undertook", "shook", "stole", "ate", "forgot", "forgave", "oversaw", "shut", "burst", "heard",
    "read", "quit", "beat", "understood", "withheld", "upheld", "overtook", "bore", "tore", "wore", "woke", "arose", "slid",
)  # fmt: skip
