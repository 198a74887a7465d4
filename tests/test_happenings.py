"""Which mentions are one happening: titled examples, and what holds whatever the mentions are."""

from __future__ import annotations

import random
import re
import time
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.actors import Who
from analysis.happenings import Happenings, article_day, event_keys, placed, read_reader
from analysis.manifest import project_root
from analysis.same.alike import contradict, same_party
from analysis.same.deeds import DeedError, read_deeds
from analysis.same.sectors import SectorError, read_sectors

DATA = project_root() / "data"
EXAMPLES = yaml.safe_load((Path(__file__).parent / "examples" / "happenings.yaml").read_text(encoding="utf-8"))
Row = dict[str, Any]


def row_of(mention: Row, number: int) -> Row:
    day = mention.get("day")
    first, last = day if isinstance(day, list) else (day, day)
    return {
        "event_id": f"{mention.get('in', number)}-e{number}",
        "article_id": str(mention.get("in", number)),
        "published": mention.get("published"),
        "start": number,
        "type": mention["type"],
        "status": mention.get("status", "occurred"),
        "trigger": mention["words"],
        "actors": mention["actors"],
        "recipients": mention.get("recipients", []),
        "countries": mention.get("countries", []),
        "place": mention.get("place"),
        "object": mention.get("about"),
        "date_start": first,
        "date_end": last,
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["title"] for example in EXAMPLES])
def test_examples(example: Row) -> None:
    mentions = example["mentions"]
    keys = event_keys([row_of(mention, number) for number, mention in enumerate(mentions)])
    for (one, key), (other, other_key) in combinations(zip(mentions, keys, strict=True), 2):
        if " or " not in one["is"] + other["is"]:
            assert (key == other_key) == (one["is"] == other["is"]), (one, other)
    assert all(key in keys[:number] for number, key in enumerate(keys) if " or " in mentions[number]["is"])


# ------------------------------------------------------------------ whatever the mentions are


TRIGGERS = {
    "AGREE": ["signed", "deal", "promised"],
    "CONSULT": ["met", "talks", "telephoned"],
    "SANCTION": ["expelled", "imposed sanctions", "jailed"],
    "COERCE": ["arrested", "jailed", "banned"],
    "ASSAULT": ["attacked", "shelled", "kidnapped"],
    "THREATEN": ["threatened", "warned"],
}
PEOPLE = [
    "Chad",
    "Niger",
    "Chad government",
    "Ada Obi",
    "Obi",
    "northern rebels",
    "southern rebels",
    "a Nigerien herder",
    "police",
]


