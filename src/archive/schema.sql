-- The archive: one SQLite file, format `archive::FORMAT` (PRAGMA user_version), application id "DSPT".
-- Comments stand between the statements: SQLite would store them with the statement.
-- Instants are seconds since 1970; digests are SHA-256.

-- article: one row an article, whatever its number of versions.
--   num      its number
--   id       public identifier: the input's own where it can be typed, else the first 12 (16, 24, 64) hex digits of the key's digest
--   key      what identifies it: its address, else "id:OUTLET:IDENTIFIER", else "sha256:" and the digest of its first text
--   version  sequence number of its newest version
CREATE TABLE article (
    num     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    key     TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL
) STRICT;

-- version: one row a version of an article, in the order of arrival.
--   seq      sequence number; only grows and is never reused (a removal takes one too, so that an index knows it lags)
--   article  number of the article that it is a version of
--   stored   when it was stored
--   sha256   digest of the serialised article (`layout`)
--   dict     number of the dictionary with which it is packed, 0 for none
--   data     the serialised article, packed by zstd (`codec`)
--   form     0 a summary, 1 the full text of a feed or a message, 2 a page or another document; NULL in versions that an
--            older program stored
CREATE TABLE version (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES article(num),
    stored  INTEGER NOT NULL,
    sha256  BLOB NOT NULL,
    dict    INTEGER NOT NULL,
    data    BLOB NOT NULL,
    form    INTEGER
) STRICT;
CREATE INDEX version_article ON version(article, seq);

-- file: names of input files, once each.
--   path     as it was given; "-" for standard input; the address of a page, or of the feed that an entry came with
CREATE TABLE file (
    num  INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;

-- place: where a version was found; reading the same place again replaces the row.
--   file     the input file
--   member   name of the member within an archive ("a.zip!b.html" nests), "" for none
--   record   number of the record within file or member, from 1; 0 where the whole is one document
--   input    digest of the input's bytes: the same bytes at the same place need not be read again
--   version  sequence number of the version found there
--   seen     when the program read it
--   fetched  when it was fetched, where the input says so
--   first    first byte of the record in the unpacked file, where it has a range of its own
--   last     end of that range: the byte after its last one
--   lower    1 where a lower form of the article stands there than that of `version`, which it did not replace
CREATE TABLE place (
    file    INTEGER NOT NULL REFERENCES file(num),
    member  TEXT NOT NULL,
    record  INTEGER NOT NULL,
    input   BLOB NOT NULL,
    version INTEGER NOT NULL REFERENCES version(seq),
    seen    INTEGER NOT NULL,
    fetched INTEGER,
    first   INTEGER,
    last    INTEGER,
    lower   INTEGER,
    PRIMARY KEY (file, member, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_version ON place(version);

-- dictionary: zstd dictionaries, trained on the archive's articles.
--   data     the dictionary
CREATE TABLE dictionary (
    num  INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

-- sketch: the keys by which copies of an article are found (`duplicate::sketch`).
--   key      a key of its text
--   article  the article
CREATE TABLE sketch (
    key     INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;

-- sketched: one row. Versions up to `seq` have their keys in `sketch`; those of later versions are computed again when
-- the archive is opened for writing.
CREATE TABLE sketched (
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO sketched (seq) VALUES (0);

-- copy: articles that have copies; one without copies has no row.
--   article  the article
--   grp      number of its group: the number of the group's first article
CREATE TABLE copy (
    article INTEGER PRIMARY KEY,
    grp     INTEGER NOT NULL
) STRICT;
CREATE INDEX copy_grp ON copy(grp);

-- moved: articles that changed without a version of their own: their group changed, or they were removed.
--   article  the article
--   seq      an index that covers only lower sequence numbers still has the old state
CREATE TABLE moved (
    article INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL
) STRICT;

-- removed: articles that were removed and stay out.
--   key      digest of the article's key
--   purge    1 while its bytes are still to be destroyed
CREATE TABLE removed (
    key   BLOB PRIMARY KEY,
    purge INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
