//! What is packed or encrypted in a way that this tool does not unpack, by its first bytes; stores of keys.

/// How such files start: zip and what is built on it, 7z, xz, bzip2, zstd, lz4, rar; gzip within gzip; git-crypt, age, OpenSSL.
const STARTS: [&[u8]; 13] = [
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xBC\xAF\x27\x1C",
    b"\xFD7zXZ\0",
    b"BZh",
    b"\x28\xB5\x2F\xFD",
    b"\x04\x22\x4D\x18",
    b"Rar!\x1A\x07",
    b"\x1F\x8B\x08",
    b"\0GITCRYPT\0",
    b"age-encryption.org/v1",
    b"-----BEGIN AGE ENCRYPTED FILE",
    b"Salted__",
];

/// Whether what is in a file cannot be seen.
pub(super) fn is_packed(start: &[u8]) -> bool {
    STARTS.iter().any(|known| start.starts_with(known))
}

/// What files are called that hold keys and certificates in bytes.
const STORES: [&str; 8] = [".p12", ".pfx", ".jks", ".jceks", ".keystore", ".bcfks", ".der", ".p8"];

/// How stores of keys start: Java's, and secret keys of PGP.
const KEYS: [&[u8]; 6] =
    [b"\xFE\xED\xFE\xED", b"\xCE\xCE\xCE\xCE", b"\x94", b"\x95", b"\x97", b"\xC5"];

/// Whether a whole file can be a private key or a store of some, in bytes.
pub(super) fn is_store(name: &str, bytes: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let start = bytes.get(..bytes.len().min(64)).unwrap_or_default();
    let is_binary = start.iter().any(|byte| *byte < 9 || *byte > 0x7E);
    let is_der = match bytes {
        [0x30, 0x80..=0x84, ..] => true,
        [0x30, len, rest @ ..] => usize::from(*len) == rest.len(),
        _ => false,
    };
    is_binary
        && (is_der
            || KEYS.iter().any(|start| bytes.starts_with(start))
            || STORES.iter().any(|ending| name.ends_with(ending)))
}
