-- Accounts of the console, their sessions, API tokens and field reporters.
-- Times are UTC microseconds. Secrets stand here only as hashes; a reporter's link is signed, not stored.

CREATE TABLE account (
    id          TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL UNIQUE,
    -- argon2id, in PHC form
    password    TEXT   NOT NULL,
    -- admin, analis, bawaslu or ops: one account, one role
    role        TEXT   NOT NULL,
    -- comma-separated area codes; empty: the whole country
    regions     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);

CREATE TABLE account_session (
    -- SHA-256 of the cookie's token
    digest      TEXT   NOT NULL PRIMARY KEY,
    account_id  TEXT   NOT NULL REFERENCES account (id),
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX account_session_account ON account_session (account_id);

CREATE TABLE api_token (
    id          TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL UNIQUE,
    -- SHA-256 of the token
    digest      TEXT   NOT NULL UNIQUE,
    -- kirim: sends posts; baca: reads incidents of the analysts' queue
    scope       TEXT   NOT NULL,
    -- the source its posts are of
    source      TEXT   NOT NULL,
    -- 1: its word on verified reporters counts
    trusted     BIGINT NOT NULL,
    -- home region of the source, or what a reading token sees; empty: none, or the whole country
    region      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);

CREATE TABLE reporter (
    id          TEXT   NOT NULL PRIMARY KEY,
    -- a label of the desk's own choosing; never shown in an alert
    label       TEXT   NOT NULL UNIQUE,
    region      TEXT   NOT NULL,
    -- raised to make the old link void
    serial      BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    revoked_at  BIGINT
);
