//! Large contents and large indexes.
