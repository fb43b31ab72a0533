-- What is followed: part of the archive's format since 3. An archive of format 2 gets these tables when it is first written.
-- Times are seconds since 1970. Of items and pages only digests are kept, except the address of a page that is still to be
-- asked for or was stored; it is dropped with its article.

-- source: feeds, sitemaps and list pages that the user follows.
--   name     by which the user calls it
--   url      its address
--   state    everything else, as JSON (`following::Source`)
CREATE TABLE source (
    num   INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    url   TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL
) STRICT;

-- item: an entry of a source.
--   key      digest of the source's address and the entry's own identifier, else its address, else its title and day
--   input    digest of the entry as the source gave it last
--   article  the article that it became, if any
--   page     key of its page, if it has an address
--   guid     digest of the source and the entry's own identifier, where that is another than its address
--   first    when the source first had it
--   last     when the source last changed it
CREATE TABLE item (
    key     BLOB PRIMARY KEY,
    source  INTEGER NOT NULL REFERENCES source(num),
    input   BLOB NOT NULL,
    article INTEGER REFERENCES article(num),
    page    BLOB,
    guid    BLOB,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX item_source ON item(source);
CREATE INDEX item_article ON item(article);
CREATE INDEX item_page ON item(page);
CREATE INDEX item_guid ON item(guid) WHERE guid IS NOT NULL;

-- page: the page of an item, once for all sources that name it.
--   key      digest of its canonical address
--   url      the address to ask for; NULL where its article was removed
--   source   the source that named it first; NULL where that is not followed any more
--   article  the article that it became, if any
--   first    when it was first named
--   next     when it is to be asked for; NULL where it is not
--   tries    how often it was asked for in vain
--   checked  when it was last asked for
--   held     why its text was not taken: wall, paywall, robots, blocked, gone, error
--   status   the status of the last answer
CREATE TABLE page (
    key     BLOB PRIMARY KEY,
    url     TEXT,
    source  INTEGER REFERENCES source(num),
    article INTEGER REFERENCES article(num),
    first   INTEGER NOT NULL,
    next    INTEGER,
    tries   INTEGER NOT NULL,
    checked INTEGER,
    held    TEXT,
    status  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX page_next ON page(next) WHERE next IS NOT NULL;
CREATE INDEX page_article ON page(article);
CREATE INDEX page_source ON page(source);

-- host: what is known of a host that was asked.
--   name     host and port
--   state    its robots.txt, and until when it is to be left alone, as JSON (`following::Host`)
CREATE TABLE host (
    name  TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
