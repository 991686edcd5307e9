-- The number of a run in its session, and the bytes of a repeat in each direction. Runs of earlier releases have none.
ALTER TABLE run ADD COLUMN ordinal INTEGER CHECK (ordinal >= 1);
ALTER TABLE run ADD COLUMN bytes_sent INTEGER;
ALTER TABLE run ADD COLUMN bytes_received INTEGER;

-- Session and ordinal are the identity of a run. NULL is equal to nothing, so that earlier runs never collide.
DROP INDEX run_session;
CREATE UNIQUE INDEX run_key ON run (session, ordinal);

-- When a repeat started: nanoseconds since the Unix epoch as the wall clock showed them, by how many the clock was ahead of
-- true time, and how far it could still be wrong in either direction. The last two are known together or not at all.
ALTER TABLE repeat ADD COLUMN started_unix_ns INTEGER;
ALTER TABLE repeat ADD COLUMN clock_offset_ns INTEGER;
ALTER TABLE repeat ADD COLUMN clock_bound_ns INTEGER;
