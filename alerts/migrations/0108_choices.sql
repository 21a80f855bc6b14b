-- Between how many places of one name a signal is open; 0 for signals from before this column.
ALTER TABLE signals ADD COLUMN choices BIGINT NOT NULL DEFAULT 0;
