-- What became of pages after they were first read: part of the archive's format since 4. An archive of format 3 gets it when
-- it is first written. Times are seconds since 1970.

-- page, of one whose story is kept:
--   recheck    when it is to be asked for again; NULL where it is not
--   etag       its `ETag`, each byte a character
--   modified   its `Last-Modified`, each byte a character
--   candidate  digest of another text that it showed last time, and that is taken if it shows it again
--   lost       when it was first not there any more, without having been there since
ALTER TABLE page ADD COLUMN recheck INTEGER;
ALTER TABLE page ADD COLUMN etag TEXT;
ALTER TABLE page ADD COLUMN modified TEXT;
ALTER TABLE page ADD COLUMN candidate BLOB;
ALTER TABLE page ADD COLUMN lost INTEGER;
CREATE INDEX page_recheck ON page(recheck) WHERE recheck IS NOT NULL;
UPDATE page SET recheck = checked + max(900, (checked - first) / 4)
WHERE article IS NOT NULL AND url IS NOT NULL AND source IS NOT NULL AND held IS NULL AND next IS NULL AND status = 200;

-- version:
--   reread   1 where the program read the same bytes once more, and otherwise than before: no edit of the outlet
ALTER TABLE version ADD COLUMN reread INTEGER;

-- gone: articles whose pages are not there any more, or were not for a time.
--   first    when the page was first found missing
--   last     when it was last found missing
--   status   the status of the answer then
--   back     when it was there again; NULL while it is not
CREATE TABLE gone (
    article INTEGER PRIMARY KEY REFERENCES article(num),
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    status  INTEGER NOT NULL,
    back    INTEGER
) STRICT;
