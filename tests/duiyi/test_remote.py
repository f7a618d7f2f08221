import fsspec
import pytest

from duiyi.remote import fetch, is_address, mirror
from tmx.errors import ToolError


@pytest.fixture
def store():
    """A store in memory, as far from a folder on disk as S3 is."""
    memory = fsspec.filesystem("memory")
    memory.pipe({"/bucket/a.zh.txt": "一".encode(), "/bucket/deep/b.txt": b"b"})
    yield memory
    memory.rm("/bucket", recursive=True)


def test_a_folder_is_mirrored_and_only_what_changed_is_copied_again(store, tmp_path):
    place = mirror("memory://bucket", tmp_path)
    assert (place / "a.zh.txt").read_text(encoding="utf-8") == "一"
    assert (place / "deep" / "b.txt").read_bytes() == b"b"
    (place / "a.zh.txt").write_text("marked", encoding="utf-8")  # is left alone: the store's file has not changed
    store.pipe("/bucket/deep/b.txt", b"changed")
    assert mirror("memory://bucket", tmp_path) == place
    assert (place / "a.zh.txt").read_text(encoding="utf-8") == "marked"
    assert (place / "deep" / "b.txt").read_bytes() == b"changed"
    store.rm("/bucket/deep/b.txt")
    mirror("memory://bucket", tmp_path)
    assert not (place / "deep" / "b.txt").exists()


def test_a_single_file_and_a_path(store, tmp_path):
    copy, path = fetch(["memory://bucket/a.zh.txt", "texts"], tmp_path)
    assert copy.name == "a.zh.txt" and copy.read_text(encoding="utf-8") == "一"
    assert str(path) == "texts"


def test_what_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(ToolError, match="memory://nothing: "):
        mirror("memory://nothing", tmp_path)
    with pytest.raises(ToolError, match="unheard://x: cannot be read"):
        mirror("unheard://x", tmp_path)


def test_names_that_lead_out_of_the_folder_are_refused(store, tmp_path):
    store.store["/bucket/../../evil.txt"] = store.store["/bucket/a.zh.txt"]
    try:
        with pytest.raises(ToolError, match="leads out of the folder"):
            mirror("memory://bucket", tmp_path)
    finally:
        del store.store["/bucket/../../evil.txt"]
    assert not (tmp_path.parent / "evil.txt").exists()


def test_addresses():
    assert is_address("sftp://host/x") and not is_address("a/b") and not is_address("中文.txt")
