-- Private keys that several repositories hold: who can read one of them signs for the shops of all. Names that were given under two fleet keys say nothing
-- of each other and are not compared: not-read-whole.sql lists those.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
held AS (
  SELECT r.key_name, s.fingerprint, s.repo, s.path, s.line, s.encrypted
  FROM secret s
  JOIN latest l ON s.snapshot = l.snapshot
  JOIN run r ON r.snapshot = s.snapshot AND r.repo = s.repo
  WHERE s.fingerprint IS NOT NULL AND r.key_name IS NOT NULL
),
spread AS (
  SELECT key_name, fingerprint, count(DISTINCT repo) AS repos, count(*) AS places
  FROM held GROUP BY key_name, fingerprint HAVING count(DISTINCT repo) > 1
)
SELECT s.fingerprint, s.repos, s.places, h.repo, h.path, h.line, h.encrypted
FROM spread s JOIN held h ON s.key_name = h.key_name AND s.fingerprint = h.fingerprint
ORDER BY s.repos DESC, s.fingerprint, h.repo, h.path, h.line;
