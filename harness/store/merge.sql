-- Takes over every session of the database attached as `other` that this one does not have.  Rows are matched by uuid and
-- by what identifies them; ids of this database are given anew.  Doing it twice adds nothing.

CREATE TEMP TABLE new_session AS
SELECT id, uuid FROM other.session WHERE uuid NOT IN (SELECT uuid FROM main.session);

INSERT OR IGNORE INTO project (name, root_hash, created_ns) SELECT name, root_hash, created_ns FROM other.project;
INSERT OR IGNORE INTO machine (fingerprint, name, cpu_model, isa, cores_physical, cores_logical, mem_bytes, virt)
SELECT fingerprint, name, cpu_model, isa, cores_physical, cores_logical, mem_bytes, virt FROM other.machine;
INSERT OR IGNORE INTO language (name, def_digest, subject) SELECT name, def_digest, subject FROM other.language;
INSERT OR IGNORE INTO metric (name, unit, better, kind) SELECT name, unit, better, kind FROM other.metric;

CREATE TEMP TABLE m_project AS SELECT o.id AS old, n.id AS new FROM other.project o JOIN main.project n USING (name);
CREATE TEMP TABLE m_machine AS SELECT o.id AS old, n.id AS new FROM other.machine o JOIN main.machine n USING (fingerprint);
CREATE TEMP TABLE m_language AS SELECT o.id AS old, n.id AS new FROM other.language o JOIN main.language n USING (name);
CREATE TEMP TABLE m_metric AS SELECT o.id AS old, n.id AS new FROM other.metric o JOIN main.metric n USING (name);

INSERT OR IGNORE INTO environment (machine_id, digest, os, kernel, libc, captured_ns, score)
SELECT m.new, e.digest, e.os, e.kernel, e.libc, e.captured_ns, e.score
FROM other.environment e JOIN m_machine m ON m.old = e.machine_id;
CREATE TEMP TABLE m_environment AS SELECT o.id AS old, n.id AS new FROM other.environment o JOIN main.environment n USING (digest);
INSERT OR IGNORE INTO env_fact (environment_id, key, value, grade)
SELECT m.new, f.key, f.value, f.grade FROM other.env_fact f JOIN m_environment m ON m.old = f.environment_id;

INSERT OR IGNORE INTO commit_ (project_id, sha, dirty_digest, parent_sha, first_parent_pos, author_ns, commit_ns, branch, subject)
SELECT m.new, c.sha, c.dirty_digest, c.parent_sha, c.first_parent_pos, c.author_ns, c.commit_ns, c.branch, c.subject
FROM other.commit_ c JOIN m_project m ON m.old = c.project_id;
CREATE TEMP TABLE m_commit AS
SELECT o.id AS old, n.id AS new FROM other.commit_ o JOIN m_project p ON p.old = o.project_id
JOIN main.commit_ n ON n.project_id = p.new AND n.sha = o.sha AND n.dirty_digest = o.dirty_digest;

INSERT OR IGNORE INTO toolchain (language_id, version, exe_sha256, flags, version_raw, exe_path)
SELECT m.new, t.version, t.exe_sha256, t.flags, t.version_raw, t.exe_path
FROM other.toolchain t JOIN m_language m ON m.old = t.language_id;
CREATE TEMP TABLE m_toolchain AS
SELECT o.id AS old, n.id AS new FROM other.toolchain o JOIN m_language l ON l.old = o.language_id
JOIN main.toolchain n ON n.language_id = l.new AND n.version = o.version AND n.exe_sha256 = o.exe_sha256 AND n.flags = o.flags;

INSERT OR IGNORE INTO benchmark (project_id, name, def_digest, unit_work, tags)
SELECT m.new, b.name, b.def_digest, b.unit_work, b.tags FROM other.benchmark b JOIN m_project m ON m.old = b.project_id;
CREATE TEMP TABLE m_benchmark AS
SELECT o.id AS old, n.id AS new FROM other.benchmark o JOIN m_project p ON p.old = o.project_id
JOIN main.benchmark n ON n.project_id = p.new AND n.name = o.name AND n.def_digest = o.def_digest;

