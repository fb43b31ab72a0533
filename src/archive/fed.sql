-- Clusters that hold what the archive holds: part of the archive's format since 5. An older archive gets this table when it
-- is first written.

-- fed: up to where a cluster was brought. What it does not know yet must not be forgotten (see the table moved).
--   name     host and port of the cluster, and the name of the indices there
--   seq      versions with a sequence number up to this one are there
--   token    what the state there says of the last time that it was brought up from here; a state that says something else was
--            written by a copy of this archive, or after this one was copied
--   pending  what the state is about to say; NULL between two runs
CREATE TABLE fed (
    name    TEXT PRIMARY KEY,
    seq     INTEGER NOT NULL,
    token   TEXT NOT NULL,
    pending TEXT
) STRICT, WITHOUT ROWID;
