-- The database of ruffbench, schema 3.  Tables of profiles stand in runtime/report/profile_schema.sql.
--
-- Raw samples (session, plan_slot, invocation, series, counter, log, event) are the truth.  segment, warmup, summary,
-- comparison, history_point and changepoint are derived from them, name the algorithm that made them, and can be
-- rebuilt.  Times are integer nanoseconds, moments are UTC nanoseconds since 1970, digests are SHA-256 in hexadecimal.
-- Rows are merged between databases by uuid and digest, never by integer id.  Only the views at the end are a
-- stable interface.

CREATE TABLE project (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    root_hash TEXT NOT NULL,
    created_ns INTEGER NOT NULL
) STRICT;

CREATE TABLE machine (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    cpu_model TEXT NOT NULL,
    isa TEXT NOT NULL,
    cores_physical INTEGER NOT NULL,
    cores_logical INTEGER NOT NULL,
    mem_bytes INTEGER NOT NULL,
    virt TEXT NOT NULL
) STRICT;

CREATE TABLE environment (
    id INTEGER PRIMARY KEY,
    machine_id INTEGER NOT NULL REFERENCES machine(id),
    digest TEXT NOT NULL UNIQUE,
    os TEXT NOT NULL,
    kernel TEXT NOT NULL,
    libc TEXT NOT NULL,
    captured_ns INTEGER NOT NULL,
    score INTEGER
) STRICT;

CREATE TABLE env_fact (
    environment_id INTEGER NOT NULL REFERENCES environment(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    grade TEXT NOT NULL CHECK (grade IN ('fatal', 'warn', 'info')),
    PRIMARY KEY (environment_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE commit_ (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project(id),
    sha TEXT NOT NULL,
    dirty_digest TEXT NOT NULL,            -- '' when the tree was clean
    parent_sha TEXT,
    first_parent_pos INTEGER,              -- how many commits before it on its first-parent line
    author_ns INTEGER,
    commit_ns INTEGER,
    branch TEXT,
    subject TEXT,
    UNIQUE (project_id, sha, dirty_digest)
) STRICT;

CREATE TABLE language (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    def_digest TEXT NOT NULL,
    subject INTEGER NOT NULL               -- 1: its toolchain is what the project makes, and may change within an epoch
) STRICT;

CREATE TABLE toolchain (
    id INTEGER PRIMARY KEY,
    language_id INTEGER NOT NULL REFERENCES language(id),
    version TEXT NOT NULL,
    exe_sha256 TEXT NOT NULL,
    flags TEXT NOT NULL,
    version_raw TEXT NOT NULL,
    exe_path TEXT NOT NULL,
    UNIQUE (language_id, version, exe_sha256, flags)
) STRICT;

CREATE TABLE benchmark (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project(id),
    name TEXT NOT NULL,
    def_digest TEXT NOT NULL,
    unit_work TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (project_id, name, def_digest)
) STRICT;

CREATE TABLE param_set (
    id INTEGER PRIMARY KEY,
    benchmark_id INTEGER NOT NULL REFERENCES benchmark(id),
    json TEXT NOT NULL,                    -- {"size":27,"seed":0}
    label TEXT NOT NULL,                   -- default, or the number
    expected_digest TEXT,
    UNIQUE (benchmark_id, json)
) STRICT;

CREATE TABLE implementation (
    id INTEGER PRIMARY KEY,
    benchmark_id INTEGER NOT NULL REFERENCES benchmark(id),
    language_id INTEGER NOT NULL REFERENCES language(id),
    name TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    source_bytes INTEGER NOT NULL,
    source_gz_bytes INTEGER,
    style TEXT NOT NULL,
    UNIQUE (benchmark_id, language_id, name, source_sha256)
) STRICT;

CREATE TABLE variant (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    implementation_id INTEGER NOT NULL REFERENCES implementation(id),
    toolchain_id INTEGER NOT NULL REFERENCES toolchain(id),
    mode TEXT NOT NULL,                    -- '' for a language without modes
    role TEXT NOT NULL,                    -- 'base' for the other side of a check, else ''
    label TEXT NOT NULL,                   -- how reports call it
    argv_json TEXT NOT NULL,
    env_json TEXT NOT NULL
) STRICT;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL REFERENCES project(id),
    commit_id INTEGER REFERENCES commit_(id),
    environment_id INTEGER NOT NULL REFERENCES environment(id),
    command TEXT NOT NULL,
    settings_json TEXT NOT NULL,           -- what resume needs beyond the plan
    tool_version TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    seed INTEGER NOT NULL,
    schedule TEXT NOT NULL,
    started_ns INTEGER NOT NULL,
    ended_ns INTEGER,
    pid INTEGER,                           -- of the ruffbench that runs it
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'interrupted', 'imported'))
) STRICT;

