//! Plain text, as SARIF has it.

use serde::Serialize;

/// Plain text.
#[derive(Serialize)]
pub(super) struct Message {
    pub text: String,
}
