//! A form as the input of an act: the same type as the JSON body of its route. A field that is named `fields.team` is `team` of `fields`,
//! a field that stands several times is a list, an empty one is none.

use std::{
    collections::{BTreeMap, btree_map},
    fmt,
};

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor,
        value::{SeqDeserializer, StrDeserializer},
    },
    forward_to_deserialize_any,
};

/// How many parts a name has at most.
const MAX_DEPTH: usize = 4;

/// Reads a form.
///
/// # Errors
/// The name of a field that does not belong to the form, or has no value of its type.
pub(super) fn read<'a, T: DeserializeOwned>(fields: impl IntoIterator<Item = &'a (String, String)>) -> Result<T, FormError> {
    let mut form = Node::default();
    for (path, text) in fields {
        let mut node = &mut form;
        for (depth, name) in path.splitn(MAX_DEPTH, '.').enumerate() {
            node = node.parts.entry(name).or_insert_with(|| Node { name, is_part: depth > 0, ..Node::default() });
        }
        node.texts.push(text);
    }
    T::deserialize(form)
}

/// The field that is wrong.
#[derive(Debug)]
pub(super) struct FormError {
    pub(super) field: String,
    /// Whether `field` is one already, and not what serde says of its value.
    is_named: bool,
}

impl fmt::Display for FormError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.field)
    }
}

impl std::error::Error for FormError {}

impl serde::de::Error for FormError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        // It may hold what was typed.
        Self { field: String::new(), is_named: false }
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self { field: field.to_owned(), is_named: true }
    }
}

/// Everything that was sent under a name.
#[derive(Default)]
struct Node<'a> {
    name: &'a str,
    /// Whether it is a part of another field.
    is_part: bool,
    texts: Vec<&'a str>,
    parts: BTreeMap<&'a str, Node<'a>>,
}

impl<'a> Node<'a> {
    fn is_left_out(&self) -> bool {
        self.texts.is_empty() && self.parts.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.texts.iter().all(|text| text.trim().is_empty())
    }

    /// The one text.
    fn text(&self) -> Result<&'a str, FormError> {
        match (self.texts.as_slice(), self.parts.is_empty()) {
            ([], true) => Ok(""),
            ([text], true) => Ok(text),
            _ => Err(self.wrong()),
        }
    }

    /// The one text, or the last: a box that is a part of a field has a hidden field before it, which is sent where it is not ticked.
    fn last_text(&self) -> Result<&'a str, FormError> {
        match self.texts.last() {
            Some(last) if self.is_part && self.parts.is_empty() => Ok(last),
            _ => self.text(),
        }
    }

    fn wrong(&self) -> FormError {
        FormError { field: self.name.to_owned(), is_named: true }
    }
}

impl IntoDeserializer<'_, FormError> for Node<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = FormError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let text = self.text()?;
        match text.parse::<i64>() {
            // 007 is a text.
            Ok(number) if number.to_string() == text => visitor.visit_i64(number),
            _ => visitor.visit_str(text),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let text = self.last_text()?;
        visitor.visit_bool(!text.is_empty() && text != "false")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        if self.is_left_out() {
            visitor.visit_unit()
        } else if self.texts.len() > 1 {
            Err(self.wrong())
        } else if self.is_empty() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    /// A field that stands several times, or its parts in the order of their names.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match (self.texts.is_empty(), self.parts.is_empty()) {
            (_, true) => visitor.visit_seq(SeqDeserializer::new(self.texts.into_iter())),
            (true, false) => {
                let mut parts = self.parts.into_values().collect::<Vec<_>>();
                // 2 comes before 10.
                parts.sort_by_key(|part| (part.name.len(), part.name));
                visitor.visit_seq(SeqDeserializer::new(parts.into_iter()))
            }
            (false, false) => Err(self.wrong()),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        if !self.texts.is_empty() {
            return Err(self.wrong());
        }
        visitor.visit_map(Parts { rest: self.parts.into_values(), value: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        // What was left out is read as what was left empty: a browser leaves out boxes that are not ticked.
        for name in fields {
            self.parts.entry(name).or_insert_with(|| Node { name, ..Node::default() });
        }
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
        ignored_any
    }
}

/// The parts of a form or of a field, each error under the name of its part.
struct Parts<'a> {
    rest: btree_map::IntoValues<&'a str, Node<'a>>,
    value: Option<Node<'a>>,
}

