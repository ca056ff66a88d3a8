//! Messages of the listing's editor.

/// What was done to a listing.
#[derive(Clone, PartialEq, Debug)]
pub enum ListingMsg {
    /// The listing of the lane turned to shall be a field.
    Opened,
    /// Typed: the whole text.
    Typed(String),
    /// The keyboard leaves the field, which stays.
    Left,
    /// No field any more; a text with mistakes is kept.
    Closed,
    /// What was typed and has mistakes is to be dropped.
    Dropped,
    /// As shipped again.
    Reverted,
    /// A lane of the shipped one beside it.
    Compared,
    /// Lines that are gone shall be shown, or not.
    ShowedGone(bool),
}
