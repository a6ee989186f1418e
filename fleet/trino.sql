-- The facts as tables of Trino, in a schema of a Hive catalog: `LOCATION` is where their folder lies: s3://bucket/facts.

CREATE TABLE run (
  fact VARCHAR,
  snapshot VARCHAR,
  repo VARCHAR,
  team VARCHAR,
  read_at VARCHAR,
  commit_id VARCHAR,
  ref_name VARCHAR,
  tool_version VARCHAR,
  schema_version BIGINT,
  key_name VARCHAR,
  policy VARCHAR,
  state VARCHAR,
  complete BOOLEAN,
  why VARCHAR,
  files_read BIGINT,
  files_parsed BIGINT,
  instances BIGINT,
  settings BIGINT,
  secrets BIGINT,
  errors BIGINT,
  warnings BIGINT,
  accepted BIGINT,
  unread BIGINT
) WITH (format = 'JSON', external_location = 'LOCATION/run');

CREATE TABLE instance (
  fact VARCHAR,
  snapshot VARCHAR,
  repo VARCHAR,
  instance VARCHAR,
  kind VARCHAR,
  kind_from VARCHAR,
  account VARCHAR,
  account_from VARCHAR,
  same_as VARCHAR,
  project VARCHAR,
  data_space VARCHAR,
  data_space_state VARCHAR,
  data_space_type VARCHAR,
  active_slot VARCHAR,
  production_api_key VARCHAR,
  production_private_key VARCHAR,
  production_private_key_state VARCHAR,
  sandbox_api_key VARCHAR,
  sandbox_private_key VARCHAR,
  sandbox_private_key_state VARCHAR,
  files BIGINT,
  fingerprint VARCHAR
) WITH (format = 'JSON', external_location = 'LOCATION/instance');

CREATE TABLE setting (
  fact VARCHAR,
  snapshot VARCHAR,
  repo VARCHAR,
  instance VARCHAR,
  config_path VARCHAR,
  scope VARCHAR,
  path VARCHAR,
  line BIGINT,
  layer VARCHAR,
  carrier VARCHAR,
  state VARCHAR,
  standing VARCHAR,
  in_force BOOLEAN,
  winner_layer VARCHAR,
  winner_path VARCHAR,
  winner_line BIGINT,
  value VARCHAR,
  fingerprint VARCHAR
) WITH (format = 'JSON', external_location = 'LOCATION/setting');

CREATE TABLE secret (
  fact VARCHAR,
  snapshot VARCHAR,
  repo VARCHAR,
  path VARCHAR,
  line BIGINT,
  kind VARCHAR,
  form VARCHAR,
  damage VARCHAR,
  encoding VARCHAR,
  encrypted BOOLEAN,
  buried BOOLEAN,
  instances BIGINT,
  fingerprint VARCHAR
) WITH (format = 'JSON', external_location = 'LOCATION/secret');

CREATE TABLE finding (
  fact VARCHAR,
  snapshot VARCHAR,
  repo VARCHAR,
  rule VARCHAR,
  severity VARCHAR,
  path VARCHAR,
  line BIGINT,
  message VARCHAR,
  instance VARCHAR,
  instances BIGINT,
  accepted BOOLEAN,
  reason VARCHAR,
  fingerprint VARCHAR
) WITH (format = 'JSON', external_location = 'LOCATION/finding');

CREATE TABLE storefront (
  fact VARCHAR,
  snapshot VARCHAR,
  repo VARCHAR,
  path VARCHAR,
  line BIGINT,
  kind VARCHAR,
  data_space VARCHAR,
  fingerprint VARCHAR,
  instance VARCHAR
) WITH (format = 'JSON', external_location = 'LOCATION/storefront');
