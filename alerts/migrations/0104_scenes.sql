-- The villages that the posts of an incident name inside its place, with what is told of each, as JSON.
ALTER TABLE incidents ADD COLUMN scenes TEXT NOT NULL DEFAULT '[]';
-- The places that a person has decided on, as JSON: a village that is named later has been looked at by nobody.
ALTER TABLE incidents ADD COLUMN checked TEXT NOT NULL DEFAULT '[]';
UPDATE incidents SET checked = '["' || place || '"]' WHERE effective IS NOT NULL AND place IS NOT NULL;
