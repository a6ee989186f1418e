// What is started for a folder.
import assert from "node:assert/strict";
import { test } from "node:test";

import { documents, program } from "../out/server.js";

test("a setting without a name is the program on the path", () => {
  assert.equal(program("", "/srv/shop"), "commerce-lint");
  assert.equal(program("  ", "/srv/shop"), "commerce-lint");
  assert.equal(program("commerce-lint", "/srv/shop"), "commerce-lint");
});

test("the folder stands where the setting says", () => {
  const setting = "${workspaceFolder}/node_modules/.bin/commerce-lint";
  assert.equal(program(setting, "/srv/$& shop"), "/srv/$& shop/node_modules/.bin/commerce-lint");
});

test("a folder's documents are all files in it, whatever its name", () => {
  assert.equal(documents("/srv/shop"), "/srv/shop/**/*");
  assert.equal(documents("C:\\shops\\kiwi"), "C:/shops/kiwi/**/*");
  assert.equal(documents("/srv/[a]{b}"), "/srv/[[]a[]][{]b[}]/**/*");
});
