-- What the user was told: part of the archive's format since 4. An older archive gets these tables when it is first written.
-- Times are seconds since 1970. Articles are named by number; of their words only the messages hold any, and those go with
-- a removed article.

-- identity: one row.
--   uuid     names this archive and its copies, so that a revision of another archive is recognised
CREATE TABLE identity (
    uuid TEXT NOT NULL
) STRICT;
INSERT INTO identity (uuid) VALUES (lower(hex(randomblob(16))));

-- mark: up to where a reader has been told of what a search finds.
--   name     name of the mark; =unfollowed for what was there when a source was first asked that is not followed any more
--   search   name of the saved search; empty for all articles; of `changes` =changes, what was asked for, and a digest of the
--            query; =unfollowed
--   seq      versions with a sequence number up to this one were looked at
--   moved    when it was last moved
CREATE TABLE mark (
    num    INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    search TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    moved  INTEGER NOT NULL,
    UNIQUE (name, search)
) STRICT;

-- told: articles that were looked at for a mark.
--   article  the article
--   state    0 told; 1 was there before the mark; 2 to be told; 3 to be told as edited; 4 came late, and is only counted; for
--            a mark of `changes` 0 told as gone, 1 as back
CREATE TABLE told (
    mark    INTEGER NOT NULL REFERENCES mark(num),
    article INTEGER NOT NULL REFERENCES article(num),
    state   INTEGER NOT NULL,
    PRIMARY KEY (mark, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_article ON told(article);
CREATE INDEX told_waiting ON told(mark) WHERE state > 1;

-- digest: messages that were made.
--   id       by which the user and the mail program know it
--   mark     name of the mark
--   made     when
--   state    waiting until it was handed over, then done; stuck after five failures; dropped by the user, or with an article
--   tries    how often it was handed over
--   stories  how many it tells of
--   form     form of the message
--   body     the message; NULL where it was dropped, or an article in it was removed
CREATE TABLE digest (
    num     INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    mark    TEXT NOT NULL,
    made    INTEGER NOT NULL,
    state   TEXT NOT NULL,
    tries   INTEGER NOT NULL,
    stories INTEGER NOT NULL,
    form    TEXT NOT NULL,
    body    BLOB
) STRICT;

-- digest_mark: how far a digest moves a mark, once it was handed over.
CREATE TABLE digest_mark (
    digest INTEGER NOT NULL REFERENCES digest(num),
    mark   INTEGER NOT NULL REFERENCES mark(num),
    seq    INTEGER NOT NULL,
    PRIMARY KEY (digest, mark)
) STRICT, WITHOUT ROWID;

-- digest_article: what becomes of articles once a digest was handed over.
--   state    as in `told`
--   place    number of its story in the message, from 1; NULL where the message does not name it
CREATE TABLE digest_article (
    digest  INTEGER NOT NULL REFERENCES digest(num),
    mark    INTEGER NOT NULL REFERENCES mark(num),
    article INTEGER NOT NULL REFERENCES article(num),
    state   INTEGER NOT NULL,
    place   INTEGER,
    PRIMARY KEY (digest, mark, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_article_article ON digest_article(article);
