// The server, as VS Code's own protocol library speaks with it: `COMMERCE_LINT=PROGRAM node --test test/`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import protocol from "vscode-languageserver-protocol/node.js";

const {
  CodeAction, CodeActionRequest, Command, createProtocolConnection, DefinitionRequest, Diagnostic, DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification, DocumentSymbol, DocumentSymbolRequest, ExecuteCommandRequest, ExitNotification, Hover, HoverRequest,
  InitializedNotification, InitializeRequest, Location, MarkupContent, PublishDiagnosticsNotification, ReferencesRequest, ShutdownRequest,
  StreamMessageReader, StreamMessageWriter, SymbolInformation, WorkspaceEdit,
} = protocol;

const LIVE = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c11";
const OTHER = "0f3c2a51-9b1e-4d5c-8f62-7a0e3b9d4c12";
const setting = (id) => `services_connector/services_id/environment_id: ${id}\n`;
const prod = "k8s/prod/settings.yaml";
const staging = "k8s/staging/settings.yaml";

class Editor {
  constructor(files) {
    this.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "editor ")));
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
      fs.writeFileSync(path.join(this.folder, name), text);
    }
    this.server = spawn(process.env.COMMERCE_LINT, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    this.ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.connection = createProtocolConnection(new StreamMessageReader(this.server.stdout), new StreamMessageWriter(this.server.stdin));
    this.marks = new Map();
    this.waiting = [];
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.marks.set(uri, diagnostics);
      this.waiting = this.waiting.filter((look) => !look());
    });
    this.connection.onRequest("client/registerCapability", () => null);
    this.shown = new Promise((resolve) => this.connection.onNotification("window/showMessage", resolve));
    this.connection.listen();
  }

  uri(name) {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  async open() {
    const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
    const workspaceFolders = [{ uri: pathToFileURL(this.folder).href, name: "shop" }];
    const answer = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid, rootUri: null, capabilities, workspaceFolders,
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return answer;
  }

  show(name, text) {
    const textDocument = { uri: this.uri(name), languageId: "yaml", version: 1, text };
    return this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  type(name, version, text) {
    const textDocument = { uri: this.uri(name), version };
    return this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument, contentChanges: [{ text }] });
  }

  /** The marks of a file as soon as they are what is expected. */
  until(name, rules) {
    const look = () => {
      const marks = this.marks.get(this.uri(name)) ?? [];
      return JSON.stringify(marks.map((mark) => mark.code)) === JSON.stringify(rules) ? marks : undefined;
    };
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${name}: ${JSON.stringify([...this.marks])}`)), 60_000);
      const done = () => {
        const marks = look();
        if (marks !== undefined) {
          clearTimeout(late);
          resolve(marks);
        }
        return marks !== undefined;
      };
      if (!done()) {
        this.waiting.push(done);
      }
    });
  }

  async close() {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.ended;
  }
}

test("a fault across two files comes and goes with what is typed", async () => {
  const editor = new Editor({ [prod]: setting(LIVE), [staging]: setting(OTHER) });
  const { serverInfo, capabilities } = await editor.open();
  assert.equal(serverInfo.name, "commerce-lint");
  assert.equal(capabilities.positionEncoding, "utf-16");
  await editor.show(staging, setting(OTHER));
  await editor.type(staging, 2, setting(LIVE));
  const marks = [...(await editor.until(prod, ["shared-data-space"])), ...(await editor.until(staging, ["shared-data-space"]))];
  for (const mark of marks) {
    assert.ok(Diagnostic.is(mark), JSON.stringify(mark));
    assert.match(mark.codeDescription.href, /^https:\/\/.+\/rules\/shared-data-space\.html$/);
    assert.deepEqual(mark.range, { start: { line: 0, character: 47 }, end: { line: 0, character: 83 } });
  }
  const [own] = marks.filter((mark) => mark.severity === 1);
  assert.ok(Location.is(own.relatedInformation[0].location));
  await editor.type(staging, 3, setting(OTHER));
  await editor.until(prod, []);
  assert.equal(await editor.close(), 0);
});

test("every answer has the form that the library knows", async () => {
  const editor = new Editor({ [prod]: setting(LIVE), [staging]: setting(LIVE) });
  await editor.open();
  const [mark] = await editor.until(staging, ["shared-data-space"]);
  const textDocument = { uri: editor.uri(staging) };
  const at = { textDocument, position: { line: 0, character: 60 } };

  const hover = await editor.connection.sendRequest(HoverRequest.type, at);
  assert.ok(Hover.is(hover) && MarkupContent.is(hover.contents), JSON.stringify(hover));
  assert.match(hover.contents.value, /staging/);
  const definition = [await editor.connection.sendRequest(DefinitionRequest.type, at)].flat().filter(Boolean);
  assert.ok(definition.every((place) => Location.is(place)));
  const references = await editor.connection.sendRequest(ReferencesRequest.type, { ...at, context: { includeDeclaration: true } });
  assert.ok(references.every((place) => Location.is(place)));
  assert.deepEqual(references.map((place) => place.uri).sort(), [editor.uri(prod), editor.uri(staging)]);
  const symbols = await editor.connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
  assert.ok(symbols.length === 1 && symbols.every((of) => DocumentSymbol.is(of) || SymbolInformation.is(of)), JSON.stringify(symbols));

  const context = { diagnostics: [mark], only: ["quickfix"] };
  const actions = await editor.connection.sendRequest(CodeActionRequest.type, { textDocument, range: mark.range, context });
  assert.ok(actions.length >= 2 && actions.every((action) => CodeAction.is(action)), JSON.stringify(actions));
  const edits = actions.map((action) => action.edit).filter(Boolean);
  assert.ok(edits.length >= 1 && edits.every((edit) => WorkspaceEdit.is(edit)), JSON.stringify(edits));
  const command = actions.map((action) => action.command).find((one) => one !== undefined);
  assert.ok(Command.is(command), JSON.stringify(actions));
  await editor.connection.sendRequest(ExecuteCommandRequest.type, { command: command.command, arguments: command.arguments });
  assert.match((await editor.shown).message, /^shared-data-space: /);
  assert.equal(await editor.close(), 0);
});

test("an answer to what it does not know is an error, and the server goes on", async () => {
  const editor = new Editor({ [prod]: setting(LIVE) });
  await editor.open();
  await assert.rejects(editor.connection.sendRequest("textDocument/rename", {}), { code: protocol.ErrorCodes.MethodNotFound });
  const gone = new protocol.CancellationTokenSource();
  gone.cancel();
  await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri: editor.uri(prod) }, position: { line: 9, character: 9 } }, gone.token);
  assert.equal(await editor.close(), 0);
});
