-- The facts as tables of DuckDB, started in their folder.

CREATE OR REPLACE VIEW run AS SELECT * FROM read_json('run/*.ndjson', format = 'newline_delimited', columns = {
  fact: 'VARCHAR',
  snapshot: 'VARCHAR',
  repo: 'VARCHAR',
  team: 'VARCHAR',
  read_at: 'VARCHAR',
  commit_id: 'VARCHAR',
  ref_name: 'VARCHAR',
  tool_version: 'VARCHAR',
  schema_version: 'BIGINT',
  key_name: 'VARCHAR',
  policy: 'VARCHAR',
  state: 'VARCHAR',
  complete: 'BOOLEAN',
  why: 'VARCHAR',
  files_read: 'BIGINT',
  files_parsed: 'BIGINT',
  instances: 'BIGINT',
  settings: 'BIGINT',
  secrets: 'BIGINT',
  errors: 'BIGINT',
  warnings: 'BIGINT',
  accepted: 'BIGINT',
  unread: 'BIGINT'
});

CREATE OR REPLACE VIEW instance AS SELECT * FROM read_json('instance/*.ndjson', format = 'newline_delimited', columns = {
  fact: 'VARCHAR',
  snapshot: 'VARCHAR',
  repo: 'VARCHAR',
  instance: 'VARCHAR',
  kind: 'VARCHAR',
  kind_from: 'VARCHAR',
  account: 'VARCHAR',
  account_from: 'VARCHAR',
  same_as: 'VARCHAR',
  project: 'VARCHAR',
  data_space: 'VARCHAR',
  data_space_state: 'VARCHAR',
  data_space_type: 'VARCHAR',
  active_slot: 'VARCHAR',
  production_api_key: 'VARCHAR',
  production_private_key: 'VARCHAR',
  production_private_key_state: 'VARCHAR',
  sandbox_api_key: 'VARCHAR',
  sandbox_private_key: 'VARCHAR',
  sandbox_private_key_state: 'VARCHAR',
  files: 'BIGINT',
  fingerprint: 'VARCHAR'
});

CREATE OR REPLACE VIEW setting AS SELECT * FROM read_json('setting/*.ndjson', format = 'newline_delimited', columns = {
  fact: 'VARCHAR',
  snapshot: 'VARCHAR',
  repo: 'VARCHAR',
  instance: 'VARCHAR',
  config_path: 'VARCHAR',
  scope: 'VARCHAR',
  path: 'VARCHAR',
  line: 'BIGINT',
  layer: 'VARCHAR',
  carrier: 'VARCHAR',
  state: 'VARCHAR',
  standing: 'VARCHAR',
  in_force: 'BOOLEAN',
  winner_layer: 'VARCHAR',
  winner_path: 'VARCHAR',
  winner_line: 'BIGINT',
  value: 'VARCHAR',
  fingerprint: 'VARCHAR'
});

CREATE OR REPLACE VIEW secret AS SELECT * FROM read_json('secret/*.ndjson', format = 'newline_delimited', columns = {
  fact: 'VARCHAR',
  snapshot: 'VARCHAR',
  repo: 'VARCHAR',
  path: 'VARCHAR',
  line: 'BIGINT',
  kind: 'VARCHAR',
  form: 'VARCHAR',
  damage: 'VARCHAR',
  encoding: 'VARCHAR',
  encrypted: 'BOOLEAN',
  buried: 'BOOLEAN',
  instances: 'BIGINT',
  fingerprint: 'VARCHAR'
});

CREATE OR REPLACE VIEW finding AS SELECT * FROM read_json('finding/*.ndjson', format = 'newline_delimited', columns = {
  fact: 'VARCHAR',
  snapshot: 'VARCHAR',
  repo: 'VARCHAR',
  rule: 'VARCHAR',
  severity: 'VARCHAR',
  path: 'VARCHAR',
  line: 'BIGINT',
  message: 'VARCHAR',
  instance: 'VARCHAR',
  instances: 'BIGINT',
  accepted: 'BOOLEAN',
  reason: 'VARCHAR',
  fingerprint: 'VARCHAR'
});

CREATE OR REPLACE VIEW storefront AS SELECT * FROM read_json('storefront/*.ndjson', format = 'newline_delimited', columns = {
  fact: 'VARCHAR',
  snapshot: 'VARCHAR',
  repo: 'VARCHAR',
  path: 'VARCHAR',
  line: 'BIGINT',
  kind: 'VARCHAR',
  data_space: 'VARCHAR',
  fingerprint: 'VARCHAR',
  instance: 'VARCHAR'
});
