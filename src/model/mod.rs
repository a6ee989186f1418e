//! What a tree says: settings, secrets, instances, and the inventory of them all.
//!
//! Data with look-ups, no behaviour: nothing here knows a format, a rule or an output. Everything has a place.

pub mod attribution;
pub mod buried;
pub mod ciphertext;
pub mod command;
pub mod credential;
pub mod edit;
pub mod fingerprint;
pub mod instance;
pub mod inventory;
pub mod lookups;
pub mod name;
pub mod near_miss;
pub mod owners;
pub mod parameter;
pub mod pattern;
pub mod places;
pub mod public;
pub mod setting;
pub mod storefront;
pub mod uuid;
pub mod variable;
pub mod watched;
pub mod way;
