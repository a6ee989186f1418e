-- How many open and accepted findings each team has of each rule, and in how many repositories.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
)
SELECT r.team, f.rule, f.severity,
  sum(CASE WHEN f.accepted THEN 0 ELSE 1 END) AS open_findings,
  sum(CASE WHEN f.accepted THEN 1 ELSE 0 END) AS accepted_findings,
  count(DISTINCT f.repo) AS repos
FROM finding f
JOIN latest l ON f.snapshot = l.snapshot
JOIN run r ON r.snapshot = f.snapshot AND r.repo = f.repo
GROUP BY r.team, f.rule, f.severity
ORDER BY r.team, open_findings DESC, f.rule, f.severity;
