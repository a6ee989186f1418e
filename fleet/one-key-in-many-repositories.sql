-- Private keys that several repositories hold: who can read one of them signs for the shops of all.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
held AS (
  SELECT s.fingerprint, s.repo, s.path, s.line, s.encrypted
  FROM secret s JOIN latest l ON s.snapshot = l.snapshot
  WHERE s.fingerprint IS NOT NULL
),
spread AS (
  SELECT fingerprint, count(DISTINCT repo) AS repos, count(*) AS places
  FROM held GROUP BY fingerprint HAVING count(DISTINCT repo) > 1
)
SELECT s.fingerprint, s.repos, s.places, h.repo, h.path, h.line, h.encrypted
FROM spread s JOIN held h ON s.fingerprint = h.fingerprint
ORDER BY s.repos DESC, s.fingerprint, h.repo, h.path, h.line;
