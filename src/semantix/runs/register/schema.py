"""The tables of the register."""

from __future__ import annotations

VERSION = 1

STATEMENTS = (
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    # kind: run, retry, undo, exclude. state: see RunState.
    "CREATE TABLE run (id INTEGER PRIMARY KEY, kind TEXT, state TEXT, basis INTEGER, target INTEGER, body TEXT)",
    "CREATE TABLE basis (id INTEGER PRIMARY KEY, body TEXT UNIQUE)",
    # One row a version of a file: it counts from first_run until last_run. Paths are bytes, as the system has them.
    """CREATE TABLE file (id INTEGER PRIMARY KEY, path BLOB, name TEXT, label TEXT, named INTEGER, practice TEXT,
       sha256 BLOB, size INTEGER, mtime INTEGER, ctime INTEGER, folder TEXT, first_run INTEGER, last_run INTEGER)""",
    "CREATE UNIQUE INDEX file_path ON file (path) WHERE last_run IS NULL",
    "CREATE INDEX file_run ON file (first_run)",
    "CREATE INDEX file_end ON file (last_run) WHERE last_run IS NOT NULL",
    "CREATE INDEX file_folder ON file (folder) WHERE folder IS NOT NULL AND last_run IS NULL",
    "CREATE TABLE chunk (id INTEGER PRIMARY KEY, run INTEGER, basis INTEGER, done INTEGER, skipped TEXT, body TEXT)",
    "CREATE INDEX chunk_run ON chunk (run, done)",
    # A file read in a chunk. What was read counts until a run ends it: `ended` is that run, or 0.
    """CREATE TABLE part (chunk INTEGER, position INTEGER, file INTEGER, ended INTEGER DEFAULT 0,
       PRIMARY KEY (chunk, position)) WITHOUT ROWID""",
    "CREATE INDEX part_file ON part (file)",
    "CREATE INDEX part_end ON part (ended) WHERE ended <> 0",
    """CREATE TABLE document (id INTEGER PRIMARY KEY, chunk INTEGER, file INTEGER, key BLOB, content BLOB, subject BLOB,
       asked TEXT, body BLOB, is_alone INTEGER, ended INTEGER DEFAULT 0,
       fate TEXT, by INTEGER, published INTEGER DEFAULT 0)""",
    "CREATE INDEX document_part ON document (chunk, file)",
    "CREATE INDEX document_subject ON document (subject)",
    "CREATE INDEX document_end ON document (ended) WHERE ended <> 0",
    "CREATE INDEX document_changed ON document (id) WHERE published <> coalesce(fate = 'live' AND ended = 0, 0)",
    "CREATE INDEX document_new ON document (id) WHERE fate IS NULL AND ended = 0",
    "CREATE INDEX document_leaving ON document (id) WHERE ended <> 0 AND fate <> 'ended'",
    "CREATE INDEX document_fate ON document (fate) WHERE ended = 0",
    "CREATE TABLE link (value BLOB, document INTEGER, PRIMARY KEY (value, document)) WITHOUT ROWID",
    "CREATE INDEX link_document ON link (document)",
    "CREATE TABLE person (value BLOB, document INTEGER, PRIMARY KEY (value, document)) WITHOUT ROWID",
    "CREATE INDEX person_document ON person (document)",
    """CREATE TABLE withdrawal (id INTEGER PRIMARY KEY, chunk INTEGER, file INTEGER, key BLOB, body BLOB,
       ended INTEGER DEFAULT 0, settled INTEGER DEFAULT 0)""",
    "CREATE INDEX withdrawal_key ON withdrawal (key)",
    "CREATE INDEX withdrawal_part ON withdrawal (chunk, file)",
    """CREATE TABLE quarantine (id INTEGER PRIMARY KEY, chunk INTEGER, file INTEGER, error TEXT, body BLOB,
       ended INTEGER DEFAULT 0)""",
    "CREATE INDEX quarantine_part ON quarantine (chunk, file)",
    "CREATE TABLE excluded (value BLOB PRIMARY KEY, run INTEGER) WITHOUT ROWID",
    "CREATE TABLE publication (number INTEGER PRIMARY KEY, run INTEGER, erased INTEGER, done INTEGER)",
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, run INTEGER, kind TEXT, body TEXT, previous TEXT, hash TEXT)",
    "CREATE INDEX journal_run ON journal (run, kind)",
    """CREATE TRIGGER journal_is_written_once BEFORE UPDATE ON journal
       BEGIN SELECT RAISE(ABORT, 'the journal is written once'); END""",
    """CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal
       BEGIN SELECT RAISE(ABORT, 'the journal is kept'); END""",
)
