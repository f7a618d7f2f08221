"""A real sentence-transformers model, tiny and made here, from its folder to the beads of the command."""

import subprocess
import sys
from pathlib import Path

import pytest

from tmx import encoder
from tmx.alignment.aligner import align

SOURCE = ["嗡嗡呱呱。", "哒哒。", "咚咚。"]
TARGET = ["Zzz qux.", "Blip.", "Dong dong."]
ONE_TWO = ("嗡 zzz", "哒 咚 dong", "呱 qux blip")  # words of a line mean the same
TWO_ONE = ("嗡 哒 zzz", "咚 blip dong", "呱 qux")


@pytest.fixture
def make_model(tmp_path: Path):
    """Return a function that saves a BERT of no layers, in which the words of a line share a vector, to a folder."""
    torch = pytest.importorskip("torch", reason="the extra duiyi[neural] is not installed")
    pytest.importorskip("sentence_transformers", reason="the extra duiyi[neural] is not installed")
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    def make(name: str, meanings: tuple[str, ...]) -> Path:
        folder = tmp_path / name
        words = ["[PAD]", "[UNK]", *(word for line in meanings for word in line.split())]
        pieces = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
        pieces.normalizer = normalizers.Lowercase()
        pieces.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Split(character, "isolated") for character in "嗡呱哒咚"]
            + [pre_tokenizers.BertPreTokenizer()]
        )
        PreTrainedTokenizerFast(
            tokenizer_object=pieces, unk_token="[UNK]", pad_token="[PAD]", model_max_length=64
        ).save_pretrained(folder)
        model = BertModel(
            BertConfig(
                vocab_size=len(words),
                hidden_size=8,
                num_hidden_layers=0,
                num_attention_heads=1,
                intermediate_size=8,
                max_position_embeddings=64,
            )
        )
        with torch.no_grad():
            for table in (
                model.embeddings.word_embeddings,
                model.embeddings.position_embeddings,
                model.embeddings.token_type_embeddings,
            ):
                table.weight.zero_()
            for axis, line in enumerate(meanings):
                for word in line.split():
                    model.embeddings.word_embeddings.weight[words.index(word), axis] = 1.0
        model.save_pretrained(folder)
        return folder

    return make


def shapes(found):
    return [(bead.source, bead.target) for bead in found]


def test_a_model_decides_where_words_say_nothing(make_model):
    one_two, two_one = (encoder.load(str(make_model(*model))) for model in (("a", ONE_TWO), ("b", TWO_ONE)))
    assert shapes(align(SOURCE, TARGET, encoder=one_two)) == [((0, 1), (0, 2)), ((1, 3), (2, 3))]
    assert shapes(align(SOURCE, TARGET, encoder=two_one)) == [((0, 2), (0, 1)), ((2, 3), (1, 3))]


def test_the_command_takes_the_folder_and_says_nothing_else(make_model, tmp_path):
    source, target = tmp_path / "zh.txt", tmp_path / "en.txt"
    source.write_text("\n".join(SOURCE), encoding="utf-8")
    target.write_text("\n".join(TARGET), encoding="utf-8")
    command = [sys.executable, "-m", "duiyi", "align", source, target, "--presplit", "--model"]
    done = subprocess.run([*command, make_model("a", ONE_TWO)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.rpartition(":")[0] for line in done.stdout.splitlines()] == ["[0]:[0, 1]", "[1, 2]:[2]"]


LOAD = """
import socket, sys
import tmx.encoder

def asked(host, *_, **__):
    print("asked", host)
    raise OSError("no network")

socket.getaddrinfo = asked
try:
    tmx.encoder.load(sys.argv[1])
except tmx.encoder.EncoderError as error:
    print(error)
"""


@pytest.mark.parametrize("name", ["nobody/has-this-model", "empty"])
def test_a_model_that_is_not_here_is_one_line_and_nothing_is_fetched(tmp_path, name):
    pytest.importorskip("sentence_transformers", reason="the extra duiyi[neural] is not installed")
    if name == "empty":
        name = str(tmp_path / name)
        Path(name).mkdir()
    done = subprocess.run([sys.executable, "-c", LOAD, name], capture_output=True, text=True, check=False)
    assert done.stdout.startswith(f"model {name}: cannot be loaded (") and done.stdout.count("\n") == 1
