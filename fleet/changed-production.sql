-- Installations in production whose data space is another one than when they were seen last, however many snapshots ago: their catalog begins anew.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
seen AS (
  SELECT i.repo, i.instance, max(i.snapshot) AS snapshot
  FROM instance i
  JOIN latest l ON i.snapshot < l.snapshot
  JOIN run r ON r.snapshot = i.snapshot AND r.repo = i.repo
  WHERE i.data_space IS NOT NULL OR r.complete
  GROUP BY i.repo, i.instance
),
was_there AS (
  SELECT i.repo, i.instance, i.kind, i.data_space, i.snapshot, r.commit_id
  FROM instance i
  JOIN seen s ON i.repo = s.repo AND i.instance = s.instance AND i.snapshot = s.snapshot
  JOIN run r ON r.snapshot = i.snapshot AND r.repo = i.repo
),
now_there AS (
  SELECT i.* FROM instance i JOIN latest l ON i.snapshot = l.snapshot
)
SELECT n.repo, n.instance, w.data_space AS data_space_before, n.data_space, n.data_space_state,
  w.snapshot AS snapshot_before, w.commit_id AS commit_before, r.commit_id, r.complete
FROM now_there n
JOIN was_there w ON w.repo = n.repo AND w.instance = n.instance
JOIN run r ON r.snapshot = n.snapshot AND r.repo = n.repo
WHERE (n.kind = 'production' OR w.kind = 'production')
  AND w.data_space IS NOT NULL
  AND coalesce(n.data_space, '') <> w.data_space
ORDER BY n.repo, n.instance;
