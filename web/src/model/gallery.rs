//! The gallery's scenarios, once they have been fetched.

/// What the page has of the gallery.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub enum Gallery {
    /// Nothing yet.
    #[default]
    Unknown,
    /// The worker has been asked.
    Asked,
    /// Everything.
    Here(Vec<Card>),
}

/// A scenario of the gallery.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Card {
    /// Its title.
    pub title: String,
    /// The beginning of what is said of it.
    pub note: String,
    /// Groups and policies.
    pub meta: String,
    /// Its text.
    pub text: String,
}
