-- Whether a person set the place of the post: further copies of its text go where it stands. Posts without place are
-- grouped by their text: the group_key of such an incident holds their copy_key, not their own post any more.
ALTER TABLE signals ADD COLUMN placed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX signals_by_copy ON signals (copy_key, category);
