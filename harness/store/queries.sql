-- Every statement of ruffbench by name.  ?1, ?2 ... are bound in order.

-- name: put_project
INSERT INTO project (name, root_hash, created_ns) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET root_hash = excluded.root_hash RETURNING id;

-- name: put_machine
INSERT INTO machine (fingerprint, name, cpu_model, isa, cores_physical, cores_logical, mem_bytes, virt)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name RETURNING id;

-- name: put_environment
INSERT INTO environment (machine_id, digest, os, kernel, libc, captured_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (digest) DO UPDATE SET captured_ns = min(captured_ns, excluded.captured_ns) RETURNING id;

-- name: put_env_fact
INSERT INTO env_fact (environment_id, key, value, grade) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING;

-- name: put_commit
INSERT INTO commit_ (project_id, sha, dirty_digest, parent_sha, first_parent_pos, author_ns, commit_ns, branch, subject)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (project_id, sha, dirty_digest) DO UPDATE SET branch = excluded.branch RETURNING id;

-- name: put_language
INSERT INTO language (name, def_digest, subject) VALUES (?1, ?2, ?3)
ON CONFLICT (name) DO UPDATE SET def_digest = excluded.def_digest, subject = excluded.subject RETURNING id;

-- name: put_toolchain
INSERT INTO toolchain (language_id, version, exe_sha256, flags, version_raw, exe_path) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (language_id, version, exe_sha256, flags) DO UPDATE SET exe_path = excluded.exe_path RETURNING id;

-- name: put_benchmark
INSERT INTO benchmark (project_id, name, def_digest, unit_work, tags) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (project_id, name, def_digest) DO UPDATE SET tags = excluded.tags RETURNING id;

-- name: put_param_set
INSERT INTO param_set (benchmark_id, json, label, expected_digest) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (benchmark_id, json) DO UPDATE
SET label = excluded.label, expected_digest = coalesce(excluded.expected_digest, expected_digest) RETURNING id;

-- name: put_implementation
INSERT INTO implementation (benchmark_id, language_id, name, source_sha256, source_bytes, style)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (benchmark_id, language_id, name, source_sha256) DO UPDATE SET style = excluded.style RETURNING id;

-- name: put_variant
INSERT INTO variant (digest, implementation_id, toolchain_id, mode, role, label, argv_json, env_json)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (digest) DO UPDATE SET argv_json = excluded.argv_json RETURNING id;

-- name: put_metric
INSERT INTO metric (name, unit, better, kind) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (name) DO UPDATE SET kind = kind RETURNING id;

-- name: insert_session
INSERT INTO session (uuid, project_id, commit_id, environment_id, command, settings_json, tool_version, plan_digest,
                     seed, schedule, started_ns, pid, state)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'running') RETURNING id;

-- name: has_profiles
SELECT count(*) FROM sqlite_schema WHERE name = 'sample_agg';

-- name: profiles_of_sessions
SELECT p.id, s.uuid, p.label, p.git_revision, p.started, p.wall_ns, p.cpu_ns FROM profile p JOIN session s ON s.id = p.bench_run
ORDER BY p.id;

-- name: session_lacking_profile
SELECT s.id FROM session s WHERE s.uuid = ?1 AND NOT EXISTS (
    SELECT 1 FROM profile p WHERE p.bench_run = s.id AND p.label = ?2 AND p.started = ?3 AND p.wall_ns = ?4 AND p.cpu_ns = ?5);

-- name: newest_session_of_commit
SELECT s.id FROM session s LEFT JOIN commit_ c ON c.id = s.commit_id
WHERE c.sha IS ?1 AND coalesce(c.dirty_digest, '') = ?2 AND s.state <> 'imported' ORDER BY s.id DESC LIMIT 1;

-- name: reopen_session
UPDATE session SET state = 'running', ended_ns = NULL, pid = ?2 WHERE id = ?1;

-- name: unfinished_session
SELECT max(id) FROM session WHERE state IN ('running', 'interrupted');

