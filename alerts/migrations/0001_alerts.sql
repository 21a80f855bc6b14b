-- Incidents, their posts and evidence, clocks, notifications, audit. One file for SQLite and PostgreSQL:
-- TEXT and BIGINT only; times are UTC microseconds; flags are 0 or 1; bytes are base64 in TEXT.

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE incidents (
    id BIGINT NOT NULL PRIMARY KEY,
    queue TEXT NOT NULL,
    category TEXT NOT NULL,
    -- queue, category and place cut to group_level; of a signal without place: its own post.
    group_key TEXT NOT NULL,
    place TEXT,
    -- 1 when a person set the place: posts that come later do not move it.
    place_set BIGINT NOT NULL,
    zone TEXT NOT NULL,
    status TEXT NOT NULL,
    proposed BIGINT NOT NULL,
    effective BIGINT,
    awas_by TEXT,
    first_event BIGINT NOT NULL,
    last_event BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    sources BIGINT NOT NULL,
    reporter BIGINT NOT NULL,
    told_at BIGINT,
    told_severity BIGINT,
    returned BIGINT NOT NULL,
    released BIGINT NOT NULL,
    merged_into BIGINT,
    follows BIGINT,
    closing_note TEXT,
    -- How many numbered notifications it has had.
    numbered BIGINT NOT NULL
);
CREATE INDEX incidents_by_group ON incidents (group_key, status, first_event);
CREATE INDEX incidents_by_queue ON incidents (queue, status, proposed, last_event);

-- The finding that holds for a post.
CREATE TABLE posts (
    post TEXT NOT NULL PRIMARY KEY,
    finding TEXT NOT NULL
);

-- Findings that stand behind a signal, whole but for the raw bytes, as JSON.
CREATE TABLE findings (
    finding TEXT NOT NULL PRIMARY KEY,
    post TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX findings_by_post ON findings (post);

CREATE TABLE signals (
    incident BIGINT NOT NULL,
    post TEXT NOT NULL,
    category TEXT NOT NULL,
    finding TEXT NOT NULL,
    place TEXT,
    zone TEXT NOT NULL,
    severity BIGINT NOT NULL,
    event_at BIGINT NOT NULL,
    -- When it was accepted; empty for old posts and those handled as if live.
    accepted_at BIGINT,
    copy_key TEXT NOT NULL,
    author_key TEXT NOT NULL,
    reporter BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    -- Offices complained of anywhere in the post, as JSON (SG-14).
    accused TEXT NOT NULL,
    tags TEXT NOT NULL,
    -- The words around its first hit, and its hits among them: JSON, in bytes.
    excerpt TEXT NOT NULL,
    marks TEXT NOT NULL,
    PRIMARY KEY (post, category)
);
CREATE INDEX signals_by_incident ON signals (incident, event_at);

CREATE TABLE evidence (
    post TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    raw TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT,
    seen_at BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    tool TEXT NOT NULL,
    PRIMARY KEY (post, sha256)
);

CREATE TABLE history (
    id BIGINT NOT NULL PRIMARY KEY,
    incident BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX history_by_incident ON history (incident, id);

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE timers (
    incident BIGINT NOT NULL,
    kind TEXT NOT NULL,
    step BIGINT NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (incident, kind)
);
CREATE INDEX timers_by_due ON timers (due);

CREATE TABLE notifications (
    id TEXT NOT NULL PRIMARY KEY,
    -- The incident it belongs to now; a merge moves it.
    incident BIGINT NOT NULL,
    made_for BIGINT NOT NULL,
    -- As the message carries it: KTG-12-3.
    number TEXT NOT NULL,
    -- Role and region of the office; MEJA when the desk is paged.
    role TEXT NOT NULL,
    region TEXT NOT NULL,
    line TEXT NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    step BIGINT NOT NULL,
    severity BIGINT NOT NULL,
    -- pending, sending, sent, failed, digest, digested, held, moot.
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    repeats BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    sent_at BIGINT,
    error TEXT,
    body TEXT NOT NULL,
    -- When the oldest live post behind it was accepted.
    accepted_at BIGINT,
    answer TEXT,
    answered_at BIGINT,
    -- The digest that took it in.
    digest TEXT,
    UNIQUE (made_for, role, region, channel, reason, step)
);
CREATE INDEX notifications_by_incident ON notifications (incident);
CREATE INDEX notifications_by_state ON notifications (state, next_try);
CREATE INDEX notifications_by_office ON notifications (role, region, sent_at);

CREATE TABLE gaps (
    role TEXT NOT NULL,
    region TEXT NOT NULL,
    times BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (role, region)
);

CREATE TABLE switches (
    scope TEXT NOT NULL PRIMARY KEY,
    set_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL
);

CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    beat BIGINT NOT NULL
);
