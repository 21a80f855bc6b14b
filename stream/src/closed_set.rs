//! The macro that makes a closed set with its written codes.

/// Makes a closed set with its written codes: `as_str`, `parse`, `ALL`, `Display` and serde by code.
///
/// The crate that uses it depends on serde with `derive`.
///
/// ```
/// stream::closed_set! {
///     /// How a sentinel stands.
///     Watch {
///         /// Awake.
///         Jaga = "jaga",
///         /// Relieved.
///         Lepas = "lepas",
///     }
/// }
/// assert_eq!(Watch::parse("jaga"), Some(Watch::Jaga));
/// assert_eq!(Watch::Lepas.to_string(), "lepas");
/// assert_eq!(Watch::ALL.len(), 2);
/// ```
#[macro_export]
macro_rules! closed_set {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every member, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The code as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// The member with this code.
            pub fn parse(code: &str) -> Option<$name> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