CREATE TABLE plan_slot (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    block INTEGER NOT NULL,
    variant_id INTEGER NOT NULL REFERENCES variant(id),
    param_set_id INTEGER NOT NULL REFERENCES param_set(id),
    state TEXT NOT NULL CHECK (state IN ('todo', 'running', 'done', 'failed', 'skipped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    out TEXT NOT NULL,                     -- first and last 64 KiB
    err TEXT NOT NULL
) STRICT;

CREATE TABLE invocation (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    block INTEGER NOT NULL,
    variant_id INTEGER NOT NULL REFERENCES variant(id),
    param_set_id INTEGER NOT NULL REFERENCES param_set(id),
    started_ns INTEGER NOT NULL,
    wall_ns INTEGER NOT NULL,
    startup_ns INTEGER,
    first_iter_ns INTEGER,
    user_ns INTEGER,
    sys_ns INTEGER,
    rss_peak INTEGER,
    rss_base INTEGER,
    minflt INTEGER,
    majflt INTEGER,
    nvcsw INTEGER,
    nivcsw INTEGER,
    cpu INTEGER,
    env_pad INTEGER NOT NULL,
    temp_mc INTEGER,
    steal_ns INTEGER,
    throttle INTEGER,
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'wrong', 'timeout', 'crash', 'clock', 'build', 'missing')),
    reason TEXT,                           -- why it is not ok
    exit_status INTEGER,
    signal INTEGER,
    verified INTEGER NOT NULL CHECK (verified IN (0, 1)),
    checksum TEXT,
    profiled INTEGER NOT NULL CHECK (profiled IN (0, 1)),
    log_id INTEGER REFERENCES log(id),
    UNIQUE (session_id, seq, profiled)
) STRICT;

CREATE TABLE metric (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL,
    better TEXT NOT NULL CHECK (better IN ('lower', 'higher', 'none')),
    kind TEXT NOT NULL
) STRICT;

