#!/usr/bin/env node
// Starts the program for this system, which npm installed as an optional dependency, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");

const prefix = "commerce-lint-";
const system = `${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "commerce-lint.exe" : "commerce-lint";
// The program's own code for what is wrong before anything is read.
const NOT_STARTED = 2;

function program() {
  try {
    return require.resolve(`${prefix}${system}/${file}`);
  } catch {
    return undefined;
  }
}

function refuse(why) {
  console.error(`error: ${why}`);
  process.exitCode = NOT_STARTED;
}

function start(path) {
  const child = spawn(path, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
  const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of passedOn) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => refuse(`${path} cannot be started: ${error.code}`));
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    for (const other of passedOn) {
      process.removeAllListeners(other);
    }
    process.kill(process.pid, signal);
  });
}

const path = program();
const systems = Object.keys(require("./package.json").optionalDependencies ?? {}).map((name) => name.slice(prefix.length));
if (path !== undefined) {
  start(path);
} else if (systems.includes(system)) {
  refuse(`the package ${prefix}${system} is missing: install without \`--omit=optional\``);
} else {
  refuse(`there is no program for ${system}, only for ${systems.join(", ")}`);
}
