"""The OHDSI vocabularies, from a folder downloaded from Athena: a code in, standard concepts out.

The folder (tab-separated files without quoting, dates ``YYYYMMDD``) is read once into an index file; ten million
concepts never come into Python. An index opens in any process, so a vocabulary travels to workers as a path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import duckdb

from semantix.emitters.omop import Resolved
from semantix.emitters.omop.schema import SCHEMA, VOCABULARY_TABLES
from semantix.errors import BadVocabulary

REQUIRED = ("CONCEPT.csv", "CONCEPT_RELATIONSHIP.csv", "VOCABULARY.csv")
INDEX_VERSION = 1
"""To be raised when the tables of the index change."""
_PARTIAL = ".partial"
"""What an index ends with while it is written, after the number of the process that does."""
_CACHED = 200_000
_HEADER = 100_000
_READ = "read_csv('{path}', delim='\t', header=true, quote='', escape='', all_varchar=true, nullstr='')"
_STEPS = (
    # A source code: any concept, current or not; the standard ones it reaches are checked below.
    """CREATE TABLE code AS SELECT vocabulary_id, concept_code, concept_id::INTEGER AS concept_id, domain_id,
       (standard_concept = 'S' AND invalid_reason IS NULL) IS TRUE AS standard
       FROM {concept} ORDER BY vocabulary_id, concept_code""",
    """CREATE TABLE link AS SELECT concept_id_1::INTEGER AS source, concept_id_2::INTEGER AS target,
       relationship_id = 'Maps to value' AS is_value FROM {relationship}
       WHERE relationship_id IN ('Maps to', 'Maps to value') AND invalid_reason IS NULL ORDER BY source, target""",
    """CREATE TABLE about AS SELECT vocabulary_version AS release FROM {vocabulary} WHERE vocabulary_id = 'None'""",
    "CREATE INDEX code_key ON code (vocabulary_id, concept_code)",
    "CREATE INDEX code_id ON code (concept_id)",
    "CREATE INDEX link_key ON link (source)",
)
_DOMAINS = "CREATE TABLE domain AS SELECT domain_id, domain_concept_id::INTEGER AS concept_id FROM {domain}"


class Vocabulary:
    """An index of an Athena folder, opened for reading. It pickles as the path of its index."""

    def __init__(self, index: Path, folder: Path) -> None:
        self.index = index
        self.folder = folder
        self._db = duckdb.connect(str(index), read_only=True)
        self._cache: dict[tuple[tuple[str, ...], str], Resolved | None] = {}
        row = self._db.execute("SELECT release FROM about").fetchone()
        self._release = str(row[0]) if row and row[0] else "unknown"
        self._domains: dict[str, int] = dict(self._db.execute("SELECT domain_id, concept_id FROM domain").fetchall())

    @classmethod
    def load(cls, folder: Path, index: Path | None = None) -> Vocabulary:
        """Open a folder; its index is built when there is none, or when the folder changed since.

        The default index is in the user's own cache folder, named after the folder and its content signature. Raises
        BadVocabulary when a required file is missing, or when a file that is there is not an Athena table.
        """
        missing = [name for name in REQUIRED if not (folder / name).is_file()]
        if missing:
            raise BadVocabulary(f"{folder}: {', '.join(missing)} not found; expected an unzipped Athena download")
        for name in VOCABULARY_TABLES:
            _check_header(folder / f"{name.upper()}.csv", name)
        index = index or _cached(folder)
        if not index.exists():
            build(folder, index)
        try:
            return cls(index, folder)
        except duckdb.Error:
            # Damaged, or not ours: what is only a copy can be made again.
            index.unlink(missing_ok=True)
            build(folder, index)
            return cls(index, folder)

    def __reduce__(self) -> tuple[type[Vocabulary], tuple[Path, Path]]:
        return Vocabulary, (self.index, self.folder)

    @property
    def release(self) -> str:
        """The release of the whole download, as ``vocabulary_id`` ``None`` gives it."""
        return self._release

    def domain_concept(self, domain: str) -> int:
        """The concept of a domain, 0 if unknown."""
        return self._domains.get(domain, 0)

    def resolve(self, vocabularies: tuple[str, ...], code: str) -> Resolved | None:
        """The first of these vocabularies that knows the code, with its standard, valid targets in order of their ids.

        ``Maps to`` may give several concepts: each makes a row. A code that reaches none still has its source
        concept.
        """
        key = (vocabularies, code)
        if key not in self._cache:
            if len(self._cache) >= _CACHED:
                self._cache.clear()
            self._cache[key] = self._resolve(vocabularies, code)
        return self._cache[key]

    def _resolve(self, vocabularies: tuple[str, ...], code: str) -> Resolved | None:
        for vocabulary in vocabularies:
            rows = self._db.execute(
                "SELECT concept_id, domain_id, standard FROM code WHERE vocabulary_id = ? AND concept_code = ? "
                "ORDER BY standard DESC, concept_id",
                [vocabulary, code],
            ).fetchall()
            if rows:
                return self._targets(*rows[0])
        return None

    def _targets(self, source: int, domain: str, standard: bool) -> Resolved:
        rows = self._db.execute(
            "SELECT link.is_value, code.concept_id, code.domain_id FROM link JOIN code "
            "ON code.concept_id = link.target WHERE link.source = ? AND code.standard ORDER BY 1, 2",
            [source],
        ).fetchall()
        concepts = tuple((c, d) for is_value, c, d in rows if not is_value)
        values = tuple(c for is_value, c, _ in rows if is_value)
        if not concepts and standard:
            concepts = ((source, domain),)
        return Resolved(source, concepts, values)


def build(folder: Path, index: Path) -> None:
    """Write the index of a folder; it appears under its name only when it is complete, and nothing else stays."""
    tables = {
        "concept": _read(folder / "CONCEPT.csv"),
        "relationship": _read(folder / "CONCEPT_RELATIONSHIP.csv"),
        "vocabulary": _read(folder / "VOCABULARY.csv"),
    }
    end = f".{os.getpid()}{_PARTIAL}"
    try:
        with tempfile.TemporaryDirectory(end, f"{index.name}.", index.parent, ignore_cleanup_errors=True) as scratch:
            partial = Path(scratch) / "index"
            with duckdb.connect(str(partial)) as connection:
                for step in _STEPS:
                    connection.execute(step.format_map(tables))
                domains = folder / "DOMAIN.csv"
                if domains.is_file():
                    connection.execute(_DOMAINS.format(domain=_read(domains)))
                else:
                    connection.execute("CREATE TABLE domain (domain_id VARCHAR, concept_id INTEGER)")
            partial.replace(index)
    except OSError as error:
        raise BadVocabulary(f"{index}: cannot be written: {error.strerror or type(error).__name__}") from None
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        words = "the disk is full, or a file of the vocabulary cannot be read"
        raise BadVocabulary(f"{index}: cannot be written: {words} ({type(error).__name__})") from error
    except duckdb.Error as error:
        raise BadVocabulary(
            f"{folder}: not readable as an Athena download ({type(error).__name__}); "
            "expected tab-separated files with headers"
        ) from error


def _read(path: Path) -> str:
    return _READ.format(path=str(path).replace("'", "''"))


def _check_header(path: Path, name: str) -> None:
    """Refuse a table whose columns are not those of Athena, before hours of work that would end on it."""
    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            words = file.readline(_HEADER).decode("utf-8-sig", "replace").strip("\r\n").casefold().split("\t")
    except OSError as error:
        raise BadVocabulary(f"{path}: cannot be opened: {error.strerror or type(error).__name__}") from None
    missing = [column for column in SCHEMA[name].columns if column not in words]
    if missing:
        expected = "expected a tab-separated Athena table with headers"
        raise BadVocabulary(f"{path}: column {missing[0]} not found; {expected}, download the vocabularies again")


def _cached(folder: Path) -> Path:
    """Where the index of a folder is kept, for this user only; older ones, and what a killed run left, are removed."""
    try:
        root = os.environ.get("XDG_CACHE_HOME", "")
        cache = (Path(root) if root.startswith(os.sep) else Path.home() / ".cache") / "semantix"
        cache.mkdir(parents=True, exist_ok=True)
        cache.chmod(0o700)
        place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
        index = cache / f"vocabulary-v{INDEX_VERSION}-{place}-{_signature(folder)}.duckdb"
        for other in cache.glob("vocabulary-*"):
            is_old = not other.name.startswith(f"vocabulary-v{INDEX_VERSION}-")
            if other.name.endswith(_PARTIAL):
                if not _is_alive(other.name.removesuffix(_PARTIAL).rpartition(".")[2]):
                    _remove(other)
            elif other != index and (is_old or f"-{place}-" in other.name):
                _remove(other)
    except (OSError, RuntimeError) as error:
        words = "no folder to keep the index of the vocabulary; set XDG_CACHE_HOME to one that can be written"
        raise BadVocabulary(f"{words} ({type(error).__name__})") from None
    return index


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _signature(folder: Path) -> str:
    """Changes when a file of the folder does: an entry made under one release is never read under another (f2o-111)."""
    facts = [str(folder.resolve())]
    for name in (*REQUIRED, "DOMAIN.csv"):
        path = folder / name
        if path.is_file():
            stat = path.stat()
            facts.append(f"{name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
