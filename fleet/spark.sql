-- The facts as tables of Spark, started in their folder.

CREATE OR REPLACE TEMPORARY VIEW run (
  fact STRING,
  snapshot STRING,
  repo STRING,
  team STRING,
  read_at STRING,
  commit_id STRING,
  ref_name STRING,
  tool_version STRING,
  schema_version BIGINT,
  key_name STRING,
  policy STRING,
  state STRING,
  complete BOOLEAN,
  why STRING,
  files_read BIGINT,
  files_parsed BIGINT,
  instances BIGINT,
  settings BIGINT,
  secrets BIGINT,
  errors BIGINT,
  warnings BIGINT,
  accepted BIGINT,
  unread BIGINT
) USING json OPTIONS (path 'run');

CREATE OR REPLACE TEMPORARY VIEW instance (
  fact STRING,
  snapshot STRING,
  repo STRING,
  instance STRING,
  kind STRING,
  kind_from STRING,
  account STRING,
  account_from STRING,
  same_as STRING,
  project STRING,
  data_space STRING,
  data_space_state STRING,
  data_space_type STRING,
  active_slot STRING,
  production_api_key STRING,
  production_private_key STRING,
  production_private_key_state STRING,
  sandbox_api_key STRING,
  sandbox_private_key STRING,
  sandbox_private_key_state STRING,
  files BIGINT,
  fingerprint STRING
) USING json OPTIONS (path 'instance');

CREATE OR REPLACE TEMPORARY VIEW setting (
  fact STRING,
  snapshot STRING,
  repo STRING,
  instance STRING,
  config_path STRING,
  scope STRING,
  path STRING,
  line BIGINT,
  layer STRING,
  carrier STRING,
  state STRING,
  standing STRING,
  in_force BOOLEAN,
  winner_layer STRING,
  winner_path STRING,
  winner_line BIGINT,
  value STRING,
  fingerprint STRING
) USING json OPTIONS (path 'setting');

CREATE OR REPLACE TEMPORARY VIEW secret (
  fact STRING,
  snapshot STRING,
  repo STRING,
  path STRING,
  line BIGINT,
  kind STRING,
  form STRING,
  damage STRING,
  encoding STRING,
  encrypted BOOLEAN,
  buried BOOLEAN,
  instances BIGINT,
  fingerprint STRING
) USING json OPTIONS (path 'secret');

CREATE OR REPLACE TEMPORARY VIEW finding (
  fact STRING,
  snapshot STRING,
  repo STRING,
  rule STRING,
  severity STRING,
  path STRING,
  line BIGINT,
  message STRING,
  instance STRING,
  instances BIGINT,
  accepted BOOLEAN,
  reason STRING,
  fingerprint STRING
) USING json OPTIONS (path 'finding');

CREATE OR REPLACE TEMPORARY VIEW storefront (
  fact STRING,
  snapshot STRING,
  repo STRING,
  path STRING,
  line BIGINT,
  kind STRING,
  data_space STRING,
  fingerprint STRING,
  instance STRING
) USING json OPTIONS (path 'storefront');