INSERT OR IGNORE INTO param_set (benchmark_id, json, label, expected_digest)
SELECT m.new, q.json, q.label, q.expected_digest FROM other.param_set q JOIN m_benchmark m ON m.old = q.benchmark_id;
CREATE TEMP TABLE m_param AS
SELECT o.id AS old, n.id AS new FROM other.param_set o JOIN m_benchmark b ON b.old = o.benchmark_id
JOIN main.param_set n ON n.benchmark_id = b.new AND n.json = o.json;

INSERT OR IGNORE INTO implementation (benchmark_id, language_id, name, source_sha256, source_bytes, source_gz_bytes, style)
SELECT b.new, l.new, i.name, i.source_sha256, i.source_bytes, i.source_gz_bytes, i.style
FROM other.implementation i JOIN m_benchmark b ON b.old = i.benchmark_id JOIN m_language l ON l.old = i.language_id;
CREATE TEMP TABLE m_implementation AS
SELECT o.id AS old, n.id AS new FROM other.implementation o
JOIN m_benchmark b ON b.old = o.benchmark_id JOIN m_language l ON l.old = o.language_id
JOIN main.implementation n ON n.benchmark_id = b.new AND n.language_id = l.new AND n.name = o.name
 AND n.source_sha256 = o.source_sha256;

INSERT OR IGNORE INTO variant (digest, implementation_id, toolchain_id, mode, role, label, argv_json, env_json)
SELECT v.digest, i.new, t.new, v.mode, v.role, v.label, v.argv_json, v.env_json
FROM other.variant v JOIN m_implementation i ON i.old = v.implementation_id JOIN m_toolchain t ON t.old = v.toolchain_id;
CREATE TEMP TABLE m_variant AS SELECT o.id AS old, n.id AS new FROM other.variant o JOIN main.variant n USING (digest);

INSERT INTO session (uuid, project_id, commit_id, environment_id, command, settings_json, tool_version, plan_digest, seed,
                     schedule, started_ns, ended_ns, state)
SELECT s.uuid, p.new, c.new, e.new, s.command, s.settings_json, s.tool_version, s.plan_digest, s.seed, s.schedule,
       s.started_ns, s.ended_ns, CASE s.state WHEN 'running' THEN 'interrupted' ELSE s.state END
FROM other.session s JOIN new_session x ON x.id = s.id JOIN m_project p ON p.old = s.project_id
JOIN m_environment e ON e.old = s.environment_id LEFT JOIN m_commit c ON c.old = s.commit_id
ORDER BY s.id; -- @1 is older than @2 in both files
CREATE TEMP TABLE m_session AS SELECT x.id AS old, n.id AS new FROM new_session x JOIN main.session n USING (uuid);

INSERT INTO plan_slot (session_id, seq, block, variant_id, param_set_id, state, attempts)
SELECT s.new, o.seq, o.block, v.new, q.new, o.state, o.attempts
FROM other.plan_slot o JOIN m_session s ON s.old = o.session_id JOIN m_variant v ON v.old = o.variant_id
JOIN m_param q ON q.old = o.param_set_id;

CREATE TEMP TABLE m_log AS
SELECT o.id AS old, (SELECT coalesce(max(id), 0) FROM main.log) + row_number() OVER (ORDER BY o.id) AS new
FROM other.log o JOIN m_session s ON s.old = o.session_id;
INSERT INTO log (id, session_id, out, err)
SELECT m.new, s.new, o.out, o.err FROM other.log o JOIN m_log m ON m.old = o.id JOIN m_session s ON s.old = o.session_id;

INSERT INTO invocation (session_id, seq, block, variant_id, param_set_id, started_ns, wall_ns, startup_ns, first_iter_ns,
                        user_ns, sys_ns, rss_peak, rss_base, minflt, majflt, nvcsw, nivcsw, cpu, env_pad, temp_mc, steal_ns,
                        throttle, outcome, reason, exit_status, signal, verified, checksum, profiled, log_id)
