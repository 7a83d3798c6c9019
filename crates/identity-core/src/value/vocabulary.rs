//! Enumerations whose values have a word each.

/// Declares an enumeration with the word of each value: in the database, the API and the configuration. The words never change.
macro_rules! vocabulary {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* $value,)+ }

        impl $name {
            /// Every value there is, in order.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$value),+];

            /// Their words, in the same order.
            pub const WORDS: [&'static str; [$($word),+].len()] = [$($word),+];

            /// The word for it, which never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }

            /// Reads [`as_str`](Self::as_str) back.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($word => Some(Self::$value),)+
                    _ => None,
                }
            }
        }

        #[cfg(feature = "serde")]
        $crate::value::serde_text!(|value| value.as_str().to_owned(), Self::parse => $name);
    };
}
pub(crate) use vocabulary;
