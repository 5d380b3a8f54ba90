import sqlite3

from semantix.sinks.omop import KeyRegistry


def test_keys_are_given_in_order_of_first_sight():
    keys = KeyRegistry(None)
    assert [keys.entity("person", k) for k in ("b", "a", "b")] == [1, 2, 1]
    assert keys.entity("concept", "x", 2_000_000_000) == 2_000_000_000
    keys.close()


def test_keys_do_not_depend_on_the_identifier():
    one, other = KeyRegistry(None), KeyRegistry(None)
    assert one.entity("person", "ins^1") == other.entity("person", "ins^2") == 1


def test_a_registry_remembers(tmp_path):
    path = tmp_path / "keys.sqlite"
    first = KeyRegistry(path)
    assert (first.entity("person", "a"), first.entity("person", "b")) == (1, 2)
    document = first.document("doc", "sha", "doc.xml")
    assert first.block(document, "note", 3) == 1
    first.close()
    again = KeyRegistry(path)
    assert (again.entity("person", "b"), again.entity("person", "c")) == (2, 3)
    assert again.document("doc", "sha", "doc.xml") == document
    assert again.block(document, "note", 3) == 1
    assert again.block(document, "note", 4) == 4
    again.close()


def test_each_row_can_be_traced_to_its_place(tmp_path):
    path = tmp_path / "keys.sqlite"
    keys = KeyRegistry(path)
    document = keys.document("doc", "sha", "doc.xml")
    keys.facts("note", keys.block(document, "note", 2), document, [("/a", None), ("/b", "year")])
    keys.close()
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT f.id, d.name, f.xpath, f.imputed FROM fact f JOIN document d ON d.id = f.document_id")
        assert rows.fetchall() == [(1, "doc.xml", "/a", None), (2, "doc.xml", "/b", "year")]
    db.close()


def test_an_abandoned_run_leaves_no_key(tmp_path):
    path = tmp_path / "keys.sqlite"
    keys = KeyRegistry(path)
    keys.entity("person", "a")
    keys.abandon()
    again = KeyRegistry(path)
    assert again.entity("person", "b") == 1
    again.close()


def test_a_full_cache_still_knows_its_keys(monkeypatch):
    monkeypatch.setattr("semantix.sinks.omop.keys._CACHED", 1)
    keys = KeyRegistry(None)
    assert [keys.entity("person", k) for k in "abca"] == [1, 2, 3, 1]


def test_a_closed_registry_can_be_abandoned(tmp_path):
    keys = KeyRegistry(tmp_path / "keys.sqlite")
    keys.entity("person", "a")
    keys.close()
    keys.abandon()
    again = KeyRegistry(tmp_path / "keys.sqlite")
    assert again.entity("person", "b") == 2
    again.abandon()
    again.abandon()
