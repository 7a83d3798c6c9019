//! What the OpenAPI document says of values: their form, their limits, an example. Bodies hold texts, and the core reads them.

use utoipa::ToSchema;

/// Declares a text that the document describes.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $name:ident { $($rule:tt)+ })+) => {
        $($(#[doc = $doc])+
        #[derive(ToSchema)]
        #[schema(value_type = String, $($rule)+)]
        pub(crate) struct $name(#[expect(dead_code, reason = "only its schema is used")] String);)+
    };
}

texts! {
    /// An e-mail address.
    Email { format = "email", min_length = 3, max_length = 254, example = "ada@example.org" }
    /// A first or last name: one line that does not look like a link or an address.
    PersonName { min_length = 1, max_length = 100, example = "Ada" }
    /// The name of a company, a role or a subscription: one line.
    Name { min_length = 1, max_length = 200, example = "Acme Ltd" }
    /// A short text about a person: one line.
    ProfileText { max_length = 100, example = "Research" }
    /// The language of texts, as a tag (BCP 47).
    LanguageTag { min_length = 2, max_length = 35, example = "en" }
    /// A country (ISO 3166-1 alpha-2).
    Country { min_length = 2, max_length = 2, example = "DE" }
    /// A time zone, by its name in the IANA database.
    ZoneName { min_length = 1, max_length = 64, example = "Europe/Berlin" }
    /// A point in time (RFC 3339).
    Time { format = DateTime, example = "2030-01-31T12:00:00Z" }
    /// A length of time (ISO 8601).
    Length { format = "duration", example = "P7D" }
    /// An id.
    Id { format = "uuid", example = "0190f3a1-7c00-7000-8000-000000000001" }
    /// The key of a role or a subscription: 1 to 64 of a-z, 0-9, _ and -, starting with a letter.
    Key { min_length = 1, max_length = 64, pattern = "^[a-z][a-z0-9_-]{0,63}$", example = "editor" }
    /// A password, at most 1024 bytes.
    Password { format = Password, max_length = 1024 }
    /// Bytes as they are.
    Bytes { format = Binary }
    /// A secret that we answered or mailed.
    Token { example = "idinv_4OobGHfkoP8oVa6vcFKKZtNcDbwPhn-A4LwHI-mnUkU" }
}

/// The number of a version of the terms.
#[derive(ToSchema)]
#[schema(value_type = i64, format = Int64, minimum = 0, maximum = 4_294_967_295_u64, example = 1)]
pub(crate) struct VersionNumber(#[expect(dead_code, reason = "only its schema is used")] u32);