def made_up(seed: int, size: int) -> list[Row]:
    """Rows that have much in common."""
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        kind = chance.choice(list(TRIGGERS))
        day = date(2020, 3, chance.randint(1, 4)) if chance.random() < 0.6 else None
        article = chance.randint(0, size // 3)
        actors = chance.sample(PEOPLE, chance.randint(1, 2))
        rows.append(
            {
                "event_id": f"{article}-e{number:04}",
                "article_id": str(article),
                "published": date(2020, 3, 1 + article % 9) if article % 4 else None,
                "start": number,
                "type": kind,
                "status": chance.choice(["occurred", "ongoing", "planned", "considered", "threatened", "refused"]),
                "trigger": chance.choice(TRIGGERS[kind]),
                "actors": actors,
                "recipients": [name for name in chance.sample(PEOPLE, chance.randint(0, 2)) if name not in actors],
                "countries": [],
                "place": chance.choice([None, None, "Zinder", "Lake Chad", "N'Djamena", "Chad"]),
                "object": chance.choice([None, None, "cattle", "first herd of cattle", "second herd of cattle", "S-9 radar"]),
                "date_start": day,
                "date_end": day,
            }
        )
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    rows = made_up(seed, 60)
    keys = {row["event_id"]: key for row, key in zip(rows, event_keys(rows), strict=True)}
    shuffled = random.Random(seed + 1).sample(rows, len(rows))
    assert {row["event_id"]: key for row, key in zip(shuffled, event_keys(shuffled), strict=True)} == keys
    assert len(set(keys.values())) < len(rows)


@pytest.mark.parametrize("seed", range(12))
def test_what_contradicts_never_shares_a_key(seed: int) -> None:
    rows = made_up(seed, 90)
    keys = event_keys(rows)
    reader = read_reader(DATA)
    read = [placed(reader.read(row, Who), article_day(row)) for row in rows]
    for (a, one), (b, other) in combinations(enumerate(read), 2):
        if keys[a] != keys[b]:
            continue
        within = rows[a]["article_id"] == rows[b]["article_id"]
        if within:
            one, other = reader.read(rows[a], Who), reader.read(rows[b], Who)
        dated = one.dated and other.dated
        if not within and not dated:  # an undated mention has the days of what its article tells elsewhere
            one, other = (told._replace(first=1, last=2) for told in (one, other))
        # What one article calls by two words may be called by either in another.
        assert not contradict(one, other, within=True), (rows[a], rows[b])


def test_two_dates_never_share_a_key() -> None:
    rows = [row for seed in range(6) for row in made_up(seed, 80)]
    for number, row in enumerate(rows):
        row["event_id"] += f"-{number}"
    days: dict[str, set[date]] = {}
    for row, key in zip(rows, event_keys(rows), strict=True):
        if row["date_start"]:
            days.setdefault(key, set()).add(row["date_start"])
    assert max(map(len, days.values())) == 1


def test_keys_stay_when_later_articles_come() -> None:
    rows = [
        row_of(
            {
                "type": "CONSULT",
                "words": "met",
                "actors": ["Laos", "Fiji"],
                "published": date(2020, 1, n),
                "day": date(2020, 1, 1),
            },
            n,
        )
        for n in (2, 3, 4)
    ]
    (key,) = set(event_keys(rows))
    assert set(event_keys(rows[:2])) == set(event_keys(rows[:1])) == {key}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "Pastor [Ola Berg] [resigned] from the mission in Orrio.",
            "[the pastor] [stepped down] as head of the Orrio mission.",
            True,
        ),
        ("Pastor [Ola Berg] [resigned].", "[the abbot] [stepped down].", False),
        ("[Mayor Ola Berg of Dassa] [resigned] over a bridge.", "[the mayor of Dassa] [quit] because of the bridge.", True),
        ("[Mayor Ola Berg of Dassa] [resigned] over a bridge.", "[the mayor of Lemba] [quit] because of a bridge.", False),
        ("Trade Minister [Ola Berg] [resigned] over a bridge.", "[the health minister] [quit] because of a bridge.", False),
    ],
)
def test_office_place_and_words_around_tell_who_is_meant(one: str, other: str, same: bool) -> None:
    happenings = Happenings(read_reader(DATA))
    for number, marked in enumerate((one, other)):
        start, (actor, trigger) = marked.index("["), re.findall(r"\[(.*?)\]", marked)
        text = re.sub(r"[\[\]]", "", marked)
        begin = 0 if actor[0].isupper() else start  # the tagger takes the title with the name
        row = row_of({"type": "RETREAT", "words": trigger, "actors": [re.sub("^Mayor | of Dassa$|^the ", "", actor)]}, number)
        row |= {"day": None, "date_start": date(2006, 3, 8), "date_end": date(2006, 3, 8)}
        row |= {"start": begin, "end": text.index(trigger) + len(trigger)}
        row |= {"actor_spans": [[[begin, start + len(actor)]]], "recipient_spans": []}
        happenings.add({"article_id": row["article_id"], "published": date(2006, 3, 9), "text": text}, [row])
    (first,), (second,) = happenings.keys().values()
    assert (first == second) == same


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("[Laos] and [Fiji] held [talks] on rice. The [meeting] of [Laos] and [Fiji] was brief.", True),
        ("[Laos] and [Fiji] held [talks] on rice. Further [talks] of [Laos] and [Fiji] are due.", False),
        ("[Laos] and [Fiji] [met]. [Laos] and [Fiji] [met] about other islands.", False),
        ("[Laos] and [Fiji] [met]. [Laos] and [Fiji] [met] in New York.", True),
        ("[Laos] and [Fiji] held [talks] on rice. The New York [talks] of [Laos] and [Fiji] were brief.", True),
        ("[Laos] and [Fiji] held [talks] on rice. The new [talks] of [Laos] and [Fiji] were brief.", True),
        ("[Laos] and [Fiji] held [talks] on rice. New [talks] of [Laos] and [Fiji] are due.", False),
        ("[Laos] and [Fiji] [met] about other islands. [Laos] and [Fiji] [met] about other islands.", True),
        ("[Laos] and [Fiji] held further [talks] on rice. The further [talks] of [Laos] and [Fiji] were brief.", True),
        ("[Laos] and [Fiji] [work together]. [Laos] and [Fiji] want a continuation of their [cooperation].", False),
        ("[Laos] and [Fiji] held [talks] on the sidelines of the Suva [summit], where [Laos] and [Fiji] were guests.", False),
    ],
)
def test_words_beside_an_act_tell_that_it_is_another_one(text: str, same: bool) -> None:
    plain = re.sub(r"[\[\]]", "", text)
    found = [(match.start(1) - 2 * number - 1, match[1]) for number, match in enumerate(re.finditer(r"\[(.*?)\]", text))]
    acts = [(place, words) for place, words in found if words[0].islower()]
    rows = []
    for number, (place, words) in enumerate(acts):
        kind = "COOPERATE" if "work" in words or "cooperation" in words else "CONSULT"
        row = row_of({"in": "one", "type": kind, "words": words, "actors": ["Laos", "Fiji"]}, number)
        span = [place, place + len(words)]
        rows.append(row | {"start": place, "end": span[1], "trigger_spans": [span], "actor_spans": [], "recipient_spans": []})
    assert [plain[slice(*row["trigger_spans"][0])] for row in rows] == [words for _, words in acts]
    happenings = Happenings(read_reader(DATA))
    happenings.add({"article_id": "one", "text": plain}, rows)
    ((first, second),) = happenings.keys().values()
    assert (first == second) == same


