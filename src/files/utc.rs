//! Points in time as people write them: UTC, civil calendar, whole seconds.
//!
//! A calendar crate would be larger than the two functions that are needed here.

use std::fmt;
use std::time::SystemTime;

const SECONDS_A_DAY: u64 = 86_400;

/// A second in UTC, ordered by time. `Display` prints `2026-11-22 03:01:45`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utc {
    seconds: u64,
}

impl Utc {
    /// The second in which `time` lies. Times before 1970 count as 1970.
    pub fn of(time: SystemTime) -> Utc {
        let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        Utc { seconds }
    }

    /// The present second.
    pub fn now() -> Utc {
        Utc::of(SystemTime::now())
    }

    /// Days since 1970-01-01.
    pub fn day(self) -> u64 {
        self.seconds / SECONDS_A_DAY
    }

    /// The form used in names of files: `20261122-030145`.
    pub fn compact(self) -> String {
        let [year, month, day, hour, minute, second] = self.fields();
        format!("{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}")
    }

    /// The form of RFC 3339: `2026-11-22T03:01:45Z`.
    pub fn rfc3339(self) -> String {
        let [year, month, day, hour, minute, second] = self.fields();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// Reads what [`Utc::compact`] writes; `None` for anything else.
    pub fn parse_compact(text: &str) -> Option<Utc> {
        let (date, time) = text.split_once('-')?;
        if date.len() != 8 || time.len() != 6 {
            return None;
        }
        let field = |s: &str, from: usize, to: usize| s.get(from..to)?.parse::<u64>().ok();
        let day = day_number(field(date, 0, 4)?, field(date, 4, 6)?, field(date, 6, 8)?)?;
        let (h, m, s) = (field(time, 0, 2)?, field(time, 2, 4)?, field(time, 4, 6)?);
        let utc = Utc { seconds: day * SECONDS_A_DAY + h * 3600 + m * 60 + s };
        // Round trip: refuses February 30, 24:00, signs and blanks that `parse` would let pass.
        (utc.compact() == text).then_some(utc)
    }

    /// Year, month, day, hour, minute, second.
    fn fields(self) -> [u64; 6] {
        let (year, month, day) = civil_date(self.day());
        let rest = self.seconds % SECONDS_A_DAY;
        [year, month, day, rest / 3600, rest / 60 % 60, rest % 60]
    }
}

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second] = self.fields();
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

/// (year, month, day) of a day counted from 1970-01-01.
///
/// Years are taken to begin in March, so that the leap day is the last of its year and the months repeat
/// every five (153 days); 146,097 days are 400 years.
fn civil_date(day: u64) -> (u64, u64, u64) {
    let since_0000_03_01 = day + 719_468;
    let era = since_0000_03_01 / 146_097;
    let day_of_era = since_0000_03_01 % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day_of_month)
}

/// The inverse of [`civil_date`], for dates from 1970 on.
fn day_number(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    let year = year.checked_sub(u64::from(month <= 2))?;
    let year_of_era = year % 400;
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day.checked_sub(1)?;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (year / 400 * 146_097 + day_of_era).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Utc {
        Utc { seconds }
    }

    #[test]
    fn known_dates() {
        assert_eq!(at(0).to_string(), "1970-01-01 00:00:00");
        assert_eq!(at(951_782_399).to_string(), "2000-02-28 23:59:59");
        assert_eq!(at(951_782_400).to_string(), "2000-02-29 00:00:00");
        assert_eq!(at(1_795_316_505).rfc3339(), "2026-11-22T03:01:45Z");
        assert_eq!(at(4_107_542_400).to_string(), "2100-03-01 00:00:00");
    }

    #[test]
    fn every_day_for_two_centuries_follows_the_one_before() {
        let leap = |y: u64| y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
        let mut expected = (1970, 1, 1);
        for day in 0..73_000 {
            assert_eq!(civil_date(day), expected);
            assert_eq!(day_number(expected.0, expected.1, expected.2), Some(day));
            let (y, m, d) = expected;
            let length = match m {
                2 => 28 + u64::from(leap(y)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (m, d) {
                (12, 31) => (y + 1, 1, 1),
                (_, d) if d == length => (y, m + 1, 1),
                _ => (y, m, d + 1),
            };
        }
    }

    #[test]
    fn compact_form_is_read_back_and_nothing_else_is() {
        let time = at(1_795_316_505);
        assert_eq!(Utc::parse_compact(&time.compact()), Some(time));
        for wrong in [
            "",
            "20261122",
            "20260230-000000",
            "20261122-240000",
            "+0261122-030145",
            "20261122-03014x",
            "19691231-235959",
            "20260022-000000",
            "20260100-000000",
        ] {
            assert_eq!(Utc::parse_compact(wrong), None, "{wrong}");
        }
    }
}
