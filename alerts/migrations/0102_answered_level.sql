-- The gravest level that the office knew of when it answered, a proposal up to SIAGA included; empty for answers from
-- before this column and for messages nobody answered.
ALTER TABLE notifications ADD COLUMN answered_level BIGINT;
