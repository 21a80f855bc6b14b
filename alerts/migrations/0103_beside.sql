-- The number of the message by which the office had heard of another matter at the same place; empty when it had not.
ALTER TABLE notifications ADD COLUMN beside TEXT;
