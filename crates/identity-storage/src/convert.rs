//! Between rows and the core's types.

use std::{collections::BTreeSet, str::FromStr};

use crate::error::corrupt;
use identity_core::{
    change::Unavailable,
    model::account::CustomFieldValues,
    value::{Answer, SignedDuration, Timestamp},
};

pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

pub(crate) fn whole_micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

pub(crate) fn time(micros: i64, table: &'static str) -> Result<Timestamp, Unavailable> {
    Timestamp::from_microsecond(micros).map_err(|_| corrupt(table))
}

pub(crate) fn optional_time(micros: Option<i64>, table: &'static str) -> Result<Option<Timestamp>, Unavailable> {
    micros.map(|micros| time(micros, table)).transpose()
}

pub(crate) fn number(number: i64, table: &'static str) -> Result<u32, Unavailable> {
    u32::try_from(number).map_err(|_| corrupt(table))
}

pub(crate) fn parsed<T: FromStr>(text: &str, table: &'static str) -> Result<T, Unavailable> {
    text.parse().map_err(|_| corrupt(table))
}

pub(crate) fn optional<T, E>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, E>,
    table: &'static str,
) -> Result<Option<T>, Unavailable> {
    text.map(parse).transpose().map_err(|_| corrupt(table))
}

pub(crate) fn digest(bytes: &[u8], table: &'static str) -> Result<[u8; 32], Unavailable> {
    bytes.try_into().map_err(|_| corrupt(table))
}

/// Keys on one line: none of them holds a space.
pub(crate) fn joined<T: ToString>(keys: &BTreeSet<T>) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

pub(crate) fn split<T: FromStr + Ord>(text: &str, table: &'static str) -> Result<BTreeSet<T>, Unavailable> {
    text.split_whitespace().map(|key| parsed(key, table)).collect()
}

/// Answers, each on a line of its own behind its key: no key holds a space, no answer a line break.
pub(crate) fn written(answers: &CustomFieldValues) -> Option<String> {
    let lines = answers.iter().map(|(key, answer)| format!("{key} {answer}")).collect::<Vec<_>>();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Reads [`written`] back.
pub(crate) fn answers(text: Option<&str>, table: &'static str) -> Result<CustomFieldValues, Unavailable> {
    let answer = |line: &str| {
        let (key, answer) = line.split_once(' ').ok_or_else(|| corrupt(table))?;
        Ok((parsed(key, table)?, Answer::parse(answer).map_err(|_| corrupt(table))?))
    };
    text.unwrap_or_default().lines().map(answer).collect()
}

/// The least text of bytes above every text that starts with `prefix`; `None` where there is none. What starts with it is looked for by
/// a range instead of a pattern: that uses the index, and no character of a search means anything else.
pub(crate) fn end_of_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let keep = prefix.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = prefix.get(..=keep)?.to_vec();
    *end.last_mut()? += 1;
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_the_next_one_starts() {
        assert_eq!(end_of_prefix(b"ab"), Some(b"ac".to_vec()));
        assert_eq!(end_of_prefix(b"a\xff"), Some(b"b".to_vec()));
        assert_eq!(end_of_prefix(b"\xff"), None);
    }
}