-- name: mean_wall
SELECT avg(wall_ns) FROM (SELECT wall_ns FROM invocation i JOIN variant v ON v.id = i.variant_id
JOIN param_set p ON p.id = i.param_set_id WHERE v.digest = ?1 AND p.json = ?2 ORDER BY i.id DESC LIMIT 20);

-- name: end_session
UPDATE session SET state = ?2, ended_ns = ?3, pid = NULL WHERE id = ?1;

-- name: insert_slot
INSERT INTO plan_slot (session_id, seq, block, variant_id, param_set_id, state) VALUES (?1, ?2, ?3, ?4, ?5, 'todo');

-- name: set_slot
UPDATE plan_slot SET state = ?3, attempts = attempts + ?4 WHERE session_id = ?1 AND seq = ?2;

-- name: insert_log
INSERT INTO log (session_id, out, err) VALUES (?1, ?2, ?3) RETURNING id;

-- name: insert_invocation
INSERT INTO invocation (session_id, seq, block, variant_id, param_set_id, started_ns, wall_ns, startup_ns,
                        first_iter_ns, user_ns, sys_ns, rss_peak, rss_base, minflt, majflt, nvcsw, nivcsw, env_pad,
                        steal_ns, outcome, reason, exit_status, signal, verified, checksum, profiled, log_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
        ?24, ?25, 0, ?26) RETURNING id;

-- name: insert_series
INSERT INTO series (invocation_id, metric_id, n, data) VALUES (?1, ?2, ?3, ?4);

-- name: insert_counter
INSERT INTO counter (invocation_id, metric_id, value, status) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (invocation_id, metric_id) DO UPDATE SET value = excluded.value, status = excluded.status;

-- name: insert_event
INSERT INTO event (session_id, at_ns, level, code, text) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: find_session
SELECT s.id, s.uuid, s.state, s.seed, s.schedule, s.started_ns, coalesce(s.ended_ns, 0), s.command, s.settings_json,
       s.plan_digest, coalesce(s.pid, 0), e.digest, m.fingerprint, coalesce(c.sha, ''), coalesce(c.dirty_digest, ''),
       coalesce(e.score, -1), s.project_id, s.environment_id, coalesce(s.commit_id, 0), m.id
FROM session s
JOIN environment e ON e.id = s.environment_id
JOIN machine m ON m.id = e.machine_id
LEFT JOIN commit_ c ON c.id = s.commit_id
WHERE s.id = ?1;

-- name: last_session
SELECT max(id) FROM session;

-- name: session_variants
SELECT DISTINCT v.id, v.label, l.name, v.mode, t.version, t.version_raw, v.digest, m.source_sha256, t.exe_sha256,
       t.flags, v.argv_json, v.env_json, l.subject, v.role,
       EXISTS (SELECT 1 FROM event e WHERE e.session_id = p.session_id AND e.code = 'cpu-clock' AND e.text = l.name)
FROM plan_slot p
JOIN variant v ON v.id = p.variant_id
JOIN implementation m ON m.id = v.implementation_id
JOIN language l ON l.id = m.language_id
JOIN toolchain t ON t.id = v.toolchain_id
WHERE p.session_id = ?1 ORDER BY v.id;

-- name: session_params
SELECT DISTINCT q.id, b.name, q.label, q.json, coalesce(q.expected_digest, ''), b.unit_work, b.tags, b.def_digest
FROM plan_slot p
JOIN param_set q ON q.id = p.param_set_id
JOIN benchmark b ON b.id = q.benchmark_id
WHERE p.session_id = ?1
ORDER BY (SELECT min(o.id) FROM param_set o WHERE o.benchmark_id = b.id), json_extract(q.json, '$.size'), q.id;

-- name: session_slots
SELECT seq, block, variant_id, param_set_id, state, attempts FROM plan_slot WHERE session_id = ?1 ORDER BY seq;

