//! Configuration linter and policy checker for the deployment trees of Adobe Commerce (Magento 2) instances.

pub mod check;
pub mod cli;
pub mod config;
pub mod discover;
pub mod error;
pub mod model;
pub mod read;
pub mod recognise;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod rules;
pub mod sift;
pub mod source;
pub mod suggest;
pub mod syntax;
