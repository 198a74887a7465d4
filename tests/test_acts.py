"""The word list of cues and what cues mean, from the examples in examples/acts.yaml."""

from pathlib import Path

import pytest
import yaml

from analysis.acts import CueError, act_of, inflections, read_cues

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
EXAMPLES = yaml.safe_load((HERE / "examples" / "acts.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cues():
    return read_cues(DATA / "cues.csv")


def marked(example):
    marks = [pytest.mark.xfail(reason=example["fails"])] if "fails" in example else []
    return pytest.param(example, id=example["title"], marks=marks)


@pytest.mark.parametrize("example", [marked(example) for example in EXAMPLES])
def test_act_of(cues, example):
    options = {key: example[key] for key in ("quoted", "direct", "before", "lead", "after") if key in example}
    found = act_of(example["cue"], example["content"], cues, **options)
    assert (found.act, found.negated) == (example["expect"], example.get("negated", False))


@pytest.mark.parametrize(
    ("verb", "forms"),
    [("admit", "admits admitted admitting"), ("insist", "insists insisted insisting"), ("accuse", "accuses accused accusing")],
)
def test_inflections(verb, forms):
    assert inflections(verb)[1:] == forms.split()


@pytest.mark.parametrize(
    ("row", "wrong"), [("mumble,,mutter,,", "'mutter'"), (",,say,,", "cue ''"), ("mumble,,say,sigh,", "'sigh'")]
)
def test_wrong_line_is_refused_with_its_number(tmp_path, row, wrong):
    path = tmp_path / "cues.csv"
    path.write_text(f"cue,forms,act,otherwise,note\nsay,said,say,,\n{row}\n", encoding="utf-8")
    with pytest.raises(CueError, match=rf"cues\.csv, line 3: .*{wrong}"):
        read_cues(path)
