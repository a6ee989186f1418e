-- Repositories of which not all is known: read in part, not at all, or gone since the snapshot before. No other answer is whole for them.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
earlier AS (
  SELECT max(r.snapshot) AS snapshot FROM run r JOIN latest l ON r.snapshot < l.snapshot
),
here AS (
  SELECT r.* FROM run r JOIN latest l ON r.snapshot = l.snapshot
)
SELECT h.repo, h.team, h.state, h.unread, h.why
FROM here h WHERE NOT h.complete
UNION ALL
SELECT b.repo, b.team, 'gone' AS state, 0 AS unread, 'it is not in the last snapshot' AS why
FROM run b JOIN earlier e ON b.snapshot = e.snapshot
LEFT JOIN here h ON h.repo = b.repo
WHERE h.repo IS NULL
ORDER BY 3, 1;
