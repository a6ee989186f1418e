// The launcher as npm installs it: `LAUNCHER=FOLDER node --test npm/launch.test.js`, where FOLDER has the packages in its `node_modules`.
"use strict";

const assert = require("node:assert/strict");
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");

const modules = path.join(process.env.LAUNCHER, "node_modules");
const command = path.join(modules, ".bin", "commerce-lint");
const { version, optionalDependencies } = require(path.join(modules, "commerce-lint", "package.json"));

// A tree of its own: what lies in a repository is known by its index.
function tree(files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "launcher-"));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

function run(options, ...words) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: "utf8", ...options });
  return { status, stdout, stderr };
}

test("it is the version that the package says", () => {
  assert.deepEqual(run({}, "--version"), { status: 0, stdout: `commerce-lint ${version}\n`, stderr: "" });
});

test("every package of a system has this very version", () => {
  assert.equal(Object.keys(optionalDependencies).length, 5);
  assert.deepEqual([...new Set(Object.values(optionalDependencies))], [version]);
});

test("arguments, output and exit codes are the program's", () => {
  const faulty = tree({ "k8s/prod/a b.yaml": "services_connector/services_id/environment_id: 0f4c1c61\n" });
  const found = run({ cwd: faulty }, "check", "--output-format", "line");
  assert.equal(found.status, 1);
  assert.match(found.stdout, /^k8s\/prod\/a b\.yaml:1:48: error: .*\[malformed-data-space-id\]$/m);
  assert.equal(run({ cwd: faulty }, "check", "--fail-on", "never").status, 0);
  assert.equal(run({ cwd: faulty }, "check", "--no-such-option").status, 2);
  const broken = tree({ "k8s/prod/a.yaml": "services_connector/services_id/project_id: [ a\nb: - c\n" });
  assert.equal(run({ cwd: broken }, "check").status, 3);
});

test("standard input is the program's", () => {
  const clean = tree({ "k8s/prod/a.yaml": "services_connector/services_id/environment_id: 0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11\n" });
  const typed = "services_connector/services_id/environment_id: 0f4c1c61\n";
  const found = run({ cwd: clean, input: typed }, "check", "-", "--stdin-path", "k8s/prod/a.yaml", "--output-format", "line");
  assert.equal(found.status, 1, found.stderr);
  assert.match(found.stdout, /malformed-data-space-id/);
});

test("a signal goes to the program, and its end is the launcher's", async () => {
  const server = spawn(command, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: { capabilities: {}, rootUri: null } });
  server.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  const answer = await new Promise((resolve) => server.stdout.once("data", (data) => resolve(String(data))));
  assert.match(answer, /^Content-Length: /);
  const ended = new Promise((resolve) => server.once("exit", (code, signal) => resolve(signal)));
  server.kill("SIGTERM");
  assert.equal(await ended, "SIGTERM");
});

test("without the program's package it says what is missing", () => {
  const folder = tree({});
  fs.cpSync(path.join(modules, "commerce-lint"), path.join(folder, "node_modules", "commerce-lint"), { recursive: true });
  const launcher = path.join(folder, "node_modules", "commerce-lint", "launch.js");
  const here = `commerce-lint-${process.platform}-${process.arch}`;
  const missing = spawnSync(process.execPath, [launcher, "check"], { encoding: "utf8" });
  assert.equal(missing.status, 2);
  assert.equal(missing.stderr, `error: the package ${here} is missing: install without \`--omit=optional\`\n`);
  const other = ["-e", `Object.defineProperty(process, "arch", { value: "mips" }); require(${JSON.stringify(launcher)});`];
  const unknown = spawnSync(process.execPath, other, { encoding: "utf8" });
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /^error: there is no program for \w+-mips, only for linux-x64, linux-arm64, darwin-x64/);
});
