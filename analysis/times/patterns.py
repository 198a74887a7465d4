"""What a time expression looks like: named pieces of pattern, and rules that each find one kind of piece.

The patterns are matched against the text in lower case. A rule finds a *piece*: a month, a clock time, "last week", "two
years ago". Pieces that belong together ("late" + "Friday" + "night") are joined in times/pieces.py, so that no rule has to
know all combinations. At one place in a text the longest match wins, then the earlier rule. Patterns are written in
verbose mode: blanks in them mean nothing, `{SP}` is a blank in the text. All repetitions are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from analysis.times import words

# --- Small pieces ---------------------------------------------------------------------------------------------------------
# A blank between two words: spaces, or the end of a line that is not the end of a paragraph.
SP = r"(?:[ \t\xa0\u2009\u202f]{1,4}|[ \t]?\r?\n(?![ \t\r\n]))"
# The same, also with a comma; tokenised text has a blank before it. Before a year the blank may be missing: "May 5,2004".
BLANK_OR_COMMA = rf"(?:{SP}?,)?{SP}"
BEFORE_YEAR = rf"(?:{BLANK_OR_COMMA}|{SP}?,(?=(?:19|20)\d\d(?!\d)|['\u2019\u2018]\d\d))"
APOSTROPHE = "['\u2019\u2018]"
OPENING = "[\"'(\\[\u201c\u2018\u00ab]"
CLOSING = "[\"')\\]\u201d\u2019\u00bb]"
DASH = "[-\u2010\u2011\u2013]"
JOINT = f"(?:{SP}|{DASH})"
THE = f"(?:the{SP})?"
END = r"(?!\w)"


def one_of(choices: Iterable[str]) -> str:
    """An alternation of words, longest first; a blank in a word matches any gap.

    >>> one_of(["sep", "sept"])
    '(?:sept|sep)'
    """
    ordered = sorted(choices, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", SP).replace("'", APOSTROPHE) for word in ordered) + ")"


# "January", "Jan.", "Jan"
MONTH = rf"(?:{one_of(words.MONTHS)}|{one_of(words.MONTH_ABBREVIATIONS)}\b\.?)"
# "Saturday", "Sat.", "Sat"
WEEKDAY_NAME = one_of(words.WEEKDAYS)
WEEKDAY = rf"(?:{WEEKDAY_NAME}|{one_of(words.WEEKDAY_ABBREVIATIONS)}\b\.?)"
SEASON = one_of(words.SEASONS)
PART = one_of(words.PARTS)
HOLIDAY = one_of([*words.FIXED_HOLIDAYS, *words.EASTER_HOLIDAYS, *words.FLOATING_HOLIDAYS])

# "third", "twenty-first"
ORDINAL = rf"(?:{one_of(words.TENS)}{JOINT})?{one_of(words.ORDINALS)}"
# "7", "07", "7th", the beginning of "7,2019"; not that of "7.5", "7,000", "7:30", "7%"
DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w%]|[.:]\d|,(?!(?:19|20)\d\d(?!\d))\d)"
# "2019"; not the beginning of "2019.5", "2,019", "2019%"
YEAR = r"\d{4}(?![\w%]|[.,]\d)"
# the same, or "'98"
YEAR_TAIL = rf"(?:{YEAR}|{APOSTROPHE}\d\d{END})"

# "three", "twenty-five", "two hundred and ten", "3", "1,500", "2.5"
NUMBER_WORD = one_of([*words.NUMBERS, *words.MULTIPLES])
COUNT = (
    rf"(?:{NUMBER_WORD}(?:{JOINT}(?:and{SP})?{NUMBER_WORD}){{0,5}}"
    rf"|\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,7}}(?:\.\d{{1,3}})?(?:{SP}[mb]illion)?)"
)
# the same, also "2 1/2", "two and a half", "a couple of", "half an", "a"
NUMBER = (
    rf"(?:{COUNT}(?:{SP}[13]/[24]|½|{JOINT}and{JOINT}a{JOINT}half)?"
    rf"|an?{SP}(?:couple(?:{SP}of)?|dozen|hundred)|half{JOINT}an?|half|an?)"
)
VAGUE = one_of(words.VAGUE_NUMBERS)
UNIT = one_of(words.UNITS)
UNITS = f"(?:{one_of(unit + 's' for unit in words.UNITS)}|{one_of(words.IRREGULAR_PLURALS)})"
# "last", "the following": which of several periods
WHICH = one_of([*words.WHICH_FROM_NOW, *words.WHICH_FROM_THEN])

HOUR = rf"(?:[01]?\d|2[0-4]|{one_of(word for word, number in words.NUMBERS.items() if 1 <= number <= 12)})"
MERIDIEM = rf"(?:[ap]\.m\.|[ap]m{END})"
ZONE_NAME = rf"{SP}?(?P<zone>{one_of(words.ZONES)})(?P<east>[+-]\d\d?(?::?\d\d)?)?{END}"
ZONE = rf"(?:{ZONE_NAME}|{SP}?(?P<offset>[+-](?:0\d|1[0-4]):?[0-5]\d){END})"
# Before a number that begins a piece: it must not be the rest of a longer number, a sum or a code.
ALONE = r"(?<![\d.,:$£€/-])"


class Rule(NamedTuple):
    """A kind of piece, and a pattern that finds it; its named groups are what times/pieces.py reads."""

    kind: str
    pattern: str


# --- Words that are no time -----------------------------------------------------------------------------------------------
NOTHING = (
    # "USA Today", "Black Friday"
    Rule("nothing", one_of(words.NAMES_WITHOUT_TIME) + END),
    # "a 13-year-old", "6-year-olds"
    Rule("nothing", rf"(?: {COUNT} | an? ) {JOINT} (?:year|month|week|day)s? {JOINT} olds? {END}"),
)

# --- Dates ----------------------------------------------------------------------------------------------------------------
DATES = (
    # "2019-06-29", "2019-06-29T14:30Z", "2019/06/29"; not "1-2019-06-29", "2019-06-29-1"
    Rule(
        "iso",
        rf"(?<![\w/.-]) (?P<year>\d{{4}}) (?P<sep>[-/.]) (?P<month>0[1-9]|1[0-2]) (?P=sep) (?P<day>0[1-9]|[12]\d|3[01])"
        rf"(?: [t ] (?P<hour>[01]\d|2[0-4]) : (?P<minute>[0-5]\d) (?: :[0-5]\d (?:\.\d{{1,9}})? )? (?P<utc>z)? {ZONE}? )?"
        rf"(?![\w/]|-\d)",
    ),
    # "03/04/2023", "3.4.2023", "29-06-2019", "7/8/07"; not the fraction "1/2", "24/7", the version "1.2.10"
    Rule(
        "numeric",
        r"(?<![\w/.:-]) (?P<first>\d{1,2}) (?P<sep>[-/.]) (?P<second>\d{1,2}) (?P=sep)"
        r"(?P<year>\d{4}|(?<=/)\d{2}) (?![\w/]|[-.]\d)",
    ),
    # "9/11", "the Sept. 11 attacks" (the plural: the day in 2001)
    Rule(
        "september11",
        rf"9/11 (?![\w/]) | sept(?:ember|\.)? {SP} 11 (?=(?:,{SP}2001)? {BLANK_OR_COMMA}(?:terror(?:ist)?{SP})?attacks\b)",
    ),
    # "12-14 May 2019", "12 to 14 May", "between 12 and 14 May" (without "between")
    Rule(
        "day_range",
        rf"{ALONE} {THE} (?P<day>{DAY_NUMBER}) (?: {SP}?{DASH}{SP}? | {SP}(?:to|and|until|till|through){SP} ) {THE}"
        rf"(?P<last>{DAY_NUMBER}) {SP} (?:of{SP})? (?P<month>{MONTH}) (?: {BEFORE_YEAR} (?P<year>{YEAR_TAIL}) )?",
    ),
    # "May 12-14, 2019", "May 12 to 14"; not "May 12 to 14 June"
    Rule(
        "day_range",
        rf"(?P<month>{MONTH}) {SP} (?P<day>{DAY_NUMBER}) (?: {SP}?{DASH}{SP}? | {SP}(?:to|through){SP} )"
        rf"(?P<last>{DAY_NUMBER}) (?!{SP}{MONTH}) (?: {BEFORE_YEAR} (?P<year>{YEAR}) )?",
    ),
    # "29 June 2019", "the 29th of June", "29-Jun-2019", "the first of May"
    Rule(
        "day",
        rf"(?<![\d.,:$£€/]) (?<!\d-) (?: the{SP}(?! \d\d?{SP}) )?"
        rf"(?: (?P<day>{DAY_NUMBER}) | (?P<ordinal>{ORDINAL}) (?={SP}of) ) (?: {SP}of{SP} | {SP} | - )"
        rf"(?P<month>{MONTH}) {END} (?: (?:{BEFORE_YEAR}|-) (?P<year>{YEAR_TAIL}) )?",
    ),
    # "June 29th, 2019", "Nov. 15", "Sept 11, '01"
    Rule("day", rf"(?P<month>{MONTH}) {JOINT} {THE} (?P<day>{DAY_NUMBER}) (?: (?:{BEFORE_YEAR}|-) (?P<year>{YEAR_TAIL}) )?"),
    # "on the 15th", "the 15th" where "of last month" follows; not "the 15th floor"
    Rule(
        "day_of_month",
        rf"the {SP} (?P<day>{DAY_NUMBER}) (?<=[a-z]) (?= {SP}of{SP}(?:the|{WHICH}){SP}month | [.,;)] | $ )",
    ),
    # "Friday 13th", "Friday the 13th"
    Rule("day_of_month", rf"(?P<weekday>{WEEKDAY}) {SP} {THE} (?P<day>{DAY_NUMBER}) (?<=[a-z])"),
    # "January 1998", "Jan. '98", "May of 2012", "March, 2003", "January nineteen ninety-seven"
    Rule("month", rf"(?P<month>{MONTH}) (?: {SP}of{SP} | {BEFORE_YEAR} | - ) (?P<year>{YEAR_TAIL})"),
    Rule("month", rf"(?P<month>{MONTH}) (?:{SP}of)? {SP} (?P<year_words>(?:nineteen|twenty){JOINT}{COUNT})"),
    # "September", "last September", "next May"
    Rule("month", rf"(?: {THE} (?P<which>{WHICH}) {SP} )? (?P<month>{MONTH}) {END}"),
    # "2018-19", "2018/19": two years, such as a season or a financial year
    Rule("year_range", r"(?<![\w$£€.,:/-]) (?P<year>(?:1\d|20)\d\d) [-\u2013/] (?P<last>\d\d) (?![\w%/-]|[.,]\d)"),
    # "fiscal 2019", "the year 2019", "FY2019"
    Rule(
        "year",
        rf"{THE} (?P<named> (?:fiscal|financial|calendar){SP}(?:year{SP})? | year{SP} | fy{SP}? )"
        rf"(?P<year>\d{{4}}) (?!\w|[.,]\d)",
    ),
    # "2019", "mid-2019", "1901-1968"; not "$2019", "2,019", "#2019", "A-2019"
    Rule(
        "year",
        rf"(?: (?<![\w$£€¥%:/#-]) | (?<=\d\d\d\d-) | (?<=mid-) | (?<=late-) | (?<=early-) ) (?<!\d[.,]) (?P<year>{YEAR})",
    ),
    # "post-1959", "pre-2010"
    Rule("year", rf"(?P<named>pre|post){DASH}(?P<year>{YEAR})"),
    # "nineteen ninety-six", "the year two thousand", "twenty twelve"
    Rule(
        "year",
        rf"(?:the{SP}year{SP})? (?P<year_words> nineteen{JOINT}{COUNT} | two{SP}thousand(?:{SP}(?:and{SP})?{NUMBER_WORD})?"
        rf"| twenty{JOINT}(?:ten|eleven|twelve|\w{{3,5}}teen) ) (?!{JOINT}(?:{NUMBER_WORD}|{UNITS}|{UNIT}|\w{{3,12}}s\b))",
    ),
    # "the 1990s", "the '90s", "the nineties"; not "in her 40s", "in his eighties"
    Rule(
        "decade",
        rf"{THE} (?: (?P<year>[12]\d\d0){APOSTROPHE}?s | (?<!\w){APOSTROPHE}(?P<short>[1-9]0){APOSTROPHE}?s"
        rf"| (?<=the\s)(?P<word>{one_of(words.DECADES)}) ) {END}",
    ),
    # "the 20th century", "nineteenth-century"
    Rule("century", rf"{THE} (?: (?P<figure>\d{{1,2}})(?:st|nd|rd|th) | (?P<ordinal>{ORDINAL}) ) {JOINT} century {END}"),
    # "last fall", "spring 2019", "the winter of 1978", "summer"; whether "fall" is the season its neighbours say
    Rule("season", rf"{THE} (?P<season>{SEASON}) (?:{SP}of)? {SP} (?P<year>{YEAR}) {END}"),
    Rule("season", rf"(?: {THE} (?P<which>{WHICH}) {SP} )? (?P<season>{SEASON}) {END}"),
    # "the first Monday", "the last week", where "of May" or "of next year" follows
    Rule(
        "nth",
        rf"{THE} (?P<ordinal>first|second|third|fourth|fifth|last|final) {SP}"
        rf"(?: (?P<weekday>{WEEKDAY_NAME}) | (?P<unit>day|week|weekend|month) )"
        rf"(?= {SP}(?:of|in){SP} (?:the{SP}|{WHICH}{SP})? (?:month|year|{MONTH}|\d{{4}}) {END} )",
    ),
    # "Saturday", "last Friday", "Sat."
    Rule("weekday", rf"(?: {THE} (?P<which>{WHICH}) {SP} )? (?P<weekday>{WEEKDAY}) {END}"),
    # "Christmas Day", "Easter Monday 2015", "last Thanksgiving"
    Rule("holiday", rf"(?: (?P<which>{WHICH}) {SP} )? (?P<holiday>{HOLIDAY}) (?: {BEFORE_YEAR} (?P<year>{YEAR}) )? {END}"),
)

# --- Quarters and the results told for them -------------------------------------------------------------------------------
QUARTERS = (
    # "the third quarter", "third-quarter", "its fiscal first quarter"; not "a quarter of", "quarter-final"
    Rule(
        "quarter",
        rf"(?: the{SP}(?!\w{{5,6}}-q) )? (?:(?P<fiscal>fiscal){JOINT})?"
        rf"(?: (?P<ordinal>first|second|third|fourth|final|last|latest) | (?P<figure>[1-4])(?:st|nd|rd|th) )"
        rf"(?:{SP}(?P<fiscal2>fiscal))? {JOINT} quarter (?! {DASH}?(?:final|back) | {SP}of{SP}an?{SP} | \w )",
    ),
    # "Q3", "Q3 2019", "Q1 of 2020"
    Rule("quarter", rf"q(?P<figure>[1-4]) (?: (?: (?:{SP}of)?{SP} | / | - ) (?P<year>{YEAR}) )? {END}"),
    # "the 1988 quarter", "the 1988 third quarter"
    Rule(
        "quarter",
        rf"the {SP} (?P<year>\d{{4}}) (?:{SP}(?P<ordinal>first|second|third|fourth))? {JOINT} (?:quarter|period) {END}",
    ),
    # "the first half", "H1 2019"; of what must follow
    Rule(
        "half",
        rf"{THE} (?P<ordinal>first|second|last|latter) {JOINT} half {END} | h(?P<figure>[12]) (?={SP}(?:of{SP})?\d{{4}})",
    ),
    # "the quarter", "the latest quarter", "the most recent period"; not "the quarter of a"
    Rule(
        "this_quarter",
        rf"the {SP} (?: (?:just{DASH}ended{SP})?quarter | (?:latest|most{SP}recent){SP}(?:quarter|period) )"
        rf"(?! \w | {DASH} | {SP}of{SP}an?{SP} )",
    ),
    # "the year-ago quarter", "the comparable year-earlier period", "year-ago"
    Rule(
        "year_before",
        rf"{THE} (?: (?:same|comparable|corresponding|like|equivalent){SP} )?"
        rf"(?: year{DASH}(?:ago|earlier) | (?:prior|previous){DASH}year )"
        rf"{SP} (?:(?P<ordinal>first|second|third|fourth){SP})? (?:fiscal{SP})? (?:quarter|period|month) {END}",
    ),
    Rule("year_before", rf"year{DASH}(?:ago|earlier) {END}"),
    # "the same period last year", "the corresponding quarter of the previous year"
    Rule(
        "year_before",
        rf"{THE} (?:same|comparable|corresponding|equivalent|like) {SP} (?:(?P<ordinal>first|second|third|fourth){SP})?"
        rf"(?:quarter|period|time|point) {SP} (?:(?:of|in){SP})?"
        rf"(?: last{SP}year | a{SP}year{SP}(?:ago|earlier|before) | the{SP}(?:previous|prior|preceding){SP}year ) {END}",
    ),
)

# --- Counted from a day ---------------------------------------------------------------------------------------------------
RELATIVE = (
    # "today", "the day before yesterday"
    Rule("near_day", rf"(?P<near>today|yesterday|tomorrow) {END}"),
    Rule("near_day", rf"the {SP} day {SP} (?: before{SP}(?P<before>yesterday) | after{SP}tomorrow ) {END}"),
    # "tonight", "last night", "this morning", "the next evening"
    Rule("near_part", rf"tonight {END}"),
    Rule("near_part", rf"(?P<which>last|this|that) {SP} (?P<part>{PART}) {END}"),
    Rule("near_part", rf"{THE} (?P<which2>next|following|previous|same) {SP} (?P<part>{PART}) {END}"),
    # "the day before", "the year before", where nothing follows that it is counted from
    Rule(
        "told",
        rf"{THE} (?P<unit>day|night|week|month|year) {SP} (?P<way>before|after|previous|previously|prior)"
        rf"(?= {SP}?(?:[.,;:]|{CLOSING}) | {SP}?$ | {SP}(?:and|that|when|with|by|to|in|at){SP} )",
    ),
    # "the week before last", "the year after next"
    Rule("told", rf"the {SP} (?P<unit>night|week|weekend|month|year) {SP} (?P<twice>before{SP}last|after{SP}next) {END}"),
    # "the day before" where a day follows
    Rule("beside", rf"{THE} day {SP} (?P<way>before|after) {END}"),
    # "the week of", where a day follows
    Rule("week_of", rf"the {SP} week {SP} of {END}"),
    # "last week", "the following month", "this year", "the current financial year", "the coming weekend"
    Rule(
        "relative",
        rf"{THE} (?P<which>{WHICH}) {SP}"
        rf"(?: (?: (?P<fiscal>fiscal|financial|school|academic) | calendar|full|entire|whole ) {SP} )? (?P<unit>{UNIT}) {END}",
    ),
    # "the year", "the entire year", "the week", "the weekend", "the fiscal year"; not "the year of", "the year ended"
    Rule(
        "relative",
        rf"the {SP} (?:(?:entire|whole|full){SP})? (?:(?P<fiscal>fiscal|financial){SP})? (?P<unit>year|month|week|weekend)"
        rf"(?! [\w-] | {SP}(?:of|before|after|(?:that{SP})?end(?:ed|ing)){SP} )",
    ),
    # "year-end", "the year's end"
    Rule("relative", rf"{THE} (?P<unit>year|month|week) (?: {APOSTROPHE}s{SP} | {JOINT} ) end {END}"),
    # "two weeks ago", "a year earlier", "three days before", "ten years from now", "a year and a half ago"
    Rule(
        "ago",
        rf"{ALONE} (?: (?P<number>{NUMBER}) | (?P<vague>{VAGUE}) ) {JOINT} (?:or{SP}(?:so|more){SP})? (?P<unit>{UNITS}|{UNIT})"
        rf"(?:{SP}and{SP}a{SP}(?P<half>half))?"
        rf"(?: {SP}(?P<way>ago|earlier|back|from{SP}now|hence|before(?={SP}?(?:[.,;:]|{CLOSING})))"
        rf"| {DASH}(?P<way2>ago) ) {END}",
    ),
    # "weeks ago"
    Rule("ago", rf"(?P<unit>{UNITS}) {SP} (?P<way>ago|earlier) {END}"),
)

# --- Lengths and repetitions ----------------------------------------------------------------------------------------------
LENGTHS = (
    # "the past two years", "the next few weeks", "the first nine months", "each of the last three years"
    Rule(
        "duration",
        rf"(?:each{SP}of{SP})? {THE} (?P<which>{WHICH}|first|final|latest|remaining|opening|most{SP}recent) {SP}"
        rf"(?: (?P<number>{COUNT}) | (?P<vague>{VAGUE}|couple{SP}of) ) {JOINT} (?P<unit>{UNITS}|{UNIT}) {END}",
    ),
    # "recent years", "the coming months", "past years"
    Rule(
        "recent",
        rf"(?P<the>the{SP})? (?P<recent>(?:more{SP}|most{SP})?recent|past|coming|last|next) {SP} (?P<unit>{UNITS})"
        rf"(?:{SP}and{SP}{UNITS})? {END}",
    ),
    # "the nine months"
    Rule("duration", rf"the {SP} (?P<number>{COUNT}) {SP} (?P<unit>{UNITS}) {END}"),
    # "the year ended March 31"
    Rule("duration", rf"the {SP} (?:(?:fiscal|financial){SP})? (?P<unit>year) (?={SP}(?:that{SP})?end(?:ed|ing|s){SP})"),
    # "the weeks ahead"
    Rule("duration", rf"the {SP} (?P<unit>{UNITS}) {SP} (?:ahead|to{SP}come) {END}"),
    # "two weeks", "a three-day", "20 more years", "two to three weeks", "2 1/2 years", "a year and a half"; not "$5 a day"
    Rule(
        "duration",
        rf"(?<![\d$£€.,/]) (?: (?!(?:19|20)\d\d{JOINT}quarter) (?P<number>{NUMBER}) | (?P<vague>{VAGUE}) )"
        rf"(?: {SP}?(?:to|or|{DASH}){SP}? {COUNT} )? {JOINT}"
        rf"(?: (?:or{SP}(?:so|more)|{one_of(words.BEFORE_A_UNIT)}) {SP} )? (?P<unit>{UNITS}|{UNIT})"
        rf"(?:{SP}and{SP}an?{SP}(?P<half>half))?"
        rf"(?! \w | {APOSTROPHE}s{SP}end | {DASH}(?:ago|earlier|end|by) | {JOINT}old{END} )",
    ),
    # "weeks", "decades-long"
    Rule("duration", rf"(?P<unit>{UNITS}) (?:{DASH}long)? {END}"),
    Rule("while", rf"a{SP}(?:(?:long|short|little){SP})?while {END}"),
    Rule("some_time", rf"(?: some | a{SP}(?:long|short) ) {SP} time {END}"),
    # "every day", "each Thursday", "every other week", "every summer", "every three months"
    Rule(
        "set",
        rf"(?:every|each) (?:{SP}(?P<other>other|second))? {SP}"
        rf"(?: (?P<weekday>{WEEKDAY_NAME}) | (?P<unit>{UNIT}) | (?P<season>{SEASON}) | (?P<part>{PART}) ) {END}",
    ),
    Rule("set", rf"(?:every|each) {SP} (?P<number>{COUNT}|few) {SP} (?P<unit>{UNITS}) {END}"),
    # "Mondays", "Tuesday nights", "weekends"
    Rule("set", rf"(?P<weekday>{WEEKDAY_NAME}) (?: s | {SP}(?P<part>{PART})s ) {END}"),
    Rule("set", rf"(?: (?P<weekend>weekend) | (?P<working>weekday) | (?P<part>night|evening|morning) ) s {END}"),
    # "twice a week", "per year"
    Rule("set", rf"(?:once|twice|{COUNT}{SP}times) {SP} (?:an?|per|each|every) {SP} (?P<unit>{UNIT}) {END}"),
    Rule("set", rf"per {SP} (?!second|minute) (?P<unit>{UNIT}) {END}"),
    # "an annual profit"; not "the annual meeting"
    Rule("set", rf"(?P<yearly>annual) (?={SP}(?:\w{{3,10}}{SP})?{one_of(words.COUNTED_BY_THE_YEAR)}{END})"),
    # "daily", "annually"
    Rule("set", rf"(?P<frequency>{one_of(words.FREQUENCIES)}) {END}"),
)

# --- Times of day ---------------------------------------------------------------------------------------------------------
TIMES = (
    # "5 p.m. EST", "10.35am"
    Rule("clock", rf"{ALONE} (?P<hour>{HOUR}) (?: [:.] (?P<minute>[0-5]\d) )? {SP}? (?P<meridiem>{MERIDIEM}) {ZONE}?"),
    # "16:15 UTC", "16.15 local time", "16:15"; a bare one counts only after "at", "by", "until" and the like
    Rule(
        "clock", rf"{ALONE} (?P<hour>[01]?\d|2[0-4]) [:.] (?P<minute>[0-5]\d) (?: :[0-5]\d )? (?: {SP}?(?:hrs|hours) )? {ZONE}"
    ),
    Rule("clock", rf"{ALONE} (?P<hour>[01]?\d|2[0-4]) : (?P<minute>[0-5]\d) (?! [\d:] | [.,]\d )"),
    # "1430 GMT", "1430 hours"
    Rule("clock", rf"{ALONE} (?P<hour>[01]\d|2[0-4]) (?P<minute>[0-5]\d) (?: {ZONE_NAME} | {SP}?(?P<sure>hrs|hours) {END} )"),
    # "three o'clock", "noon", "midnight GMT"
    Rule("clock", rf"(?P<hour>{HOUR}) {SP} (?P<sure>o{APOSTROPHE}clock) {END}"),
    Rule("clock", rf"(?P<word>{one_of(words.CLOCK_WORDS)}) {ZONE}? {END}"),
    # "morning", "the evening", "mid-afternoon", "overnight"
    Rule("part", rf"(?: (?:the|early|late|mid) {JOINT} ){{0,2}} (?P<part>{PART}) {END}"),
)

# --- Vague references, and words that only count with their neighbours ------------------------------------------------------
REFERENCES = (
    Rule("present", one_of(words.PRESENT_WORDS) + END),
    Rule("current", f"current {END}"),
    Rule("past", one_of(words.PAST_WORDS) + END),
    Rule("past", f"recent {END}"),
    # "by that time"
    Rule("then", rf"that {SP} time {END}"),
    Rule("future", one_of(words.FUTURE_WORDS) + END),
    # "the end of", "early", "mid-", "later"
    Rule(
        "edge", rf"{THE} (?:very{SP})? (?:end|beginning|start|middle|close|turn|(?:early|latter|later){SP}part) {SP} of {END}"
    ),
    Rule("edge", rf"{THE} (?:earlier|later|early|late|mid|sometime) {END}"),
    # "nearly", "at least"
    Rule("about", f"(?P<about>{one_of(words.APPROXIMATIONS)}) {END}"),
)

RULES = (*NOTHING, *DATES, *QUARTERS, *RELATIVE, *LENGTHS, *TIMES, *REFERENCES)


@cache
def anywhere() -> re.Pattern[str]:
    """One pattern that finds where any rule matches, without names of groups."""
    plain = []
    for number, rule in enumerate(RULES):
        # Only the separator of figures is referred back to; its name must be another in each rule.
        pattern = rule.pattern.replace("(?P<sep>", f"(?P<sep{number}>").replace("(?P=sep)", f"(?P=sep{number})")
        plain.append(re.sub(r"\(\?P<(?!sep)\w+>", "(?:", pattern))
    return re.compile(r"(?<!\w)(?:" + "|".join(plain) + ")", re.VERBOSE)


@cache
def compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each rule's kind and its compiled pattern."""
    return tuple((rule.kind, re.compile(r"(?<!\w)(?:" + rule.pattern + ")", re.VERBOSE)) for rule in RULES)
