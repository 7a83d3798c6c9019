//! What a key takes, as types: each reads its text, says what is wrong with it, and describes itself for the reference.

use std::{fmt, marker::PhantomData, num::NonZeroUsize, ops::RangeInclusive, time::Duration};

use identity_core::{
    model::{
        custom_field::FieldPlace,
        onboarding::BuiltInStep,
        password::{Blocklist, Preset},
        registration::AddressVerification,
        throttle::Rate,
    },
    value::{EmailAddress, Language, Lifetime, PublicUrl, SignedDuration, Timestamp},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::SecretString;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _, SeqAccess, Visitor, value::SeqAccessDeserializer},
};

/// A value that a configuration writes as a text.
pub(super) trait TextValue: Sized {
    /// What the reference says of the text, where the description of a key does not: `at most P7D`.
    const FORM: &'static str = "";
    /// The words that there are, where it is one of a few.
    const WORDS: &'static [&'static str] = &[];

    /// Reads a text without white space around it.
    ///
    /// # Errors
    /// Says what to write instead.
    fn read(text: &str) -> Result<Self, String>;

    /// The text that [`read`](Self::read) reads back. The reference shows defaults alone, so a type without one needs none.
    fn show(&self) -> String {
        String::new()
    }
}

/// A value, written as a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text<T>(pub(super) T);

impl<'de, T: TextValue> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        T::read(text.trim()).map(Self).map_err(D::Error::custom)
    }
}

impl<T: TextValue> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.show())
    }
}

impl<T: TextValue> JsonSchema for Text<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        match (T::WORDS, T::FORM) {
            ([], "") => json_schema!({ "type": "string" }),
            ([], form) => json_schema!({ "type": "string", "x-form": form }),
            (words, _) => json_schema!({ "type": "string", "enum": words }),
        }
    }
}

impl TextValue for Lifetime {
    fn read(text: &str) -> Result<Self, String> {
        Self::parse(text).map_err(|error| error.to_string())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A time that a part of the process waits, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait(pub(super) Duration);

impl TextValue for Wait {
    fn read(text: &str) -> Result<Self, String> {
        Lifetime::read(text).map(|lifetime| Self(Duration::from_secs(lifetime.as_seconds().unsigned_abs())))
    }

    fn show(&self) -> String {
        let seconds = i64::try_from(self.0.as_secs()).unwrap_or(i64::MAX);
        Lifetime::from_seconds(seconds).map_or_else(|error| error.to_string(), |lifetime| lifetime.to_string())
    }
}

/// A duration of at most so many hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AtMostHours<const HOURS: i64>(pub(super) Lifetime);

impl<const HOURS: i64> TextValue for AtMostHours<HOURS> {
    const FORM: &'static str = match HOURS {
        1 => "at most PT1H",
        24 => "at most P1D",
        168 => "at most P7D",
        _ => "",
    };

    fn read(text: &str) -> Result<Self, String> {
        let lifetime = Lifetime::read(text)?;
        let is_in_bounds = lifetime.as_seconds() <= HOURS * 3600;
        is_in_bounds.then_some(Self(lifetime)).ok_or_else(|| format!("use {}", Self::FORM))
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}

/// So many in so long: `30/PT1M`.
impl TextValue for Rate {
    fn read(text: &str) -> Result<Self, String> {
        let read = || {
            let (count, time) = text.split_once('/')?;
            let count = count.trim().parse::<u32>().ok().filter(|count| (1..=1_000_000).contains(count))?;
            let time = Lifetime::parse(time.trim()).ok()?;
            Some(Self::per(count, SignedDuration::from_secs(time.as_seconds())))
        };
        read().ok_or_else(|| "use a number and a duration, such as 30/PT1M for 30 a minute".to_owned())
    }

    fn show(&self) -> String {
        let time = self.every.saturating_mul(i32::try_from(self.burst).unwrap_or(i32::MAX));
        let time = Lifetime::from_seconds(time.as_secs()).map_or_else(|_| time.to_string(), |time| time.to_string());
        format!("{}/{time}", self.burst)
    }
}

/// Texts that their own type reads.
macro_rules! texts {
    ($($kind:ty: $parse:expr, $show:expr;)*) => {$(
        impl TextValue for $kind {
            fn read(text: &str) -> Result<Self, String> {
                let parse: fn(&str) -> Result<Self, _> = $parse;
                parse(text).map_err(|error| error.to_string())
            }

            fn show(&self) -> String {
                let show: fn(&Self) -> String = $show;
                show(self)
            }
        }
    )*};
}

texts! {
    String: |text| Ok::<_, std::convert::Infallible>(text.to_owned()), Self::clone;
    EmailAddress: |text| Self::parse(text), |address| address.as_str().to_owned();
    PublicUrl: |text| Self::parse(text), Self::to_string;
    Timestamp: |text| text.parse::<Self>(), Self::to_string;
    Language: |text| Self::parse(text), |language| language.as_str().to_owned();
}

/// One of a few words, in whatever case.
macro_rules! words {
    ($($kind:ty: $($word:literal => $value:expr),*;)*) => {$(
        impl TextValue for $kind {
            const WORDS: &'static [&'static str] = &[$($word),*];

            fn read(text: &str) -> Result<Self, String> {
                match text.to_ascii_lowercase().as_str() {
                    $($word => Ok($value),)*
                    _ => Err(format!("use {}", one_of(Self::WORDS))),
                }
            }

            fn show(&self) -> String {
                let all = [$(($word, $value)),*];
                all.into_iter().find(|(_, value)| value == self).map(|(word, _)| word.to_owned()).unwrap_or_default()
            }
        }
    )*};
}
pub(super) use words;

words! {
    Blocklist: "contains" => Self::Contains, "whole" => Self::Whole;
}

/// Words that the domain declares.
macro_rules! vocabularies {
    ($($kind:ty),*) => {$(
        impl TextValue for $kind {
            const WORDS: &'static [&'static str] = &<$kind>::WORDS;

            fn read(text: &str) -> Result<Self, String> {
                Self::parse(&text.to_ascii_lowercase()).ok_or_else(|| format!("use {}", one_of(&<$kind>::WORDS)))
            }

            fn show(&self) -> String {
                self.as_str().to_owned()
            }
        }
    )*};
}

