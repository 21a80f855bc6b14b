-- The villages that a post names outright where it names several of one kecamatan, as JSON: its own place is what holds
-- them all.
ALTER TABLE signals ADD COLUMN villages TEXT NOT NULL DEFAULT '[]';
