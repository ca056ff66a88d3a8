//! Checks as plain texts: what is asked of a worker, and what came of it. The page keeps and hands on these texts;
//! only the workers look into them.

/// What came of a check of a lane, as a text: it crosses from worker to page, is kept between visits, and is told
/// in full by a sheet.
///
/// A line each: the kind, the subject, the lane, the link of a counter-example, the headline, and more lines.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Record {
    /// What came of it.
    pub kind: Kind,
    /// What was checked, in digits: another scenario or another listing has another one.
    pub subject: String,
    /// The lane.
    pub lane: String,
    /// The counter-example as a link's fragment; empty if there is none.
    pub link: String,
    /// The verdict.
    pub headline: String,
    /// What it rests on.
    pub lines: Vec<String>,
}

/// What came of a check.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Kind {
    /// Every property holds.
    Holds,
    /// One does not.
    Broken,
    /// A bound was hit first, or it was stopped.
    Open,
    /// The page was closed, or its worker ended, before it was over.
    #[default]
    Cut,
    /// It could not begin.
    Failed,
}

impl Kind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Holds, "holds"),
        (Self::Broken, "broken"),
        (Self::Open, "not decided"),
        (Self::Cut, "not finished"),
        (Self::Failed, "not checked"),
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, words)| words)
    }
}

/// Between records.
const APART: &str = "\n\n";

impl Record {
    /// As a text without empty lines but for missing links.
    pub fn written(&self) -> String {
        let link = if self.link.is_empty() { "-" } else { &self.link };
        let mut out = String::new();
        for part in [self.kind.words(), &self.subject, &self.lane, link, &self.headline] {
            out.push_str(part);
            out.push('\n');
        }
        out.push_str(&self.lines.join("\n"));
        out.trim_end().to_owned()
    }

    /// Reads it back.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let kind = lines.next()?;
        let kind = Kind::ALL.iter().find(|(_, words)| *words == kind)?.0;
        let mut next = || lines.next().map(ToOwned::to_owned);
        let (subject, lane, link, headline) = (next()?, next()?, next()?, next()?);
        let link = if link == "-" { String::new() } else { link };
        let lines = lines.map(ToOwned::to_owned).collect();
        Some(Self { kind, subject, lane, link, headline, lines })
    }

    /// Several, one below the other.
    pub fn all_written<'a>(records: impl Iterator<Item = &'a Self>) -> String {
        records.map(Self::written).collect::<Vec<_>>().join(APART)
    }

    /// Reads those that make sense.
    pub fn all_read(text: &str) -> Vec<Self> {
        text.split(APART).filter_map(Self::read).collect()
    }
}

/// An option of a check among `name=value` words.
pub fn option<'a>(options: &'a str, name: &str) -> Option<&'a str> {
    options.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

/// These options with one set otherwise.
pub fn with_option(options: &str, name: &str, value: &str) -> String {
    let is_other = |word: &&str| !word.is_empty() && word.split('=').next() != Some(name);
    let mut out: Vec<&str> = options.split(' ').filter(is_other).collect();
    let set = format!("{name}={value}");
    out.push(&set);
    out.join(" ")
}

/// The option that says to how many rounds walks without end are cut.
pub const ROUNDS: &str = "rounds";

/// The option that says whether every lane has a worker of its own.
pub const PARALLEL: &str = "parallel";

/// Rounds that walks without end are cut to.
pub fn n_rounds(options: &str) -> u32 {
    option(options, ROUNDS)
        .and_then(|n| n.parse().ok())
        .filter(|n| (1..=8).contains(n))
        .unwrap_or(1)
}

/// What a worker is asked to check: the lane at a place of a link's scenario.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Asked {
    /// Options.
    pub options: String,
    /// Workers that share the memory.
    pub n_workers: usize,
    /// The lane's place among the scenario's lanes.
    pub lane: usize,
    /// The link's fragment.
    pub fragment: String,
}

impl Asked {
    /// As a text.
    pub fn written(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.options, self.n_workers, self.lane, self.fragment)
    }

    /// Reads it back.
    pub fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let mut next = || lines.next().unwrap_or("");
        let (options, n_workers, lane, fragment) = (next(), next(), next(), next());
        Self {
            options: options.to_owned(),
            n_workers: n_workers.parse().unwrap_or(1),
            lane: lane.parse().unwrap_or(0),
            fragment: fragment.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_as_they_were_written() {
        let found = Record {
            kind: Kind::Broken,
            subject: "12".into(),
            lane: "a:b".into(),
            link: "1:abc".into(),
            headline: "broken: leak".into(),
            lines: vec!["one".into(), "two".into()],
        };
        let cut = Record { subject: "3".into(), lane: "c".into(), ..Record::default() };
        let cut = Record { headline: "cut".into(), ..cut };
        let text = Record::all_written([&found, &cut].into_iter());
        assert_eq!(Record::all_read(&text), [found, cut]);
        assert_eq!(Record::all_read("nonsense\n\nholds\n1"), []);
    }

    #[test]
    fn options_are_set_one_by_one() {
        let options = with_option(&with_option("", "rounds", "2"), "mib", "256");
        assert_eq!((n_rounds(&options), option(&options, "mib")), (2, Some("256")));
        assert_eq!(with_option(&options, "rounds", "1"), "mib=256 rounds=1");
        assert_eq!(n_rounds("rounds=900"), 1);
        let asked = Asked { options, n_workers: 2, lane: 1, fragment: "1:x".into() };
        assert_eq!(Asked::read(&asked.written()), asked);
    }
}
