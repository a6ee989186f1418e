//! Days, to tell whether a waiver still holds: no time of day, no time zone but UTC.
//!
//! A page of arithmetic instead of a library: nothing is done with a date here but to read, compare, subtract and write it.

use std::fmt;

/// A day of the Gregorian calendar, from year 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, where there is one.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_one = (1..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        is_one.then_some(Self { year, month, day })
    }

    /// Reads an RFC 3339 full date: `2027-01-31`, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let is_date = bytes.len() == 10
            && [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(is_digit)
            && [4, 7].into_iter().all(|at| bytes.get(at) == Some(&b'-'));
        if !is_date {
            return None;
        }
        Self::new(
            text.get(..4)?.parse().ok()?,
            text.get(5..7)?.parse().ok()?,
            text.get(8..)?.parse().ok()?,
        )
    }

    /// The day, in UTC, on which a number of seconds since 1970 lies; the last day there is where that is later.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Self {
        let last = Self { year: 9999, month: 12, day: 31 };
        let mut left = seconds / 86_400;
        for year in 1970..=9999 {
            for month in 1..=12 {
                let days = u64::from(days_in(year, month));
                if let Some(rest) = left.checked_sub(days) {
                    left = rest;
                    continue;
                }
                let day = u8::try_from(left + 1).unwrap_or(1);
                return Self { year, month, day };
            }
        }
        last
    }

    /// How many days `self` lies behind `other`; less than zero where it lies before.
    #[must_use]
    pub fn days_since(self, other: Self) -> i64 {
        self.number() - other.number()
    }

    /// The days from the start of the calendar.
    fn number(self) -> i64 {
        let years = i64::from(self.year) - 1;
        let months: i64 = (1..self.month).map(|month| i64::from(days_in(self.year, month))).sum();
        years * 365 + years / 4 - years / 100 + years / 400 + months + i64::from(self.day)
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).expect("it is a date")
    }

    #[test]
    fn dates_are_read_and_written_alike() {
        for text in ["2026-11-22", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(date(text).to_string(), text);
        }
        for text in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-1-1",
            "0000-01-01",
            "2026-11-22T00:00:00Z",
            "2026/11/22",
            "+026-11-22",
            "22.11.2026",
            "２０２６-11-22",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_across_months_and_leap_years() {
        for (later, earlier, days) in [
            ("2026-11-22", "2026-11-22", 0),
            ("2026-03-01", "2026-02-28", 1),
            ("2024-03-01", "2024-02-28", 2),
            ("2027-01-01", "2026-01-01", 365),
            ("2001-01-01", "2000-01-01", 366),
            ("1970-01-01", "1969-12-31", 1),
            ("2026-01-01", "2026-01-31", -30),
        ] {
            assert_eq!(date(later).days_since(date(earlier)), days, "{later} {earlier}");
        }
    }

    #[test]
    fn seconds_fall_on_their_day() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (1_795_305_599, "2026-11-21"),
            (1_795_305_600, "2026-11-22"),
            (u64::MAX, "9999-12-31"),
        ] {
            assert_eq!(Date::of_seconds(seconds).to_string(), day);
        }
    }
}
