// What is started for a folder.
import assert from "node:assert/strict";
import { test } from "node:test";

import { documents, page, program } from "../out/server.js";

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

test("what a rule is about is a document with a title", () => {
  const text = "shared-data-space: Two instances: one data space.\n\nWhy.\n\n```php app/etc/env.php\n<?php\n```\n";
  const shown = "# shared-data-space\n\n**Two instances: one data space.**\n\nWhy.\n\n`app/etc/env.php`\n```php\n<?php\n```\n";
  assert.equal(page(text), shown);
});
