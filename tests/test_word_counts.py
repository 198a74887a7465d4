"""How often words were marked in what was learned from."""

from analysis.tagging.word_counts import FLOOR, WordCounts, count_words, stems

MEETING, CHARGE, ANSWER, ATTACK = range(4)
LEARNED = [("Oslo accused Riga. They met again, but Oslo met no need.", [("accused", CHARGE), ("met", MEETING)])] * 5
COUNTED = WordCounts(count_words([*LEARNED, *[("Riga met Oslo with contempt.", [("met", ANSWER)])] * 2]))


def test_the_more_often_a_word_was_marked_the_likelier_it_is() -> None:
    assert COUNTED.of_any("accuses") > COUNTED.of_any("met") > COUNTED.of_any("contempt")
    assert COUNTED.of_any("had accused of") == COUNTED.of_any("accused")


def test_of_several_words_the_likeliest_counts() -> None:
    assert COUNTED.of_any("met and accused") == COUNTED.of_any("accused")
    assert COUNTED.of_kind("met and accused", MEETING) == COUNTED.of_kind("met", MEETING)


def test_a_word_is_likelier_to_be_of_the_kind_that_it_was_marked_as() -> None:
    unseen = COUNTED.of_kind("contempt", MEETING)
    assert COUNTED.of_kind("met", MEETING) > COUNTED.of_kind("met", ANSWER) > unseen > COUNTED.of_kind("met", ATTACK)


def test_nothing_is_less_likely_than_the_least() -> None:
    assert COUNTED.of_any("") == COUNTED.of_kind("", MEETING) == FLOOR
    often = WordCounts(count_words([("so " * 900, [("so", MEETING)] * 2)]))
    assert often.of_any("so") == FLOOR


def test_what_was_marked_once_is_not_kept() -> None:
    assert count_words([("Oslo met Riga.", [("met", MEETING)])]) == {}


def test_a_colon_is_a_word_and_a_function_word_stands_for_itself_only_where_it_is_alone() -> None:
    assert stems(":") == [":"]
    assert stems("was") == ["was"]
    assert stems("was met") == ["met"]