def test_no_rows() -> None:
    assert event_keys([]) == []


def test_odd_values_do_no_harm() -> None:
    odd = {"type": "ACCUSE", "words": "(", "actors": ["\ud800", "=1+1", "  ", "[a", "İ" * 300], "place": "()", "about": "the"}
    rows = [row_of({**odd, "published": date(1, 1, 1)}, 0), row_of({**odd, "published": date(9999, 12, 31)}, 1)]
    assert len(event_keys(rows)) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("AID,give,,,,", "a deed and a word are needed"),
        ("HELP,give,give,,,", "types of PLOVER"),
        ("AID,give,give,,visit,", "no mode of AID"),
    ],
)
def test_a_wrong_line_of_the_deeds_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "deeds.csv"
    path.write_text(f"type,deed,verbs,nouns,mode,note\n{line}\n", encoding="utf-8")
    with pytest.raises(DeedError, match=f"line 2: .*{message}"):
        read_deeds(path)


@pytest.mark.parametrize(
    ("line", "message"), [("COPS,officer,yes,", "sector 'COPS'"), ("COP,,yes,", "0 words"), ("COP,officer,maybe,", "'maybe'")]
)
def test_a_wrong_line_of_the_sectors_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "sectors.csv"
    path.write_text(f"sector,words,collective,note\n{line}\n", encoding="utf-8")
    with pytest.raises(SectorError, match=f"line 2: .*{message}"):
        read_sectors(path)


def test_the_words_of_a_type_tell_its_deeds() -> None:
    deeds = read_deeds(DATA / "deeds.csv")
    assert deeds.find("COOPERATE", "had bought").names == deeds.find("COOPERATE", "sale").names
    assert deeds.find("COERCE", "expelled").modes == ("deport",)
    assert deeds.find("SANCTION", "expelled").modes == ("expel",)
    assert deeds.find("CONSULT", "talks").noun
    assert not deeds.find("CONSULT", "expelled").own
    assert deeds.find("AID", "").names == frozenset()


def test_many_mentions_of_one_pair_are_quick() -> None:
    day = {"published": date(2020, 5, 1), "type": "ASSAULT", "words": "attacked", "recipients": ["Niger"]}
    rows = [row_of({**day, "in": "one", "actors": [f"band {number} of Kiri", "Chad"]}, number) for number in range(250)]
    begun = time.process_time()
    event_keys(rows)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("mention", "described", "points"),
    [
        ("Foreign Minister Ana Roe", "the foreign minister", 1),
        ("Foreign Minister Ana Roe", "foreign ministers of the bloc", 0),
        ("Secretary of State Ana Roe", "a state of the union", 0),
        ("Trade Minister Ana Roe", "the health minister", -1),
    ],
)
def test_an_office_tells_who_is_described_but_not_who_of_many(mention: str, described: str, points: int) -> None:
    reader = read_reader(DATA)
    named = reader.party("Ana Roe", *Who("Ana Roe", "person"), mention)
    assert same_party(named, reader.party(described, *Who(described), described)) == points
