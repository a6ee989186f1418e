// Starts `commerce-lint lsp` for each folder of the workspace, and shows what it says.
import { homedir } from "node:os";

import * as vscode from "vscode";
import {
  type DynamicFeature, ExecuteCommandRequest, LanguageClient, type LanguageClientOptions, MessageType, type ServerOptions, ShowMessageNotification,
  type StaticFeature, TransportKind,
} from "vscode-languageclient/node";

import { documents, page, program } from "./server";

const NAME = "commerce-lint";
const EXPLAIN = `${NAME}.explain`;

/** The running servers, by the address of their folder. */
const clients = new Map<string, LanguageClient>();
/** What rules are about, by their ids, as documents that nobody can change. */
const pages = new Map<string, string>();
let channel: vscode.OutputChannel;
let explaining = 0;

/** A client that leaves commands alone: every server has the same ones, and VS Code knows one of each name. */
class Client extends LanguageClient {
  public override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if (!("registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method)) {
      super.registerFeature(feature);
    }
  }
}

function settings(folder: vscode.WorkspaceFolder): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(NAME, folder);
}

async function start(folder: vscode.WorkspaceFolder): Promise<void> {
  if (folder.uri.scheme !== "file" || !settings(folder).get("enable", true)) {
    return;
  }
  const command = program(settings(folder).get("path", NAME), folder.uri.fsPath);
  // Not in the folder: where a system looks for programs there first, the tree would say what is started.
  const server: ServerOptions = { command, args: ["lsp"], transport: TransportKind.stdio, options: { cwd: homedir() } };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", pattern: documents(folder.uri.fsPath) }],
    workspaceFolder: folder,
    diagnosticCollectionName: NAME,
    outputChannel: channel,
  };
  const client = new Client(NAME, `${NAME} (${folder.name})`, server, options);
  client.onNotification(ShowMessageNotification.type, ({ type, message }) => {
    // Where a rule is explained, a document has the text.
    if (type === MessageType.Error) {
      void vscode.window.showErrorMessage(message);
    } else if (type === MessageType.Warning) {
      void vscode.window.showWarningMessage(message);
    } else if (explaining === 0) {
      void vscode.window.showInformationMessage(message);
    }
  });
  clients.set(folder.uri.toString(), client);
  try {
    await client.start();
  } catch {
    clients.delete(folder.uri.toString());
    const action = "Settings";
    const why = `\`${command}\` cannot be started. \`pip install ${NAME}\` brings it; \`${NAME}.path\` says where it is.`;
    if ((await vscode.window.showErrorMessage(why, action)) === action) {
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

/** Shows the page of a rule, which a folder's own packs may have brought. */
async function explain(rule: unknown): Promise<void> {
  const open = vscode.window.activeTextEditor?.document.uri;
  const folder = open && vscode.workspace.getWorkspaceFolder(open);
  const own = folder && clients.get(folder.uri.toString());
  explaining += 1;
  try {
    for (const client of own ? [own] : clients.values()) {
      const text: unknown = await client.sendRequest(ExecuteCommandRequest.type, { command: EXPLAIN, arguments: [rule] });
      const address = vscode.Uri.from({ scheme: NAME, path: `/${String(rule)}.md` });
      pages.set(address.path, page(String(text)));
      await vscode.commands.executeCommand("markdown.showPreviewToSide", address);
      return;
    }
  } finally {
    explaining -= 1;
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  channel = vscode.window.createOutputChannel(NAME);
  context.subscriptions.push(
    channel,
    vscode.workspace.registerTextDocumentContentProvider(NAME, { provideTextDocumentContent: ({ path }) => pages.get(path) }),
    vscode.commands.registerCommand(EXPLAIN, explain),
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
