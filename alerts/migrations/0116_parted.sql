-- Whether a person has taken the post out of an incident: no grouping and no new judgement puts it back, and further
-- copies of its text go where it stands.
ALTER TABLE signals ADD COLUMN parted BIGINT NOT NULL DEFAULT 0;
CREATE INDEX signals_parted ON signals (copy_key, category) WHERE parted = 1;
