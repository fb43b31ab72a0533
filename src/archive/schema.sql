CREATE TABLE article (
    num     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    key     TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE version (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES article(num),
    stored  INTEGER NOT NULL,
    sha256  BLOB NOT NULL,
    dict    INTEGER NOT NULL,
    data    BLOB NOT NULL
) STRICT;
CREATE INDEX version_article ON version(article, seq);
CREATE TABLE file (
    num  INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;
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
    PRIMARY KEY (file, member, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_version ON place(version);
CREATE TABLE dictionary (
    num  INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE sketch (
    key     INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;
CREATE TABLE sketched (
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO sketched (seq) VALUES (0);
CREATE TABLE copy (
    article INTEGER PRIMARY KEY,
    grp     INTEGER NOT NULL
) STRICT;
CREATE INDEX copy_grp ON copy(grp);
CREATE TABLE moved (
    article INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL
) STRICT;
CREATE TABLE removed (
    key   BLOB PRIMARY KEY,
    purge INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
