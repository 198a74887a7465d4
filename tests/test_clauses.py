"""Who does what in every clause, from parses written as word/tag/head/relation."""

import pytest

from training.clauses import Token, clauses_of


def parse(words: str) -> tuple[str, list[Token]]:
    """The text and the tokens of a sentence: word/tag/number of the head, from 1 on, 0 for none/relation."""
    text, tokens = "", []
    for cell in words.split():
        word, tag, head, relation = cell.split("/")
        tokens.append(Token(len(text), len(text) + len(word), tag, int(head) - 1, relation, word))
        text += word + " "
    return text, tokens


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Peru/NNP/3/nsubjpass was/VBD/3/auxpass sued/VBN/0/root by/IN/5/case Chile/NNP/3/nmod",
            [("sued", ["Chile"], ["Peru"])],
        ),
        (
            "the/DT/2/det man/NN/5/nsubj arrested/VBN/2/acl yesterday/NN/3/nmod:tmod fled/VBD/0/root",
            [("arrested", [], ["the man"]), ("fled", ["the man"], [])],
        ),
        (
            "Peru/NNP/2/nsubj urged/VBD/0/root Chile/NNP/2/dobj to/TO/5/mark pay/VB/2/xcomp",
            [("urged", ["Peru"], ["Chile"]), ("pay", ["Chile"], [])],
        ),
        (
            "Peru/NNP/2/nsubj agreed/VBD/0/root to/TO/4/mark pay/VB/2/xcomp",
            [("agreed", ["Peru"], []), ("pay", ["Peru"], [])],
        ),
        (
            "rebels/NNS/0/root who/WP/3/nsubj hit/VBD/1/acl:relcl Lima/NNP/3/dobj",
            [("hit", ["rebels"], ["Lima"])],
        ),
        (
            "Peru/NNP/4/nsubj and/CC/1/cc Chile/NNP/1/conj met/VBD/0/root envoys/NNS/4/dobj and/CC/4/cc left/VBD/4/conj",
            [("met", ["Peru", "Chile"], ["envoys"]), ("left", ["Peru", "Chile"], [])],
        ),
        (
            "Ek/NNP/6/nsubj ,/,/1/punct the/DT/4/det envoy/NN/1/appos ,/,/1/punct left/VBD/0/root",
            [("left", ["Ek"], [])],
        ),
        ("it/PRP/3/nsubj was/VBD/3/cop late/JJ/0/root", []),
    ],
    ids=["passive", "participle", "told to", "agreed to", "relative", "coordination", "apposition", "no deed"],
)
def test_clauses(words: str, expected: list[tuple[str, list[str], list[str]]]) -> None:
    text, tokens = parse(words)
    found = [{role: [text[a:b] for a, b in spans] for role, spans in clause.items()} for clause in clauses_of(tokens)]
    assert [(one["verb"][0], one["subject"], one["object"]) for one in found] == expected
