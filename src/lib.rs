//! Configuration linter and policy checker for the deployment trees of Adobe Commerce (Magento 2) instances.

pub mod model;
pub mod recognise;
pub mod rule;
pub mod source;
pub mod syntax;
