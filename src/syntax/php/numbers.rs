//! Numbers as PHP makes text of them: `017` is `15`, `1.50` is `1.5`.

/// The text of a number literal; `None` where it is no number.
pub(super) fn text_of(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(|&digit| digit != '_').collect();
    let lower = digits.to_ascii_lowercase();
    let based = |prefix: &str, radix: u32| Some((lower.strip_prefix(prefix)?, radix));
    let radix = based("0x", 16).or_else(|| based("0b", 2)).or_else(|| based("0o", 8));
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    let octal = is_whole && digits.len() > 1 && digits.starts_with('0');
    if let Some((digits, radix)) = radix.or(octal.then_some((digits.as_str(), 8))) {
        // What is too great is a float, whose digits are rounded.
        return i64::from_str_radix(digits, radix).ok().map(|number| number.to_string());
    }
    if is_whole && let Ok(number) = digits.parse::<i64>() {
        return Some(number.to_string());
    }
    Some(float(digits.parse().ok()?))
}

/// A float with PHP's `precision` of 14 digits.
fn float(number: f64) -> String {
    if !number.is_finite() {
        return "INF".into();
    }
    let written = format!("{number:.13e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let (first, rest) = digits.split_at(1);
    if !(-4..14).contains(&exponent) {
        let rest = if rest.is_empty() { "0" } else { rest };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{first}.{rest}E{sign}{}", exponent.unsigned_abs());
    }
    let places = exponent.unsigned_abs() as usize;
    if exponent < 0 {
        return format!("0.{}{digits}", "0".repeat(places - 1));
    }
    if digits.len() <= places + 1 {
        return format!("{digits}{}", "0".repeat(places + 1 - digits.len()));
    }
    let (whole, fraction) = digits.split_at(places + 1);
    format!("{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::text_of;

    #[test]
    fn numbers_are_printed_as_php_prints_them() {
        for (written, printed) in [
            ("017", "15"),
            ("0x1F", "31"),
            ("0b11", "3"),
            ("0o17", "15"),
            ("1_000", "1000"),
            ("1.50", "1.5"),
            ("1.5e-3", "0.0015"),
            ("1e14", "1.0E+14"),
            ("0.00001", "1.0E-5"),
            ("1e3", "1000"),
            ("123456789012345.0", "1.2345678901234E+14"),
            ("9223372036854775808", "9.2233720368548E+18"),
            (".5", "0.5"),
            ("0", "0"),
            ("0.0", "0"),
        ] {
            assert_eq!(text_of(written).as_deref(), Some(printed), "{written}");
        }
        assert_eq!(text_of("089"), None);
    }
}