SELECT s.new, o.seq, o.block, v.new, q.new, o.started_ns, o.wall_ns, o.startup_ns, o.first_iter_ns, o.user_ns, o.sys_ns,
       o.rss_peak, o.rss_base, o.minflt, o.majflt, o.nvcsw, o.nivcsw, o.cpu, o.env_pad, o.temp_mc, o.steal_ns, o.throttle,
       o.outcome, o.reason, o.exit_status, o.signal, o.verified, o.checksum, o.profiled, g.new
FROM other.invocation o JOIN m_session s ON s.old = o.session_id JOIN m_variant v ON v.old = o.variant_id
JOIN m_param q ON q.old = o.param_set_id LEFT JOIN m_log g ON g.old = o.log_id;
CREATE TEMP TABLE m_invocation AS
SELECT o.id AS old, n.id AS new FROM other.invocation o JOIN m_session s ON s.old = o.session_id
JOIN main.invocation n ON n.session_id = s.new AND n.seq = o.seq AND n.profiled = o.profiled;

INSERT INTO series (invocation_id, metric_id, inner, n, warm, data)
SELECT i.new, m.new, o.inner, o.n, o.warm, o.data FROM other.series o
JOIN m_invocation i ON i.old = o.invocation_id JOIN m_metric m ON m.old = o.metric_id;
INSERT INTO counter (invocation_id, metric_id, value, enabled_ns, running_ns, status)
SELECT i.new, m.new, o.value, o.enabled_ns, o.running_ns, o.status FROM other.counter o
JOIN m_invocation i ON i.old = o.invocation_id JOIN m_metric m ON m.old = o.metric_id;
INSERT INTO event (session_id, at_ns, level, code, text)
SELECT s.new, o.at_ns, o.level, o.code, o.text FROM other.event o JOIN m_session s ON s.old = o.session_id;
INSERT INTO summary (session_id, variant_id, param_set_id, metric_id, phase, n_inv, n_iter, median, lo, hi, conf, mad, min,
                     max, icc, algo)
SELECT s.new, v.new, q.new, m.new, o.phase, o.n_inv, o.n_iter, o.median, o.lo, o.hi, o.conf, o.mad, o.min, o.max, o.icc, o.algo
FROM other.summary o JOIN m_session s ON s.old = o.session_id JOIN m_variant v ON v.old = o.variant_id
JOIN m_param q ON q.old = o.param_set_id JOIN m_metric m ON m.old = o.metric_id;
INSERT INTO history_point (project_id, bench, lang, mode, param, metric_id, machine_id, commit_id, session_id, value, lo, hi,
                           epoch)
SELECT p.new, o.bench, o.lang, o.mode, o.param, m.new, a.new, c.new, s.new, o.value, o.lo, o.hi, o.epoch
FROM other.history_point o JOIN m_session s ON s.old = o.session_id JOIN m_project p ON p.old = o.project_id
JOIN m_metric m ON m.old = o.metric_id JOIN m_machine a ON a.old = o.machine_id JOIN m_commit c ON c.old = o.commit_id;
INSERT OR IGNORE INTO baseline (name, session_id, note, at_ns)
SELECT o.name, s.new, o.note, o.at_ns FROM other.baseline o JOIN m_session s ON s.old = o.session_id;

DROP TABLE temp.new_session;
DROP TABLE temp.m_project;
DROP TABLE temp.m_machine;
DROP TABLE temp.m_language;
DROP TABLE temp.m_metric;
DROP TABLE temp.m_environment;
DROP TABLE temp.m_commit;
DROP TABLE temp.m_toolchain;
DROP TABLE temp.m_benchmark;
DROP TABLE temp.m_param;
DROP TABLE temp.m_implementation;
DROP TABLE temp.m_variant;
DROP TABLE temp.m_session;
DROP TABLE temp.m_log;
DROP TABLE temp.m_invocation;
