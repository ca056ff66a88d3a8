//! What can be wrong with a link as a whole, in words for the person who opened it.

use super::{FRAGMENT_BYTES_MAX, LINK_TEXT_BYTES_MAX, VERSION};
use core::fmt;

/// What is wrong with a link.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Trouble {
    /// It does not begin as a link does.
    NotALink,
    /// It comes from a newer page.
    Newer {
        /// The version that it names.
        version: u32,
    },
    /// It ends too early, as when a chat program cuts it.
    Cut {
        /// Lines of the text that could be read.
        n_lines: usize,
    },
    /// Its checksum does not fit, or its bytes make no sense.
    Damaged {
        /// Lines of the text that could be read.
        n_lines: usize,
    },
    /// A character that no link has; what follows it was not read.
    BadCharacter {
        /// The character.
        found: char,
        /// Bytes before it, after the version.
        at: usize,
    },
    /// Percent signs without two hexadecimal digits, taken as they are.
    BadPercent {
        /// How many.
        n: usize,
    },
    /// The fragment is longer than [`FRAGMENT_BYTES_MAX`].
    TooLong {
        /// Its length in bytes.
        n_bytes: usize,
    },
    /// The text inside is longer than [`LINK_TEXT_BYTES_MAX`]; the rest was not read.
    TooMuchText,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotALink => write!(f, "this is not a link of the playground"),
            Self::Newer { version } => write!(
                f,
                "this link has version {version}, and this page knows links up to version \
                 {VERSION}: open it with a newer page"
            ),
            Self::Cut { n_lines: 0 } => {
                write!(f, "this link was cut off, so early that nothing of it can be read")
            }
            Self::Cut { n_lines } => {
                write!(f, "this link was cut off; lines that could be read: {n_lines}")
            }
            Self::Damaged { n_lines: 0 } => {
                write!(f, "this link is damaged, and nothing of it can be read")
            }
            Self::Damaged { n_lines } => write!(
                f,
                "this link is damaged; lines that could be read, some perhaps wrong: {n_lines}"
            ),
            Self::BadCharacter { found, at } => write!(
                f,
                "this link holds a character that no link has, U+{:04X} after {at} bytes; what \
                 follows was not read",
                u32::from(*found)
            ),
            Self::BadPercent { n } => {
                write!(f, "percent signs of this link without two digits after them: {n}")
            }
            Self::TooLong { n_bytes } => write!(
                f,
                "this link has {n_bytes} bytes; at most {FRAGMENT_BYTES_MAX} are read, so nothing \
                 was"
            ),
            Self::TooMuchText => write!(
                f,
                "the text in this link is longer than {LINK_TEXT_BYTES_MAX} bytes; the rest was \
                 not read"
            ),
        }
    }
}
