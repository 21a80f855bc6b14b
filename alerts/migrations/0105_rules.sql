-- On how many rules a signal rests; 0 for signals from before this column.
ALTER TABLE signals ADD COLUMN rules BIGINT NOT NULL DEFAULT 0;
