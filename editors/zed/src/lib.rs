//! Starts `commerce-lint lsp`, which is on the path of the project's shell or where `lsp.commerce-lint.binary` of the settings says.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct CommerceLint;

impl zed::Extension for CommerceLint {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        id: &LanguageServerId,
        tree: &Worktree,
    ) -> Result<Command> {
        let settings = LspSettings::for_worktree(id.as_ref(), tree).unwrap_or_default();
        let chosen = settings.binary.and_then(|binary| binary.path);
        let command = chosen
            .or_else(|| tree.which("commerce-lint"))
            .ok_or("`commerce-lint` is not on the path: install it, or say where it is in `lsp.commerce-lint.binary.path`")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: tree.shell_env() })
    }
}

zed::register_extension!(CommerceLint);
