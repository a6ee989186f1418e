-- Data spaces that installations of several repositories end up with: they write into each other's catalog. Production first.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
member AS (
  SELECT DISTINCT i.data_space, i.repo, i.same_as AS instance, i.kind
  FROM instance i JOIN latest l ON i.snapshot = l.snapshot
  WHERE i.data_space IS NOT NULL
),
shared AS (
  SELECT data_space, count(DISTINCT repo) AS repos, count(*) AS instances,
    sum(CASE WHEN kind = 'production' THEN 1 ELSE 0 END) AS production
  FROM member GROUP BY data_space HAVING count(DISTINCT repo) > 1
)
SELECT s.data_space, s.repos, s.instances, s.production, m.repo, m.instance, m.kind
FROM shared s JOIN member m ON s.data_space = m.data_space
ORDER BY s.production DESC, s.repos DESC, s.data_space, m.repo, m.instance;
