//! Links: a scenario and the state of a page in the fragment of an address, with no server.
//!
//! Decodes every version that was ever issued and encodes the newest. A damaged link gives what
//! can be read of it and says what is wrong. Knows no browser; the bytes are described in
//! `docs/links.md`.

mod crc32;
mod decode;
mod deflate;
mod listing_edit;
mod percent;
mod trouble;

pub use decode::decode;
pub use listing_edit::{Hunk, ListingEdit, Misfit, Sign};
pub use trouble::Trouble;

use crate::{
    diagnostic::Diagnostic,
    print::{print, print_compact},
    scenario::Scenario,
    word::{write_line, write_word},
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use core::fmt::Write;
use memcg_core::replay::Proof;

/// The version that is issued.
pub const VERSION: u32 = 1;

/// From this length on, in characters, a link is likely to be cut on its way; [`advice`] says what else there is.
pub const LINK_CHARS_WARN: usize = 2_000;

/// What to say about a link of this length; `None` if it is short enough for mail and chat.
pub fn advice(n_chars: usize) -> Option<String> {
    (n_chars > LINK_CHARS_WARN).then(|| {
        format!(
            "this link has {n_chars} characters, and some programs cut links beyond \
             {LINK_CHARS_WARN}: send the scenario as a file, or put the file beside the page and \
             link to it with ?src=NAME.scenario"
        )
    })
}

/// Longest fragment that is read, in bytes.
pub const FRAGMENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Longest text inside a link, in bytes.
pub const LINK_TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What a link shares.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Shared {
    /// The scenario.
    pub scenario: Scenario,
    /// Moves taken. A page stops at the end of the schedule if there are fewer.
    pub cursor: usize,
    /// Name of the branch shown.
    pub branch: Option<String>,
    /// How the page looks.
    pub view: View,
    /// Listings that were edited, as their differences to those they were made from.
    pub edits: Vec<ListingEdit>,
    /// What the whole schedule came to when the link was made, see [`memcg_core::replay`].
    pub proof: Option<Proof>,
}

/// How a page looks: an open map of short words, in the order of its keys. Who does not know a key leaves it alone.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct View(pub Vec<(String, String)>);

impl View {
    /// The selected thread's name.
    pub const THREAD: &'static str = "thread";
    /// The selected lane, as it is written under `compare:`.
    pub const LANE: &'static str = "lane";
    /// How far one step goes: `access`, `statement` or `call`.
    pub const GRAIN: &'static str = "grain";
    /// The panel or tab in front.
    pub const PANEL: &'static str = "panel";
    /// `light` or `dark`; absent for what the browser prefers.
    pub const THEME: &'static str = "theme";
    /// Moves a second when playing.
    pub const SPEED: &'static str = "speed";
    /// How large the timeline draws moves: `fit` for the whole schedule, or `1/2`, `2`, `4`; absent: 1.
    pub const ZOOM: &'static str = "zoom";
    /// Flags of an embedded page, separated by commas.
    pub const EMBED: &'static str = "embed";

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// Sets a key; an empty value removes it.
    pub fn set(&mut self, key: &str, value: &str) {
        self.0.retain(|(k, _)| k != key);
        if !value.is_empty() {
            self.insert(key.to_string(), value.to_string());
        }
    }

    /// Sets a key, also to nothing.
    pub fn insert(&mut self, key: String, value: String) {
        self.0.retain(|(k, _)| *k != key);
        let at = self.0.partition_point(|(k, _)| *k < key);
        self.0.insert(at, (key, value));
    }
}

/// A link as read.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// What could be read; `None` for an empty fragment and for one that holds nothing readable.
    pub shared: Option<Shared>,
    /// The version that the link names.
    pub version: Option<u32>,
    /// What is wrong with the link as a whole; empty for a sound one.
    pub trouble: Vec<Trouble>,
    /// What is wrong with the text inside.
    pub diagnostics: Vec<Diagnostic>,
    /// Further diagnostics, not kept.
    pub n_more: usize,
    /// The text inside, as far as it could be read.
    pub text: String,
}

/// Why no link can be made: the text is longer than a link may carry.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct TooLarge {
    /// Length of the text in bytes, more than [`LINK_TEXT_BYTES_MAX`].
    pub n_bytes: usize,
}

impl core::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let max = LINK_TEXT_BYTES_MAX;
        write!(f, "the scenario has {} bytes, a link holds {max} at most", self.n_bytes)
    }
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The fragment for this state, without the `#`.
///
/// # Errors
/// If its text is longer than [`LINK_TEXT_BYTES_MAX`].
pub fn encode(shared: &Shared) -> Result<String, TooLarge> {
    encode_text(&text_of(shared)?)
}

/// The fragment for a text as links hold it: a scenario's, with headers of links anywhere. Mistakes in it are found when it is read.
///
/// # Errors
/// As [`encode`].
pub fn encode_text(text: &str) -> Result<String, TooLarge> {
    if text.len() > LINK_TEXT_BYTES_MAX {
        return Err(TooLarge { n_bytes: text.len() });
    }
    let mut bytes = crc32::crc32(text.as_bytes()).to_be_bytes().to_vec();
    deflate::compress(text.as_bytes(), &mut bytes);
    let mut out = format!("{VERSION}:");
    BASE64.encode_string(bytes, &mut out);
    Ok(out)
}

/// The fragment in the form that people can read and write, without the `#`.
///
/// # Errors
/// As [`encode`].
pub fn encode_plain(shared: &Shared) -> Result<String, TooLarge> {
    let text = text_of(shared)?;
    Ok(format!("{VERSION}t:{}", percent::encode(&text)))
}

/// Whether a text is more than a scenario: one with edited listings, as blocks of documentation may hold them.
pub fn has_edits(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("edit:"))
}

/// Reads such a text, as if it stood in a link.
pub fn read_block(text: &str) -> Decoded {
    let mut out = Decoded::default();
    decode::read_text(text.as_bytes(), &mut out);
    out
}

/// What a fenced block or a directive of documentation holds: the edited listings, then the scenario as people write it.
pub fn block(shared: &Shared) -> String {
    let mut out = String::new();
    for edit in &shared.edits {
        edit.write(&mut out);
    }
    out + &print(&shared.scenario)
}

fn text_of(shared: &Shared) -> Result<String, TooLarge> {
    let mut out = String::new();
    if shared.cursor > 0 {
        let _ = writeln!(out, "cursor:{}", shared.cursor);
    }
    if let Some(branch) = &shared.branch {
        out.push_str("branch:");
        write_line(&mut out, branch);
        out.push('\n');
    }
    if !shared.view.0.is_empty() {
        out.push_str("view:\n");
        for (key, value) in &shared.view.0 {
            out.push(' ');
            write_word(&mut out, key);
            if !value.is_empty() {
                out.push(' ');
                write_word(&mut out, value);
            }
            out.push('\n');
        }
    }
    if let Some(proof) = &shared.proof {
        let _ = write!(out, "state:{:08x}", proof.fingerprint);
        for at in &proof.idle {
            let _ = write!(out, " {at}");
        }
        out.push('\n');
    }
    for edit in &shared.edits {
        edit.write(&mut out);
    }
    out.push_str(&print_compact(&shared.scenario));
    if out.len() > LINK_TEXT_BYTES_MAX {
        return Err(TooLarge { n_bytes: out.len() });
    }
    Ok(out)
}