-- name: session_samples
SELECT i.id, i.seq, i.block, i.variant_id, i.param_set_id, i.outcome, i.reason, i.wall_ns, i.startup_ns,
       i.first_iter_ns, i.user_ns, i.sys_ns, i.rss_peak, i.rss_base, i.nivcsw, i.steal_ns, i.checksum, s.data, s.n,
       c.value, i.exit_status, i.signal, i.env_pad, i.minflt, i.majflt, i.nvcsw, i.started_ns
FROM invocation i
LEFT JOIN series s ON s.invocation_id = i.id AND s.metric_id = (SELECT id FROM metric WHERE name = 'iteration')
LEFT JOIN counter c ON c.invocation_id = i.id AND c.metric_id = (SELECT id FROM metric WHERE name = 'build')
WHERE i.session_id = ?1 AND i.profiled = 0 ORDER BY i.seq;

-- name: latest_results
SELECT b.name, max(s.started_ns), max(s.id)
FROM plan_slot p
JOIN session s ON s.id = p.session_id
JOIN param_set q ON q.id = p.param_set_id
JOIN benchmark b ON b.id = q.benchmark_id
GROUP BY b.name;

-- name: session_event
SELECT text FROM event WHERE session_id = ?1 AND code = ?2 ORDER BY id DESC LIMIT 1;

-- name: session_events
SELECT DISTINCT text FROM event WHERE session_id = ?1 AND code = ?2 ORDER BY id;

-- name: list_sessions
SELECT s.id, s.state, s.started_ns, coalesce(s.ended_ns, 0), s.command, coalesce(c.sha, ''),
       (SELECT count(*) FROM invocation i WHERE i.session_id = s.id), coalesce(c.dirty_digest, '')
FROM session s LEFT JOIN commit_ c ON c.id = s.commit_id ORDER BY s.id DESC LIMIT ?1;

-- name: attach_other
ATTACH ?1 AS other;

-- name: count_sessions
SELECT count(*) FROM session;

-- name: count_invocations
SELECT count(*) FROM invocation;

-- name: clear_summary
DELETE FROM summary WHERE session_id = ?1;

-- name: clear_warmup
DELETE FROM warmup WHERE session_id = ?1;

-- name: clear_segments
DELETE FROM segment WHERE invocation_id IN (SELECT id FROM invocation WHERE session_id = ?1);

-- name: clear_comparisons
DELETE FROM comparison WHERE cand_session = ?1 AND base_session = ?1 AND p_adj IS NULL;

-- name: clear_history_points
DELETE FROM history_point WHERE session_id = ?1;

-- name: insert_summary
INSERT INTO summary (session_id, variant_id, param_set_id, metric_id, phase, n_inv, n_iter, median, lo, hi, conf, mad, min,
                     max, icc, algo)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16);

-- name: insert_warmup
INSERT INTO warmup (session_id, variant_id, param_set_id, class, steady_iter, steady_ns, algo)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: insert_segment
INSERT INTO segment (invocation_id, idx, lo, hi, mean, var) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: insert_comparison
INSERT INTO comparison (base_session, base_variant, cand_session, cand_variant, param_set_id, metric_id, phase, paired, n,
                        ratio, lo, hi, conf, p, p_adj, cliffs, margin, verdict, algo)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19);

-- name: insert_history_point
INSERT INTO history_point (project_id, bench, lang, mode, param, metric_id, machine_id, commit_id, session_id, value, lo, hi,
                           epoch)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);

-- name: all_sessions
SELECT id FROM session ORDER BY id;

-- name: session_counters
SELECT i.variant_id, i.param_set_id, k.name, avg(c.value), min(c.value), max(c.value), count(*)
FROM counter c JOIN invocation i ON i.id = c.invocation_id JOIN metric k ON k.id = c.metric_id
WHERE i.session_id = ?1 AND k.kind = 'reported' AND c.status IN ('ok', 'scaled')
GROUP BY i.variant_id, i.param_set_id, k.name ORDER BY i.variant_id, i.param_set_id, k.name;

-- name: find_baseline
SELECT session_id FROM baseline WHERE name = ?1;