CREATE TABLE series (
    invocation_id INTEGER NOT NULL REFERENCES invocation(id) ON DELETE CASCADE,
    metric_id INTEGER NOT NULL REFERENCES metric(id),
    inner INTEGER NOT NULL DEFAULT 1,
    n INTEGER NOT NULL,
    warm INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL,                    -- zigzag varints of differences
    PRIMARY KEY (invocation_id, metric_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    invocation_id INTEGER NOT NULL REFERENCES invocation(id) ON DELETE CASCADE,
    metric_id INTEGER NOT NULL REFERENCES metric(id),
    value INTEGER,                         -- null unless it was measured
    enabled_ns INTEGER,
    running_ns INTEGER,
    status TEXT NOT NULL CHECK (status IN ('ok', 'scaled', 'denied', 'unsupported', 'unavailable')),
    PRIMARY KEY (invocation_id, metric_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE segment (
    invocation_id INTEGER NOT NULL REFERENCES invocation(id) ON DELETE CASCADE,
    idx INTEGER NOT NULL,
    lo INTEGER NOT NULL,
    hi INTEGER NOT NULL,
    mean REAL NOT NULL,
    var REAL NOT NULL,
    PRIMARY KEY (invocation_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE warmup (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    variant_id INTEGER NOT NULL REFERENCES variant(id),
    param_set_id INTEGER NOT NULL REFERENCES param_set(id),
    class TEXT NOT NULL,
    steady_iter REAL,
    steady_ns REAL,
    algo TEXT NOT NULL,
    PRIMARY KEY (session_id, variant_id, param_set_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE summary (
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    variant_id INTEGER NOT NULL REFERENCES variant(id),
    param_set_id INTEGER NOT NULL REFERENCES param_set(id),
    metric_id INTEGER NOT NULL REFERENCES metric(id),
    phase TEXT NOT NULL,
    n_inv INTEGER NOT NULL,
    n_iter INTEGER NOT NULL,
    median REAL NOT NULL,
    lo REAL,
    hi REAL,
    conf REAL NOT NULL,
    mad REAL NOT NULL,
    min REAL NOT NULL,
    max REAL NOT NULL,
    icc REAL,
    algo TEXT NOT NULL,
    PRIMARY KEY (session_id, variant_id, param_set_id, metric_id, phase)
) STRICT, WITHOUT ROWID;

CREATE TABLE comparison (
    id INTEGER PRIMARY KEY,
    base_session INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    base_variant INTEGER NOT NULL REFERENCES variant(id),
    cand_session INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    cand_variant INTEGER NOT NULL REFERENCES variant(id),
    param_set_id INTEGER NOT NULL REFERENCES param_set(id),
    metric_id INTEGER NOT NULL REFERENCES metric(id),
    phase TEXT NOT NULL,
    paired INTEGER NOT NULL CHECK (paired IN (0, 1)),
    n INTEGER NOT NULL,
    ratio REAL NOT NULL,
    lo REAL,
    hi REAL,
    conf REAL NOT NULL,
    p REAL NOT NULL,
    p_adj REAL,
    cliffs REAL,
    margin REAL NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('slower', 'faster', 'same', 'unsure')),
    algo TEXT NOT NULL
) STRICT;

CREATE TABLE history_point (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project(id),
    bench TEXT NOT NULL,
    lang TEXT NOT NULL,
    mode TEXT NOT NULL,
    param TEXT NOT NULL,
    metric_id INTEGER NOT NULL REFERENCES metric(id),
    machine_id INTEGER NOT NULL REFERENCES machine(id),
    commit_id INTEGER NOT NULL REFERENCES commit_(id),
    session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    value REAL NOT NULL,
    lo REAL,
    hi REAL,
    epoch TEXT NOT NULL                    -- digest of source, flags and toolchain of the peers, input and definition
) STRICT;

CREATE TABLE changepoint (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES project(id),
    bench TEXT NOT NULL,
    lang TEXT NOT NULL,
    mode TEXT NOT NULL,
    param TEXT NOT NULL,
    metric_id INTEGER NOT NULL REFERENCES metric(id),
    machine_id INTEGER NOT NULL REFERENCES machine(id),
    first_commit INTEGER NOT NULL REFERENCES commit_(id),
    last_good_commit INTEGER NOT NULL REFERENCES commit_(id),
    before REAL NOT NULL,
    after REAL NOT NULL,
    p REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('step', 'drift')),
    state TEXT NOT NULL CHECK (state IN ('open', 'blessed', 'fixed', 'dismissed')),
    algo TEXT NOT NULL
) STRICT;

CREATE TABLE blessing (
    id INTEGER PRIMARY KEY,
    changepoint_id INTEGER REFERENCES changepoint(id) ON DELETE SET NULL,
    commit_id INTEGER REFERENCES commit_(id),
    selector TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    at_ns INTEGER NOT NULL,
    until_ns INTEGER,
    undone_ns INTEGER                      -- undone, but not forgotten
) STRICT;

CREATE TABLE baseline (
    name TEXT PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session(id),
    note TEXT NOT NULL,
    at_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    session_id INTEGER REFERENCES session(id) ON DELETE CASCADE,
    at_ns INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('info', 'warn', 'error')),
    code TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE INDEX invocation_by_variant ON invocation(variant_id, param_set_id, session_id);
CREATE INDEX invocation_by_block ON invocation(session_id, block);
CREATE UNIQUE INDEX history_point_key ON history_point(project_id, bench, lang, mode, param, metric_id, machine_id,
                                                       commit_id, session_id);
CREATE INDEX commit_by_position ON commit_(project_id, branch, first_parent_pos);
CREATE INDEX session_by_commit ON session(commit_id, environment_id);
CREATE INDEX plan_slot_by_state ON plan_slot(session_id, state);
CREATE INDEX changepoint_by_state ON changepoint(state, project_id, bench);
CREATE INDEX comparison_by_sessions ON comparison(cand_session, base_session);

-- Views for people: names joined, units in the column names.  These are stable.

CREATE VIEW v_runs AS
SELECT i.session_id AS session, i.seq, i.block, b.name AS benchmark, p.label AS size, l.name AS language, v.mode,
       t.version AS language_version, i.outcome, i.reason, i.wall_ns / 1e6 AS wall_ms, i.startup_ns / 1e6 AS startup_ms,
       i.first_iter_ns / 1e6 AS first_ms, i.user_ns / 1e6 AS user_ms, i.sys_ns / 1e6 AS system_ms,
       i.rss_base / 1048576.0 AS rss_base_mib, i.rss_peak / 1048576.0 AS rss_peak_mib, i.checksum AS answer,
       datetime(i.started_ns / 1000000000, 'unixepoch') AS started_utc
FROM invocation i
JOIN variant v ON v.id = i.variant_id
JOIN implementation m ON m.id = v.implementation_id
JOIN language l ON l.id = m.language_id
JOIN toolchain t ON t.id = v.toolchain_id
JOIN param_set p ON p.id = i.param_set_id
JOIN benchmark b ON b.id = p.benchmark_id
WHERE i.profiled = 0;

CREATE VIEW v_latest AS
SELECT b.name AS benchmark, p.label AS size, l.name AS language, v.mode, u.phase, k.name AS metric, k.unit,
       u.median, u.lo AS low, u.hi AS high, u.n_inv AS processes, u.session_id AS session
FROM summary u
JOIN variant v ON v.id = u.variant_id
JOIN implementation m ON m.id = v.implementation_id
JOIN language l ON l.id = m.language_id
JOIN param_set p ON p.id = u.param_set_id
JOIN benchmark b ON b.id = p.benchmark_id
JOIN metric k ON k.id = u.metric_id
WHERE u.session_id = (SELECT max(u2.session_id) FROM summary u2
                      JOIN variant v2 ON v2.id = u2.variant_id
                      JOIN implementation m2 ON m2.id = v2.implementation_id
                      JOIN param_set p2 ON p2.id = u2.param_set_id
                      JOIN benchmark b2 ON b2.id = p2.benchmark_id
                      WHERE b2.name = b.name AND p2.label = p.label AND m2.language_id = m.language_id
                        AND v2.mode = v.mode);

CREATE VIEW v_compare AS
SELECT c.cand_session AS session, b.name AS benchmark, p.label AS size, vc.label AS candidate, vb.label AS reference,
       c.phase, k.name AS metric, c.ratio, c.lo AS low, c.hi AS high, c.conf AS confidence, c.n AS blocks, c.p,
       c.p_adj AS p_adjusted, c.margin, c.verdict
FROM comparison c
JOIN variant vb ON vb.id = c.base_variant
JOIN variant vc ON vc.id = c.cand_variant
JOIN param_set p ON p.id = c.param_set_id
JOIN benchmark b ON b.id = p.benchmark_id
JOIN metric k ON k.id = c.metric_id;

CREATE VIEW v_history AS
SELECT h.bench AS benchmark, h.lang AS language, h.mode, h.param AS size, k.name AS metric, k.unit, c.sha AS "commit",
       c.subject, datetime(c.commit_ns / 1000000000, 'unixepoch') AS commit_utc, h.value, h.lo AS low, h.hi AS high,
       substr(h.epoch, 1, 12) AS epoch, a.name AS machine, h.session_id AS session
FROM history_point h
JOIN metric k ON k.id = h.metric_id
JOIN commit_ c ON c.id = h.commit_id
JOIN machine a ON a.id = h.machine_id;
