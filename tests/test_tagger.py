"""The tagger: windows, decoding, and the checks of its file."""

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from analysis.tagger import (
    MAX_PIECES,
    MODEL,
    ModelError,
    Tagger,
    find_names,
    load_tagger,
    make_windows,
    piece_kinds,
)
from analysis.tagging.attributions import FEATURES, LEAST, Attribution, certainty_features, find_cues, parents, trusted
from analysis.tagging.decoding import best_paths, log_softmax

TEXT = (
    "Harbour closed\n\nThe mayor of Varde, Ida Holm, said on Monday that the harbour had to be closed. “It is old,” she added."
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("tagger.onnx", "tagger.sha256", "tokenizer.json"):
        shutil.copy(MODEL.parent / name, tmp_path / name)
    return tmp_path / "tagger.onnx"


# ------------------------------------------------------------------ windows


@pytest.mark.parametrize(
    "text", ["One. " * 2000, "word " * 2000, "x" * 5000, "A line.\n" * 700, "“Ünïcödé” — it’s 50 % «more».\n" * 90]
)
def test_windows_cover_every_word_once_and_keep_to_the_limit(tagger: Tagger, text: str) -> None:
    windows = make_windows(text, [(0, len(text))], tagger.tokenizer)
    assert all(len(window.ids) <= MAX_PIECES for window in windows)
    pieces = [(a, b) for w in windows for a, b in zip(w.starts.tolist(), w.ends.tolist(), strict=True) if a < b]
    assert pieces == sorted(pieces)
    assert all(first[1] <= second[0] for first, second in pairwise(pieces))
    covered = {place for a, b in pieces for place in range(a, b)}
    assert {place for place, char in enumerate(text) if not char.isspace()} <= covered


def test_only_the_parts_that_are_asked_for_are_read(tagger: Tagger) -> None:
    text = "Title here\nBy Somebody\nThe body of it."
    windows = make_windows(text, [(0, 10), (23, len(text))], tagger.tokenizer)
    assert not any(11 <= start < 22 for window in windows for start in window.starts[window.ends > window.starts])


def test_no_text_no_windows(tagger: Tagger) -> None:
    assert make_windows(" \n\n ", [(0, 4)], tagger.tokenizer) == []
    assert tagger.tag("", [(0, 0)]) == ([], [], [])


def test_piece_kinds_tell_capitals_and_quotations() -> None:
    text = 'Oslo says "NO way" now'
    assert piece_kinds(text, [(10, 18)], np.array([0, 5, 11, 14, 19])).tolist() == [1, 0, 5, 3, 0]


# ------------------------------------------------------------------ decoding


def test_paths_are_allowed_and_no_allowed_path_is_likelier() -> None:
    scores = log_softmax(np.random.default_rng(3).normal(size=(40, 4, 5)).astype(np.float32) * 3)

    def allowed(path: tuple[int, ...]) -> bool:
        before = (0, *path)
        return all(
            not (tag == 2 and b not in (1, 2)) and not (tag == 4 and b not in (3, 4))
            for b, tag in zip(before, path, strict=False)
        )

    every = [path for path in np.ndindex(5, 5, 5, 5) if allowed(path)]
    for path, score in zip(best_paths(scores).tolist(), scores, strict=True):
        total = sum(score[place, tag] for place, tag in enumerate(path))
        assert allowed(tuple(path))
        assert total == pytest.approx(
            max(sum(score[place, tag] for place, tag in enumerate(other)) for other in every), abs=1e-4
        )


def test_a_name_is_never_part_of_a_word() -> None:
    text = "Mr Koroma left"
    starts, ends = np.array([0, 3, 5, 10]), np.array([2, 5, 9, 14])
    logits = np.zeros((4, 9))
    logits[2, 2] = 5  # only the second piece of the word
    assert [text[name.start : name.end] for name in find_names(logits, starts, ends, text)] == ["Koroma"]


@pytest.mark.parametrize(
    ("text", "pieces", "tagged", "names"),
    [
        ("met in N'Djamena", [(7, 8), (8, 9), (9, 16)], [0, 2], ["N'Djamena"]),
        ("of Côte d’Ivoire", [(3, 7), (8, 9), (9, 10), (10, 16)], [0, 3], ["Côte", "d’Ivoire"]),
        ("Port-au-Prince", [(0, 4), (4, 5), (5, 7), (7, 8), (8, 14)], [1, 2, 3, 4], ["Port-au-Prince"]),
        ("Faya-Nord", [(0, 4), (4, 5), (5, 9)], [0, 2], ["Faya", "Nord"]),
        ("U.S.-Greek", [(0, 4), (4, 5), (5, 10)], [1, 2], ["Greek"]),
        ("ROE'S BAN", [(0, 3), (3, 4), (4, 5), (6, 9)], [0], ["ROE"]),
    ],
)
def test_a_name_goes_over_a_hyphen_or_an_apostrophe(
    text: str, pieces: list[tuple[int, int]], tagged: list[int], names: list[str]
) -> None:
    logits = np.zeros((len(pieces), 9))
    logits[tagged, 5] = 5  # places
    starts, ends = np.array(pieces).T
    assert [text[name.start : name.end] for name in find_names(logits, starts, ends, text)] == names


def test_the_letters_of_a_designation_are_no_name() -> None:
    text = "KR-12s came to Ek-Nord"
    starts, ends = np.array([0, 2, 3, 7, 12, 15, 17, 18]), np.array([2, 3, 6, 11, 14, 17, 18, 22])
    logits = np.zeros((8, 9))
    logits[[0, 1, 5, 6], [5, 6, 5, 6]] = 5
    assert [text[name.start : name.end] for name in find_names(logits, starts, ends, text)] == ["Ek-Nord"]


@pytest.mark.parametrize(("between", "names"), [(" ", 1), (' "Bo" ', 1), (" “Bo” ", 1), (" “no” ", 2), (" and ", 2)])
def test_a_nickname_stands_within_a_name(between: str, names: int) -> None:
    text = f"Ana{between}Roe"
    starts, ends = np.array([0, len(text) - 3]), np.array([3, len(text)])
    logits = np.zeros((2, 9))
    logits[:, 1] = 5  # two persons, as far as the tagger sees
    assert len(find_names(logits, starts, ends, text)) == names


@pytest.mark.parametrize("dash", ["-", "–", "—", "--"])
def test_a_dash_that_stands_free_parts_two_names(dash: str) -> None:
    text = f"Roe {dash} Lund"
    starts, ends = np.array([0, 4, 5 + len(dash)]), np.array([3, 4 + len(dash), len(text)])
    logits = np.zeros((3, 9))
    logits[[0, 1, 2], [1, 2, 2]] = 5  # one person, as far as the tagger sees
    assert [text[name.start : name.end] for name in find_names(logits, starts, ends, text)] == ["Roe", "Lund"]


def test_parents_are_the_innermost_holders() -> None:
    outer = Attribution([(0, 4)], [(5, 9)], [(10, 60)])
    middle = Attribution([(12, 16)], [(17, 21)], [(22, 60)])
    inner = Attribution([(24, 28)], [(29, 33)], [(34, 60)])
    assert parents([outer, middle, inner]) == [None, 0, 1]


def test_a_cue_counts_before_it_is_likelier_than_not() -> None:
    starts, ends = np.array([0, 5, 10]), np.array([4, 9, 14])
    logits = np.log([[0.6, 0.4, 1e-9], [0.7, 0.3, 1e-9], [0.2, 0.8, 1e-9]])
    assert [found[:2] for found in find_cues(logits, starts, ends)] == [(0, 1), (2, 3)]
    assert [found[:2] for found in find_cues(logits, starts, ends, least=0.5)] == [(2, 3)]


def attribution(cue: int, said: tuple[int, int], confidence: float) -> Attribution:
    return Attribution([], [(cue, cue + 4)], [said], confidence=confidence)


def test_what_is_unlikely_is_left_out_and_what_stands_inside_it_must_be_likely_itself() -> None:
    outer, inner = attribution(0, (5, 90), LEAST), attribution(10, (15, 40), 0.1)
    unsure, sure = attribution(100, (105, 190), LEAST - 0.01), attribution(110, (115, 140), 0.9)
    assert trusted([outer, inner, unsure, sure]) == [outer, inner, sure]


def test_two_that_hold_each_other_are_judged_like_others() -> None:
    one = Attribution([], [(0, 4)], [(100, 110), (50, 60)], confidence=0.1)
    other = Attribution([], [(52, 56)], [(120, 130), (0, 10)], confidence=0.2)
    assert parents([one, other]) == [1, 0]
    assert trusted([one, other]) == []
    assert len(trusted([one, other._replace(confidence=0.9)])) == 2


def test_the_same_words_are_said_once() -> None:
    said = Attribution([(0, 3)], [(4, 8)], [(30, 60)], confidence=0.9)
    interview = said._replace(cue=[(12, 24)], confidence=0.6)
    assert trusted([interview, said]) == [said]
    assert trusted([interview, said._replace(content=[(30, 61)])]) == [interview, said._replace(content=[(30, 61)])]
    silent = [said._replace(content=[]), interview._replace(content=[])]
    assert trusted(silent) == silent  # nothing said is nothing said twice


# (source, cue, content) -> what the wording of the sentence adds: clause, pronoun, pieces, noun
WORDINGS = [
    ("a plain statement", "Ida Holm said that the port is old.", ("Ida Holm", "said", "that the port is old"), (1, 0, 0, 0)),
    ("a pronoun, and no clause", "He criticised the plan.", ("He", "criticised", "the plan"), (0, 1, 0, 0)),
    ("a quotation is as good as a clause", "“The plan,” he said.", ("he", "said", "“The plan,”"), (1, 1, 0, 0)),
    ("a noun", "He dropped his claim that the port is old.", ("his", "claim", "that the port is old"), (1, 0, 0, 1)),
]


@pytest.mark.parametrize(("text", "spans", "expected"), [w[1:] for w in WORDINGS], ids=[w[0] for w in WORDINGS])
def test_how_an_attribution_is_worded(tagger: Tagger, text: str, spans: tuple[str, ...], expected: tuple[int, ...]) -> None:
    source, cue, content = ([(text.index(words), text.index(words) + len(words))] for words in spans)
    features = certainty_features(Attribution(source, cue, content), text, tagger.cue_words)
    assert len(features) == FEATURES
    assert tuple(features[6:10]) == expected


def test_what_is_missing_in_pieces_or_far_away_is_told(tagger: Tagger) -> None:
    text = "“It is old,” Ida Holm, who runs it, said, “and weak.”"
    found = Attribution([(13, 21)], [(36, 40)], [(0, 12), (42, 54)], 0.9, 0.8, 0.7)
    whole = certainty_features(found, text, tagger.cue_words)
    assert whole[8] == 1
    assert whole[10] == pytest.approx(np.log1p(15))
    bare = certainty_features(found._replace(source=[], content=[]), text, tagger.cue_words)
    assert (bare[1:3], bare[4:6], bare[10]) == ([0.0, 0.0], [1.0, 1.0], 0.0)
    assert bare[3] == whole[3] == tagger.cue_words.of_any("said") > 0
    assert bare[0] == whole[0] > 0


# ------------------------------------------------------------------ the model


def test_it_finds_a_plain_and_a_quoted_statement(tagger: Tagger) -> None:
    found = tagger.tag(TEXT, [(0, len(TEXT))])
    cues = {TEXT[a:b]: attribution for attribution in found.attributions for a, b in attribution.cue}
    assert {"said", "added"} <= set(cues)
    assert [TEXT[a:b] for a, b in cues["added"].content] == ["“It is old,”"]
    assert [TEXT[a:b] for a, b in cues["added"].source] == ["she"]
    assert "Ida Holm" in [TEXT[name.start : name.end] for name in found.names]
    assert all(0 < attribution.confidence < 1 for attribution in found.attributions)


def test_the_same_text_gives_the_same_result_whatever_was_read_before(tagger: Tagger) -> None:
    first = tagger.tag(TEXT, [(0, len(TEXT))])
    tagger.tag("Something else entirely, he said.", [(0, 33)])
    assert tagger.tag(TEXT, [(0, len(TEXT))]) == first == load_tagger().tag(TEXT, [(0, len(TEXT))])


def test_a_missing_file_is_named_with_the_remedy(copy: Path) -> None:
    copy.unlink()
    with pytest.raises(ModelError, match=r"cannot be read: .*tagger\.onnx: No such file.*Get the file again"):
        load_tagger(copy)


@pytest.mark.parametrize("name", ["tagger.onnx", "tokenizer.json"])
def test_a_damaged_file_is_refused(copy: Path, name: str) -> None:
    path = copy.parent / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"is damaged: their SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}"):
        load_tagger(copy)
