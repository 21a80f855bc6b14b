-- The grave facts (a victim, a weapon, fire) that the posts of an incident have told of, as JSON; empty until it is one of
-- AWAS: what is told of after that is news to whoever was told of it.
ALTER TABLE incidents ADD COLUMN facts TEXT;
