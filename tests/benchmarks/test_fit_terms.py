"""The program that fits the weights of term candidates finds what made-up judgements follow, and writes it down."""

import numpy as np
import pytest

from glossary.mining import termhood


@pytest.fixture(scope="module")
def program(load_program):
    return load_program("fit_terms")


def judged(program, name, seed, truth):
    chance = np.random.default_rng(seed)
    features = np.column_stack([np.ones(2000), chance.normal(size=(2000, len(truth) - 1))])
    nest = -chance.integers(0, 2, 2000).astype(float)
    kept = chance.random(2000) < 1 / (1 + np.exp(-(features @ truth + nest)))
    return program.Judged(name, features, nest, kept.astype(float), np.ones(2000))


def test_fitting_finds_the_weights_that_judgements_follow(program):
    truth = np.array([-0.5, 2.0, -1.0, 0.0])
    documents = [judged(program, str(seed), seed, truth) for seed in range(3)]
    fitted = program.fit(documents)
    assert fitted == pytest.approx(truth, abs=0.15)
    assert np.array_equal(fitted, program.fit(documents))
    held_out = judged(program, "other", 9, truth)
    found = program.probabilities(held_out, fitted)
    sure = found > 0.8
    assert held_out.kept[sure].mean() == pytest.approx(found[sure].mean(), abs=0.05)


def test_judged_pairs_are_read_with_their_features(program, tmp_path):
    units, verdicts = tmp_path / "units.tsv", tmp_path / "judged.tsv"
    units.write_text("1\t坚持多边主义。\tWe uphold multilateralism.\n", encoding="utf-8")
    verdicts.write_text("多边主义\tMultilateralism\t1\n", encoding="utf-8")
    read = program.read(verdicts, str(units), whole=False)
    assert read.kept.tolist() == [1.0]
    assert read.features.shape == (1, len(termhood.weights()))


def test_weights_stay_near_those_known_before_where_rows_say_little(program):
    document = judged(program, "few", 1, np.array([-0.5, 2.0]))
    known = np.array([0.0, 5.0])
    near, free = program.fit([document], known, 1e6), program.fit([document], known, 0.0)
    assert near[1] == pytest.approx(5.0, abs=0.1)
    assert free[1] == pytest.approx(2.0, abs=0.3)


def test_each_weight_is_held_as_much_as_its_own_penalty_says(program):
    document = judged(program, "few", 1, np.array([-0.5, 2.0, -1.0]))
    fitted = program.fit([document], np.array([0.0, 3.0, 5.0]), np.array([1.0, 1e6, 1e-3]))
    assert fitted[1] == pytest.approx(3.0, abs=0.1) and fitted[2] < 0  # the truth is 2 and -1


def test_what_a_list_of_others_lacks_says_little(program, tmp_path):
    units, gold = tmp_path / "units.tsv", tmp_path / "terms.csv"
    units.write_text("1\t坚持多边主义和自由贸易。\tWe uphold multilateralism and free trade.\n", encoding="utf-8")
    gold.write_text("zh,en,en_variants,zh_variants,must\n多边主义,multilateralism,,,1\n", encoding="utf-8")
    found = program.read(gold, str(units), whole=False)
    assert sorted(set(found.weight[found.kept == 1])) == [program.LISTED]
    assert sorted(set(found.weight[found.kept == 0])) == [program.UNLISTED]
    assert set(program.read(gold, str(units), whole=True).weight) == {program.WHOLE}


def test_a_shorter_list_moves_the_constant_only_of_its_own_rows(program):
    truth = np.array([0.5, 2.0])
    reader, other = judged(program, "reader", 1, truth), judged(program, "list", 2, truth)
    half = (
        np.random.default_rng(3).random(len(other.kept)) < 0.2
    )  # of what a reader keeps, a list of others has a fifth
    listed = program.Judged("list", other.features, other.nest, other.kept * half, other.weight, open_list=True)
    fitted = program.fit([reader, listed])
    assert fitted[0] == pytest.approx(0.5, abs=0.25)


def test_the_weights_before_are_of_features_that_there_are(program):
    known, held = program.before()
    assert np.count_nonzero(known) > 40
    assert set(held[known != 0]) == {program.HOLD} and program.HOLD_NEW in held


def test_fitted_weights_are_written_beside_what_they_mean(program, tmp_path, monkeypatch):
    copy = tmp_path / "termhood.tsv"
    copy.write_text(program.DATA.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(program, "DATA", copy)
    program.write(np.arange(len(termhood.weights()), dtype=float), copy, termhood.weights())
    rows = [line.split("\t") for line in copy.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert [float(row[1]) for row in rows] == list(range(len(rows)))
    assert [row[0] for row in rows] == list(termhood.weights())
    assert all(row[2] for row in rows)


def test_the_judged_rows_of_the_project_are_verdicts(program, root):
    verdict = program._verdicts(root / "benchmarks" / "judged" / "constitution.tsv")
    assert verdict("国务院", "State Council") == 1.0
    assert verdict("国务院", "Cabinet") is None


def test_what_is_political_is_read_from_rows_judged_right_or_doubtful(program, tmp_path):
    path = tmp_path / "gwr-2030.tsv"
    path.write_text(
        "doc\trank\tzh\ten\tverdict\tclass\tpolitical\n"
        "gwr-2030\t1\t国务院\tState Council\tright\t\tyes\n"
        "gwr-2030\t2\t水泵\twater pump\tdoubtful\t\tno\n"
        "gwr-2030\t3\t的水\twater\twrong\tno-term\tno\n",
        encoding="utf-8",
    )
    (document,) = program.read_domains([path])
    assert document.kept.tolist() == [1.0, 0.0]
    assert program.kind(document.name) == "gwr"
