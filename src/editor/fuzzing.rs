//! Serves messages that are here already, one after the other.

use std::path::Path;

use super::Server;
use super::places::Root;
use crate::clock::Clock;
use crate::error::Error;
use crate::mask::outlet::Outlet;

/// Takes messages about a folder, and checks it whenever one asks for that.
///
/// # Errors
/// Where what is said cannot be written.
pub fn serve(folder: &Path, messages: &[&[u8]], out: &mut Outlet<'_>) -> Result<(), Error> {
    let clock = Clock { seconds: 1_800_000_000, source_date_epoch: None };
    let mut server = Server::new(&clock);
    // No message may choose another folder.
    server.root = Some(Root::new(folder, folder.to_owned()));
    for message in messages {
        if server.take(message, out)?.is_some() {
            break;
        }
        if server.pace.next().is_some() {
            server.check(out)?;
        }
    }
    Ok(())
}