vocabularies!(AddressVerification, Preset, FieldPlace, BuiltInStep);

/// `a, b or c`.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [before @ .., last] => format!("{} or {last}", before.join(", ")),
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Number<MIN, MAX> {
    const RANGE: RangeInclusive<u32> = MIN..=MAX;

    /// A default, brought into the range.
    pub(super) fn new(number: impl TryInto<u32>) -> Self {
        Self(number.try_into().unwrap_or(MAX).clamp(MIN, MAX))
    }

    pub(super) const fn get(self) -> u32 {
        self.0
    }

    pub(super) fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    pub(super) fn as_count(self) -> Option<NonZeroUsize> {
        NonZeroUsize::new(self.as_usize())
    }
}

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Number<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let refused = || D::Error::custom(format!("use a whole number from {MIN} to {MAX}"));
        let number = deserializer.deserialize_any(WholeNumber).map_err(|_| refused())?;
        u32::try_from(number).ok().filter(|number| Self::RANGE.contains(number)).map(Self).ok_or_else(refused)
    }
}

impl<const MIN: u32, const MAX: u32> Serialize for Number<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl<const MIN: u32, const MAX: u32> JsonSchema for Number<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Number{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

/// A whole number.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Integer(pub(super) i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeNumber).map(Self).map_err(|_| D::Error::custom("use a whole number"))
    }
}

/// Takes a whole number, or a text of one. `config` itself would cut fractions off.
struct WholeNumber;

impl Visitor<'_> for WholeNumber {
    type Value = i64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a whole number")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(E::custom)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<i64, E> {
        text.trim().parse().map_err(E::custom)
    }
}

/// Several values: a list in a file, a text with commas in the environment.
#[derive(Clone, Debug)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl List<Text<String>> {
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|Text(text)| text.as_str())
    }
}

/// Several tables: `[[key]]` in a file, a TOML array of inline tables in the environment.
#[derive(Clone, Debug)]
pub(super) struct Tables<T>(pub(super) Vec<T>);

/// How a text becomes several values.
type FromText<T> = fn(&str) -> Result<Vec<T>, String>;

/// Takes the values themselves, or one text that holds them.
struct Several<T> {
    expected: &'static str,
    from_text: FromText<T>,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Several<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<T>, E> {
        (self.from_text)(text).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items))
    }
}

impl<'de, T: TextValue> Deserialize<'de> for List<Text<T>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let from_text: FromText<Text<T>> = |text| {
            let items = text.split([',', ';']).map(str::trim).filter(|item| !item.is_empty());
            items.map(|item| T::read(item).map(Text)).collect()
        };
        deserializer.deserialize_any(Several { expected: "a list of texts", from_text, item: PhantomData }).map(Self)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Tables<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let from_text: FromText<T> = |text| {
            let mut tables = toml::from_str::<std::collections::BTreeMap<String, Vec<T>>>(&format!("tables = {text}"))
                .map_err(|error| error.message().to_owned())?;
            Ok(tables.remove("tables").unwrap_or_default())
        };
        deserializer.deserialize_any(Several { expected: "a list of tables", from_text, item: PhantomData }).map(Self)
    }
}

macro_rules! several {
    ($kind:ident) => {
        impl<T> Default for $kind<T> {
            fn default() -> Self {
                Self(Vec::new())
            }
        }

        impl<T: Serialize> Serialize for $kind<T> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<T: JsonSchema> JsonSchema for $kind<T> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                Vec::<T>::schema_name()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                Vec::<T>::json_schema(generator)
            }
        }
    };
}
several!(List);
several!(Tables);

/// A text that may hold a secret: it is never printed, and can stand in a file of its own.
#[derive(Clone, Debug)]
pub(super) struct Secret(pub(super) SecretString);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(SecretString::from(text.trim().to_owned())))
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("…")
    }
}

impl JsonSchema for Secret {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "writeOnly": true })
    }
}
