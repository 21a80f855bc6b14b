-- What an AWAS that holds stands on: two_persons or call_back. Empty below it, and of what was confirmed before this column.
ALTER TABLE incidents ADD COLUMN backing TEXT;
