-- Profiles in SQLite.  files, functions, frames and stacks are shared by all profiles; a profile names them in its own order
-- (the *_order columns: SQLite ids as varints), so that it comes back exactly as it was.  NULL: nobody counted.  Tiers
-- are stored by their tag.  Times are nanoseconds, sizes bytes, digests hexadecimal.

CREATE TABLE IF NOT EXISTS profile (
    id INTEGER PRIMARY KEY,
    label TEXT NOT NULL,
    git_revision TEXT NOT NULL,
    bench_run INTEGER,                     -- of ruffbench: the session it belongs to
    started INTEGER NOT NULL,              -- seconds since 1970
    script TEXT NOT NULL,
    argv TEXT NOT NULL,
    script_digest TEXT NOT NULL,
    engine TEXT NOT NULL,
    version TEXT NOT NULL,
    host TEXT NOT NULL,
    cpu TEXT NOT NULL,
    kernel TEXT NOT NULL,
    allowed_cores INTEGER NOT NULL,
    threads INTEGER NOT NULL,
    mechanism TEXT NOT NULL,
    has_cpu INTEGER NOT NULL,
    has_memory INTEGER NOT NULL,
    has_jit INTEGER NOT NULL,
    was_interrupted INTEGER NOT NULL,
    hz_asked REAL NOT NULL,
    hz_got REAL NOT NULL,
    wall_ns INTEGER NOT NULL,
    cpu_ns INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    own_cost_ns INTEGER NOT NULL,
    peak_live INTEGER NOT NULL,
    peak_at_ns INTEGER NOT NULL,
    exit_live INTEGER NOT NULL,
    peak_resident INTEGER NOT NULL,
    allocs INTEGER NOT NULL,
    frees INTEGER NOT NULL,
    exit_status INTEGER NOT NULL,
    file_order BLOB NOT NULL,
    func_order BLOB NOT NULL,
    frame_order BLOB NOT NULL,
    stack_order BLOB NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS source_file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    text BLOB,
    UNIQUE (path, digest)
) STRICT;

CREATE TABLE IF NOT EXISTS func (
    id INTEGER PRIMARY KEY,
    file INTEGER NOT NULL,                 -- 0: none
    name TEXT NOT NULL,
    line INTEGER NOT NULL,
    kind TEXT NOT NULL,
    UNIQUE (file, name, line, kind)
) STRICT;

CREATE TABLE IF NOT EXISTS frame (
    id INTEGER PRIMARY KEY,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    tier TEXT NOT NULL,
    UNIQUE (func, line, tier)
) STRICT;

CREATE TABLE IF NOT EXISTS stack (
    id INTEGER PRIMARY KEY,
    parent INTEGER NOT NULL,               -- 0: outermost
    frame INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    UNIQUE (parent, frame)
) STRICT;

CREATE TABLE IF NOT EXISTS sample_agg (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    stack INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    slice INTEGER NOT NULL,
    label TEXT NOT NULL,
    ticks INTEGER NOT NULL,
    cpu_ns INTEGER NOT NULL,
    wall_ns INTEGER NOT NULL,
    alloc_count INTEGER NOT NULL,
    alloc_bytes INTEGER NOT NULL,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS timeline (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    bucket INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    length_ns INTEGER NOT NULL,
    live INTEGER NOT NULL,
    resident INTEGER NOT NULL,
    tiers TEXT NOT NULL,                   -- "vm:120000 gc:4000"
    PRIMARY KEY (profile, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS func_count (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    func INTEGER NOT NULL,
    calls INTEGER,
    instructions INTEGER,
    PRIMARY KEY (profile, func)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS line_count (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    hits INTEGER,
    instructions INTEGER,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS alloc_site (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    type TEXT NOT NULL,
    allocs INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    frees INTEGER NOT NULL,
    freed_bytes INTEGER NOT NULL,
    peak_live INTEGER NOT NULL,
    peak_live_bytes INTEGER NOT NULL,
    temporaries INTEGER NOT NULL,
    growths INTEGER NOT NULL,
    growth_from INTEGER NOT NULL,
    growth_to INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    copy_bytes INTEGER NOT NULL,
    shared_func INTEGER NOT NULL,
    shared_line INTEGER NOT NULL,
    median_life INTEGER NOT NULL,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS leak (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    type TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('unreachable', 'native', 'reachable', 'growing')),
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    retained INTEGER NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS jit_event (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at_ns INTEGER NOT NULL,
    kind TEXT NOT NULL,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    version INTEGER NOT NULL,
    tier TEXT NOT NULL,
    optimisation INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    queue_ns INTEGER NOT NULL,
    children_cpu_ns INTEGER NOT NULL,
    code_bytes INTEGER NOT NULL,
    lost_ns INTEGER NOT NULL,
    reason TEXT,
    expected TEXT,
    seen TEXT,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS jit_guard (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    expectation TEXT NOT NULL,
    pass INTEGER,
    fail INTEGER,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS jit_refusal (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    func INTEGER NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS profile_counter (
    profile INTEGER NOT NULL REFERENCES profile(id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    name TEXT NOT NULL,
    value INTEGER,
    unit TEXT NOT NULL,
    PRIMARY KEY (profile, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS profile_by_script ON profile(script, started);
CREATE INDEX IF NOT EXISTS profile_by_bench_run ON profile(bench_run);
