//! The texts by which a file shows that it holds keys or a storefront's identifiers; recognisers look for the same.

/// One of these stands in every text in which private key material is found: the words of a PEM marker, their base64, and the base64 of
/// that.
///
/// Base64 comes in three alignments, by where a byte falls in its groups of three, without the characters that neighbours share. It is
/// that of two words which do not overlap, so that a line break leaves one of them whole.
pub const PRIVATE_KEY: &[&str] = &[
    "PRIVATE KEY",
    "PRIVATE%20KEY",
    "PRIVATE+KEY",
    "UFJJVkFUR",
    "BSSVZBVE",
    "QUklWQVRF",
    "S0VZLS0tLS",
    "tFWS0tLS0t",
    "LRVktLS0tL",
    "VUZKSlZrRlVS",
    "VGSkpWa0ZVU",
    "VRkpKVmtGVV",
    "QlNTVlpCVk",
    "JTU1ZaQlZF",
    "CU1NWWkJWR",
    "UVVrbFdRVlJG",
    "FVa2xXUVZSR",
    "RVWtsV1FWUk",
    "UzBWWkxTMHRMU",
    "MwVlpMUzB0TF",
    "TMFZaTFMwdExT",
    "dEZXUzB0TFMwd",
    "RGV1MwdExTMH",
    "0RldTMHRMUzB0",
    "TFJWa3RMUzB0T",
    "xSVmt0TFMwdE",
    "MUlZrdExTMHRM",
];

/// Every public configuration of a storefront holds one of these; it names no setting.
pub const STOREFRONT: [&str; 3] = ["nvironment-Id", "nvironment-id", "api.commerce.adobe.com"];
