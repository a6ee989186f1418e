//! What is packed or encrypted in a way that this tool does not unpack, by its first bytes.

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
