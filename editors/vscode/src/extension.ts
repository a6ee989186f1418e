// Starts `commerce-lint lsp` for each folder of the workspace, and shows what it says.
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";

import { documents, program } from "./server";

const NAME = "commerce-lint";

/** The running servers, by the address of their folder. */
const clients = new Map<string, LanguageClient>();
let channel: vscode.OutputChannel;

function settings(folder: vscode.WorkspaceFolder): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(NAME, folder);
}

async function start(folder: vscode.WorkspaceFolder): Promise<void> {
  if (folder.uri.scheme !== "file" || !settings(folder).get("enable", true)) {
    return;
  }
  const command = program(settings(folder).get("path", NAME), folder.uri.fsPath);
  const server: ServerOptions = { command, args: ["lsp"], transport: TransportKind.stdio, options: { cwd: folder.uri.fsPath } };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", pattern: documents(folder.uri.fsPath) }],
    workspaceFolder: folder,
    diagnosticCollectionName: NAME,
    outputChannel: channel,
  };
  const client = new LanguageClient(NAME, `${NAME} (${folder.name})`, server, options);
  clients.set(folder.uri.toString(), client);
  try {
    await client.start();
  } catch (error) {
    clients.delete(folder.uri.toString());
    const action = "Settings";
    const chosen = await vscode.window.showErrorMessage(`${command} cannot be started: ${String(error)}`, action);
    if (chosen === action) {
      await vscode.commands.executeCommand("workbench.action.openSettings", `${NAME}.path`);
    }
  }
}

async function stop(address: string): Promise<void> {
  const client = clients.get(address);
  clients.delete(address);
  await client?.dispose();
}

async function restart(): Promise<void> {
  await Promise.all([...clients.keys()].map(stop));
  await Promise.all((vscode.workspace.workspaceFolders ?? []).map(start));
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  channel = vscode.window.createOutputChannel(NAME);
  context.subscriptions.push(
    channel,
    vscode.commands.registerCommand(`${NAME}.restart`, restart),
    vscode.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
      await Promise.all(removed.map((folder) => stop(folder.uri.toString())));
      await Promise.all(added.map(start));
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration(`${NAME}.enable`) || change.affectsConfiguration(`${NAME}.path`)) {
        await restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await Promise.all([...clients.keys()].map(stop));
}