-- name: put_baseline
INSERT INTO baseline (name, session_id, note, at_ns) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (name) DO UPDATE SET session_id = excluded.session_id, note = excluded.note, at_ns = excluded.at_ns;

-- name: session_of_commit
SELECT max(s.id) FROM session s JOIN commit_ c ON c.id = s.commit_id WHERE c.sha = ?1;

-- name: insert_blessing
INSERT INTO blessing (changepoint_id, commit_id, selector, reason, author, at_ns, until_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
RETURNING id;

-- name: undo_blessing
UPDATE blessing SET undone_ns = ?2 WHERE id = ?1 AND undone_ns IS NULL RETURNING id;

-- name: reopen_changepoint
UPDATE changepoint SET state = 'open'
WHERE state = 'blessed' AND id = (SELECT changepoint_id FROM blessing WHERE id = ?1);

-- name: active_blessings
SELECT b.id, b.selector, b.reason, b.author, b.at_ns, coalesce(c.sha, ''), coalesce(b.changepoint_id, 0)
FROM blessing b LEFT JOIN commit_ c ON c.id = b.commit_id
WHERE b.undone_ns IS NULL AND (b.until_ns IS NULL OR b.until_ns > ?1) ORDER BY b.id;

-- name: all_blessings
SELECT b.id, b.selector, b.reason, b.author, b.at_ns, coalesce(c.sha, ''), coalesce(b.undone_ns, 0), coalesce(b.until_ns, 0)
FROM blessing b LEFT JOIN commit_ c ON c.id = b.commit_id ORDER BY b.id;

-- name: set_changepoint_state
UPDATE changepoint SET state = ?2 WHERE id = ?1 RETURNING id;

-- name: history_points
SELECT h.bench, h.lang, h.mode, h.param, m.fingerprint, h.value, h.lo, h.hi, h.epoch, h.session_id, c.id, c.sha, c.subject,
       coalesce(c.first_parent_pos, -1), coalesce(c.commit_ns, 0), c.dirty_digest, h.project_id, h.machine_id, h.metric_id,
       EXISTS (SELECT 1 FROM event e WHERE e.session_id = h.session_id AND e.code = 'cpu-clock' AND e.text = h.lang)
FROM history_point h
JOIN commit_ c ON c.id = h.commit_id
JOIN machine m ON m.id = h.machine_id
JOIN metric k ON k.id = h.metric_id
WHERE k.name = ?1 AND (?2 IS NULL OR c.branch = ?2) AND coalesce(c.commit_ns, 0) >= ?3
ORDER BY h.bench, h.lang, h.mode, h.param, m.fingerprint, coalesce(c.first_parent_pos, -1), c.commit_ns, h.session_id;

-- name: find_changepoint
SELECT id, state FROM changepoint WHERE project_id = ?1 AND bench = ?2 AND lang = ?3 AND mode = ?4 AND param = ?5
AND metric_id = ?6 AND machine_id = ?7 AND first_commit = ?8 AND kind = ?9;

-- name: put_changepoint
INSERT INTO changepoint (project_id, bench, lang, mode, param, metric_id, machine_id, first_commit, last_good_commit, before,
                         after, p, kind, state, algo)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'open', ?14) RETURNING id;

-- name: environment_facts
SELECT key, value FROM (
    SELECT f.key, f.value FROM env_fact f WHERE f.environment_id = ?1
    UNION ALL SELECT 'os', os FROM environment WHERE id = ?1
    UNION ALL SELECT 'kernel', kernel FROM environment WHERE id = ?1
    UNION ALL SELECT 'libc', libc FROM environment WHERE id = ?1
    UNION ALL SELECT 'machine', substr(m.fingerprint, 1, 12) FROM environment e JOIN machine m ON m.id = e.machine_id WHERE e.id = ?1
    UNION ALL SELECT 'cpu', m.cpu_model FROM environment e JOIN machine m ON m.id = e.machine_id WHERE e.id = ?1
    UNION ALL SELECT 'cores', m.cores_physical || '/' || m.cores_logical FROM environment e JOIN machine m ON m.id = e.machine_id WHERE e.id = ?1
    UNION ALL SELECT 'memory_mib', m.mem_bytes / 1048576 FROM environment e JOIN machine m ON m.id = e.machine_id WHERE e.id = ?1
    UNION ALL SELECT 'virtualisation', m.virt FROM environment e JOIN machine m ON m.id = e.machine_id WHERE e.id = ?1
) ORDER BY key;

