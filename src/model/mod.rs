//! What a tree says: settings, secrets, instances, and the inventory of them all.
//!
//! Data with look-ups, no behaviour: nothing here knows a format, a rule or an output. Everything has a place.

pub mod attribution;
pub(crate) mod buried;
pub(crate) mod ciphertext;
pub(crate) mod command;
pub(crate) mod credential;
pub(crate) mod edit;
pub mod fingerprint;
pub mod in_force;
pub mod instance;
pub mod inventory;
pub(crate) mod lookups;
pub(crate) mod name;
pub(crate) mod near_miss;
pub(crate) mod owners;
pub mod parameter;
pub(crate) mod pattern;
pub(crate) mod places;
pub(crate) mod public;
pub mod setting;
pub(crate) mod storefront;
pub(crate) mod uuid;
pub(crate) mod variable;
pub(crate) mod watched;
pub mod way;
