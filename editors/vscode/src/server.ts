// What is started and what it is asked about, without VS Code.

/** The program that the setting names, for a folder. */
export function program(setting: string, folder: string): string {
  const name = setting.trim() === "" ? "commerce-lint" : setting.trim();
  return name.replaceAll("${workspaceFolder}", () => folder);
}

/** The pattern of the documents that a folder's server is told of: whether one carries settings, it decides itself. */
export function documents(folder: string): string {
  // What means something in a pattern stands for itself.
  const literal = folder.replaceAll("\\", "/").replace(/[[\]{}*?]/g, (letter) => `[${letter}]`);
  return `${literal.replace(/\/$/, "")}/**/*`;
}

/** A rule's page as a document: the server puts the id and a sentence before it. */
export function page(text: string): string {
  const [first = "", ...rest] = text.split("\n");
  const [id = "", ...summary] = first.split(": ");
  // A file's name stands behind the language of its block.
  const body = rest.join("\n").replace(/^```(\w+) ([^\n]+)$/gm, "`$2`\n```$1");
  return `# ${id}\n\n**${summary.join(": ")}**\n${body}`;
}
