-- 1 as long as the account of the first run still has the password that was made for it.
ALTER TABLE account ADD COLUMN first_password BIGINT NOT NULL DEFAULT 0;
