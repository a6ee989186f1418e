//! Which day it is.

use crate::date::Date;
use crate::error::Error;

/// What the world says of the time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Seconds since 1970, by the system's clock.
    pub seconds: u64,
    /// `SOURCE_DATE_EPOCH`.
    pub source_date_epoch: Option<String>,
}

impl Clock {
    /// The day of a run: the one that is asked for, else that of `SOURCE_DATE_EPOCH`, else the clock's, in UTC.
    ///
    /// # Errors
    /// Where `SOURCE_DATE_EPOCH` is no number of seconds.
    pub fn today(&self, asked: Option<Date>) -> Result<Date, Error> {
        Ok(self.given(asked)?.unwrap_or_else(|| Date::of_seconds(self.seconds)))
    }

    /// The day of a run where somebody said which: the same run then gives the same report on another day.
    ///
    /// # Errors
    /// Where `SOURCE_DATE_EPOCH` is no number of seconds.
    pub fn given(&self, asked: Option<Date>) -> Result<Option<Date>, Error> {
        let epoch = self.source_date_epoch.as_deref().filter(|epoch| !epoch.is_empty());
        match (asked, epoch) {
            (None, Some(epoch)) => {
                let seconds = epoch.parse().map_err(|_| Error::Epoch { value: epoch.into() })?;
                Ok(Some(Date::of_seconds(seconds)))
            }
            (asked, _) => Ok(asked),
        }
    }

    /// The moment of a run in UTC, `2027-06-30T12:00:00Z`: that of `SOURCE_DATE_EPOCH`, else the clock's.
    ///
    /// # Errors
    /// Where `SOURCE_DATE_EPOCH` is no number of seconds.
    pub fn moment(&self) -> Result<String, Error> {
        let given = self.given(None)?.and(self.source_date_epoch.as_deref());
        let seconds = given.and_then(|epoch| epoch.parse().ok()).unwrap_or(self.seconds);
        let of_day = seconds % 86_400;
        let (hours, minutes, seconds_left) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        Ok(format!("{}T{hours:02}:{minutes:02}:{seconds_left:02}Z", Date::of_seconds(seconds)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_the_one_asked_for_then_the_epoch_s_then_the_clock_s() {
        let clock = |epoch: &str| Clock { seconds: 86_400, source_date_epoch: Some(epoch.into()) };
        let asked = Date::new(2027, 6, 30);
        let day = |clock: &Clock, asked| clock.today(asked).map(|day| day.to_string()).ok();
        assert_eq!(day(&clock("0"), asked).as_deref(), Some("2027-06-30"));
        assert_eq!(day(&clock("0"), None).as_deref(), Some("1970-01-01"));
        assert_eq!(day(&clock(""), None).as_deref(), Some("1970-01-02"));
        assert_eq!(day(&clock("soon"), None), None);
        assert_eq!(day(&clock("-1"), None), None);
        assert_eq!(clock("3661").moment().ok().as_deref(), Some("1970-01-01T01:01:01Z"));
        assert_eq!(clock("").moment().ok().as_deref(), Some("1970-01-02T00:00:00Z"));
    }
}
