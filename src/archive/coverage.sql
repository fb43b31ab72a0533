-- Whether sources were asked and answered: part of the archive's format since 4.

-- asked: one row for each source and day (UTC) on which it was asked.
--   day      days since 1970
--   well     1 where it answered as it should at least once
--   fault    the last fault of the day, in words; NULL where there was none
CREATE TABLE asked (
    source INTEGER NOT NULL REFERENCES source(num),
    day    INTEGER NOT NULL,
    well   INTEGER NOT NULL,
    fault  TEXT,
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;