impl<'de> MapAccess<'de> for Parts<'_> {
    type Error = FormError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, FormError> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let name = node.name;
        self.value = Some(node);
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, FormError> {
        let node = self.value.take().unwrap_or_default();
        let wrong = node.wrong();
        seed.deserialize(node).map_err(|error| if error.is_named { error } else { wrong })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::wire::AnswerValue;

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Input {
        name: String,
        nickname: Option<String>,
        version: Option<u32>,
        #[serde(default)]
        remember: bool,
        #[serde(default)]
        roles: Vec<String>,
        #[serde(default)]
        fields: BTreeMap<String, AnswerValue>,
        check: Option<Check>,
        #[serde(default)]
        checks: Vec<Check>,
        #[serde(default, deserialize_with = "crate::wire::optional_version")]
        terms: Option<u32>,
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Check {
        method: String,
        is_done: bool,
    }

    fn input(fields: &[(&str, &str)]) -> Result<Input, String> {
        let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Vec<_>>();
        read(&fields).map_err(|error| error.field)
    }

    #[test]
    fn a_form_is_the_input_of_an_act() {
        let fields = [("name", "Ada"), ("nickname", " "), ("version", "3"), ("remember", "true"), ("roles", "a"), ("roles", "b")];
        let Input { name, nickname, version, remember, roles, .. } = input(&fields).unwrap();
        assert_eq!((name.as_str(), nickname, version, remember), ("Ada", None, Some(3), true));
        assert_eq!(roles, ["a", "b"]);
        assert_eq!(input(&[("terms", "3")]).unwrap().terms, Some(3));
        let empty = input(&[]).unwrap();
        assert_eq!((empty.name.as_str(), empty.version, empty.remember), ("", None, false), "what is left out is empty");
        assert!(empty.roles.is_empty() && empty.fields.is_empty() && empty.check.is_none() && empty.checks.is_empty());
    }

    #[test]
    fn names_with_a_dot_are_parts_of_one_field_and_the_last_of_a_box_holds() {
        let read = input(&[("fields.team", "007"), ("fields.age", "7"), ("fields.shirt", "true")]).unwrap();
        let typed = [("age", "7"), ("shirt", "true"), ("team", "007")].map(|(key, text)| (key.to_owned(), text.to_owned()));
        assert_eq!(crate::wire::typed(read.fields), typed.into());
        let check = |method: &str, is_done| Check { method: method.to_owned(), is_done };
        let read = input(&[("check.method", "call"), ("check.is_done", "false"), ("check.is_done", "true")]).unwrap();
        assert_eq!(read.check, Some(check("call", true)));
        let read = input(&[("checks.10.method", "b"), ("checks.2.method", "a"), ("checks.2.is_done", "true")]).unwrap();
        assert_eq!(read.checks, [check("a", true), check("b", false)]);
    }

    #[test]
    fn what_is_no_field_or_there_twice_or_not_of_its_type_is_named() {
        for (fields, wrong) in [
            (&[("colour", "red")][..], "colour"),
            (&[("name", "Ada"), ("name", "Bob")], "name"),
            (&[("name.first", "Ada")], "name"),
            (&[("version", "three")], "version"),
            (&[("fields", "x")], "fields"),
            (&[("roles", "x"), ("roles.a", "x")], "roles"),
            (&[("check.colour", "x")], "colour"),
            (&[("fields.team", "a"), ("fields.team", "b")], "team"),
            (&[("checks", "my-secret")], "checks"),
            (&[("terms", "true")], "terms"),
        ] {
            assert_eq!(input(fields).unwrap_err(), wrong);
        }
    }
}
