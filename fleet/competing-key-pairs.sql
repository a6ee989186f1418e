-- Accounts whose installations have different keys in one slot: Adobe knows one pair a slot, so all but one of them fail to sign. Names that were given
-- under two fleet keys say nothing of each other and are not compared: not-read-whole.sql lists those.
WITH latest AS (
  SELECT max(snapshot) AS snapshot FROM run
),
owner AS (
  SELECT i.*, r.key_name, CASE WHEN i.account_from = 'declared' THEN i.account ELSE i.project END AS owner
  FROM instance i
  JOIN latest l ON i.snapshot = l.snapshot
  JOIN run r ON r.snapshot = i.snapshot AND r.repo = i.repo
  WHERE (i.project IS NOT NULL OR i.account_from = 'declared') AND r.key_name IS NOT NULL
),
half AS (
  SELECT owner, key_name, 'production' AS slot, 'api-key' AS half, production_api_key AS name, repo, instance, kind FROM owner
  UNION ALL
  SELECT owner, key_name, 'production', 'private-key', production_private_key, repo, instance, kind FROM owner
  UNION ALL
  SELECT owner, key_name, 'sandbox', 'api-key', sandbox_api_key, repo, instance, kind FROM owner
  UNION ALL
  SELECT owner, key_name, 'sandbox', 'private-key', sandbox_private_key, repo, instance, kind FROM owner
),
competing AS (
  SELECT owner, key_name, slot, half, count(DISTINCT name) AS names, count(DISTINCT repo) AS repos
  FROM half WHERE name IS NOT NULL
  GROUP BY owner, key_name, slot, half HAVING count(DISTINCT name) > 1 AND count(DISTINCT repo) > 1
)
SELECT c.owner, c.slot, c.half, c.names, c.repos, h.name, h.repo, h.instance, h.kind
FROM competing c
JOIN half h ON c.owner = h.owner AND c.key_name = h.key_name AND c.slot = h.slot AND c.half = h.half
WHERE h.name IS NOT NULL
ORDER BY c.repos DESC, c.owner, c.slot, c.half, h.name, h.repo, h.instance;
