//! What went wrong or should be known, as notices with a way on.

/// A notice.
#[derive(Clone, PartialEq, Debug)]
pub struct Trouble {
    /// To dismiss it by.
    pub id: u32,
    /// What it is about: a new notice takes the place of an older one about the same.
    pub about: About,
    /// How bad it is.
    pub tone: Tone,
    /// One sentence.
    pub title: String,
    /// More, a line each; escaped text from outside may stand here.
    pub lines: Vec<String>,
    /// The way on.
    pub offer: Option<Offer>,
}

/// What a notice is about.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum About {
    /// A link that was opened.
    Link,
    /// The scenario: lanes that do not run, parts that do not resolve.
    Scenario,
    /// What is kept on this machine.
    Keeping,
    /// A draft that a link took the place of.
    Draft,
    /// The worker.
    Worker,
    /// An edit: what was dropped with it.
    Edit,
    /// A pasted text that could be imported.
    Paste,
}

/// How bad it is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Tone {
    /// Something is lost or does not work.
    Bad,
    /// Something is not as asked for.
    Warn,
    /// Good to know.
    Note,
}

/// The way on that a notice offers.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Offer {
    /// The earlier draft comes back.
    BringBack,
    /// The last edit is undone.
    Undo,
    /// The pasted text is read.
    Import,
    /// The story that the page opens with.
    Story,
}

/// Longest list of a notice; the rest is counted.
const N_LINES_MAX: usize = 8;

impl Trouble {
    /// A notice that is not on the page yet.
    pub fn new(about: About, tone: Tone, title: impl Into<String>) -> Self {
        Self { id: 0, about, tone, title: title.into(), lines: Vec::new(), offer: None }
    }

    /// With more lines; those beyond the first few are counted.
    #[must_use]
    pub fn with(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        let mut lines = lines.into_iter();
        self.lines.extend(lines.by_ref().take(N_LINES_MAX));
        match lines.count() {
            0 => {}
            n => self.lines.push(format!("… and {n} more")),
        }
        self
    }

    /// With a way on.
    #[must_use]
    pub const fn offering(mut self, offer: Offer) -> Self {
        self.offer = Some(offer);
        self
    }
}

/// Puts a notice on the page, in the place of one about the same.
pub fn note(troubles: &mut Vec<Trouble>, mut trouble: Trouble) {
    trouble.id = troubles.iter().map(|t| t.id).max().unwrap_or(0) + 1;
    clear(troubles, trouble.about);
    troubles.push(trouble);
}

/// Takes away what is said about something.
pub fn clear(troubles: &mut Vec<Trouble>, about: About) {
    troubles.retain(|t| t.about != about);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_notice_about_one_thing() {
        let mut troubles = Vec::new();
        note(&mut troubles, Trouble::new(About::Link, Tone::Bad, "cut"));
        note(&mut troubles, Trouble::new(About::Keeping, Tone::Warn, "full"));
        note(&mut troubles, Trouble::new(About::Link, Tone::Bad, "cut again"));
        let titles: Vec<&str> = troubles.iter().map(|t| t.title.as_str()).collect();
        assert_eq!(titles, ["full", "cut again"]);
        assert_ne!(troubles[0].id, troubles[1].id);
    }

    #[test]
    fn long_lists_are_cut() {
        let trouble =
            Trouble::new(About::Edit, Tone::Note, "dropped").with((0..20).map(|n| n.to_string()));
        assert_eq!(trouble.lines.len(), 9);
        assert_eq!(trouble.lines[8], "… and 12 more");
    }
}