-- name: report_params
SELECT s.id, p.param_set_id, b.name, q.json,
       max(l.subject) AS own
FROM plan_slot p
JOIN session s ON s.id = p.session_id
JOIN environment e ON e.id = s.environment_id
JOIN param_set q ON q.id = p.param_set_id
JOIN benchmark b ON b.id = q.benchmark_id
JOIN variant v ON v.id = p.variant_id
JOIN implementation m ON m.id = v.implementation_id
JOIN language l ON l.id = m.language_id
WHERE e.machine_id = (SELECT x.machine_id FROM session y JOIN environment x ON x.id = y.environment_id
                      ORDER BY y.state = 'imported', y.id DESC LIMIT 1)
  AND s.started_ns >= ?
GROUP BY s.id, p.param_set_id HAVING max(v.role) = ''
ORDER BY b.name, q.json, own DESC, s.id DESC;

-- name: count_other_machines
SELECT count(*) FROM session s JOIN environment e ON e.id = s.environment_id WHERE e.machine_id <> ?1;

-- name: find_or_put_language
INSERT INTO language (name, def_digest, subject) VALUES (?1, 'imported', 0)
ON CONFLICT (name) DO UPDATE SET name = name RETURNING id;

-- name: count_thin_series
SELECT count(*) FROM series WHERE invocation_id IN
(SELECT i.id FROM invocation i JOIN session s ON s.id = i.session_id WHERE s.started_ns < ?1);

-- name: thin_series
DELETE FROM series WHERE invocation_id IN
(SELECT i.id FROM invocation i JOIN session s ON s.id = i.session_id WHERE s.started_ns < ?1);

-- name: thin_segments
DELETE FROM segment WHERE invocation_id IN
(SELECT i.id FROM invocation i JOIN session s ON s.id = i.session_id WHERE s.started_ns < ?1);

-- name: forget_logs
UPDATE invocation SET log_id = NULL WHERE session_id IN (SELECT id FROM session WHERE started_ns < ?1);

-- name: thin_logs
DELETE FROM log WHERE session_id IN (SELECT id FROM session WHERE started_ns < ?1);

-- name: insert_count
INSERT INTO counter (invocation_id, metric_id, value, enabled_ns, running_ns, status) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (invocation_id, metric_id) DO UPDATE SET value = excluded.value, status = excluded.status;

-- name: session_counts
SELECT c.invocation_id, k.name, coalesce(c.value, -1), c.status
FROM counter c JOIN invocation i ON i.id = c.invocation_id JOIN metric k ON k.id = c.metric_id
WHERE i.session_id = ?1 AND k.kind = 'kernel' ORDER BY c.invocation_id;

-- name: epoch_parts
SELECT m.source_sha256, t.flags, v.argv_json, v.env_json, b.def_digest,
       CASE l.subject WHEN 0 THEN t.version || t.exe_sha256 ELSE '' END
FROM plan_slot p
JOIN variant v ON v.id = p.variant_id
JOIN implementation m ON m.id = v.implementation_id
JOIN language l ON l.id = m.language_id
JOIN toolchain t ON t.id = v.toolchain_id
JOIN param_set q ON q.id = p.param_set_id
JOIN benchmark b ON b.id = q.benchmark_id
WHERE p.session_id = ?1 AND b.name = ?2 AND l.name = ?3 AND v.mode = ?4 AND v.role = '' LIMIT 1;

-- name: invocation_log
SELECT g.out, g.err, coalesce(i.reason, '') FROM invocation i JOIN log g ON g.id = i.log_id
WHERE i.session_id = ?1 AND i.seq = ?2;
