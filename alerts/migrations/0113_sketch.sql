-- What tells that a text is nearly another one (a forward with words added): numbers for its pairs of neighbouring words.
-- Empty for signals from before this column: such a text is a copy only of the same words.
ALTER TABLE signals ADD COLUMN sketch TEXT NOT NULL DEFAULT '';
