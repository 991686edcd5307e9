-- What was compared off the clock: a JSON document, NULL where nothing was.
ALTER TABLE run ADD COLUMN verified TEXT;
