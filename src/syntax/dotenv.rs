//! Placeholder until the parser lands.
use super::{Format, Parsed};
use crate::source::SourceId;

/// See the module.
pub struct Dotenv;

impl Format for Dotenv {
    fn name(&self) -> &'static str {
        "Dotenv"
    }
    fn claims(&self, _path: &str) -> bool {
        false
    }
    fn parse(&self, _id: SourceId, _text: &str) -> Parsed {
        Parsed::default()
    }
}
