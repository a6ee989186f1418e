-- Repositories of which not all is known: read in part, not at all, gone since any earlier snapshot, or with keys that are compared with no
-- others, since they were named under another fleet key than most, or under none. No other answer is whole for them.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
here AS (
  SELECT r.* FROM run r JOIN latest l ON r.snapshot = l.snapshot
),
seen AS (
  SELECT repo, max(snapshot) AS snapshot FROM run GROUP BY repo
),
fleet_key AS (
  SELECT key_name, count(*) AS repos FROM here WHERE key_name IS NOT NULL GROUP BY key_name
),
usual AS (
  SELECT min(k.key_name) AS key_name
  FROM fleet_key k JOIN (SELECT max(repos) AS repos FROM fleet_key) m ON k.repos = m.repos
)
SELECT h.repo, h.team, h.state, h.unread, h.why
FROM here h WHERE NOT h.complete
UNION ALL
SELECT h.repo, h.team, 'no key' AS state, 0 AS unread, 'its keys have no names, so they are compared with no others' AS why
FROM here h WHERE h.key_name IS NULL AND (h.instances > 0 OR h.secrets > 0)
UNION ALL
SELECT h.repo, h.team, 'other key' AS state, 0 AS unread, 'its keys are named under another fleet key than most, so they are not compared with those' AS why
FROM here h JOIN usual u ON h.key_name <> u.key_name
WHERE h.instances > 0 OR h.secrets > 0
UNION ALL
SELECT b.repo, b.team, 'gone' AS state, 0 AS unread, 'it is not in the last snapshot, and was last in ' || b.snapshot AS why
FROM run b
JOIN seen s ON b.repo = s.repo AND b.snapshot = s.snapshot
JOIN latest l ON s.snapshot < l.snapshot
ORDER BY 3, 1;
