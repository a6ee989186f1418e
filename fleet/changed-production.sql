-- Installations in production whose data space is another one than in the snapshot before: their catalog begins anew.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
earlier AS (
  SELECT max(r.snapshot) AS snapshot FROM run r JOIN latest l ON r.snapshot < l.snapshot
),
now_there AS (
  SELECT i.* FROM instance i JOIN latest l ON i.snapshot = l.snapshot
),
was_there AS (
  SELECT i.* FROM instance i JOIN earlier e ON i.snapshot = e.snapshot
)
SELECT n.repo, n.instance, w.data_space AS data_space_before, n.data_space, n.data_space_state, w.commit_before, r.commit_id, r.complete
FROM now_there n
JOIN (
  SELECT w.repo, w.instance, w.kind, w.data_space, b.commit_id AS commit_before
  FROM was_there w JOIN run b ON b.snapshot = w.snapshot AND b.repo = w.repo
) w ON w.repo = n.repo AND w.instance = n.instance
JOIN run r ON r.snapshot = n.snapshot AND r.repo = n.repo
WHERE (n.kind = 'production' OR w.kind = 'production')
  AND w.data_space IS NOT NULL
  AND coalesce(n.data_space, '') <> w.data_space
ORDER BY n.repo, n.instance;
