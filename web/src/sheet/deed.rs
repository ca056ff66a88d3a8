//! What can be done on a sheet, as it stands in `data-do`.

/// Something that a person chose on a sheet.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Deed {
    /// See this policy.
    Policy(String),
    /// Another lane with this policy.
    Add(String),
    /// This policy in the place of a lane's, by place among the scenario's lanes.
    Put(usize, String),
    /// Open this scenario of the gallery.
    Gallery(usize),
    /// Go to where so many moves are made.
    Seek(usize),
    /// Share it in this form: as the sheet that offers it has written it.
    Share(String),
    /// Compare the scenario's lanes (or all policies).
    Compare {
        /// Every policy, not only those of the lanes.
        all: bool,
    },
    /// Play this schedule, of a link, in the lanes.
    Load(String),
    /// Put this on the clipboard; what begins with `#` is a link.
    Copy(String),
    /// See complete runs of the lane at this place.
    Passing(usize),
    /// Set an option of checks: `name=value`.
    Set(String),
    /// Check the lanes.
    Check,
    /// Check no more.
    CheckStop,
}

impl Deed {
    /// As it stands in an attribute.
    pub fn written(&self) -> String {
        match self {
            Self::Policy(name) => format!("policy {name}"),
            Self::Add(name) => format!("add {name}"),
            Self::Put(lane, name) => format!("put {lane} {name}"),
            Self::Gallery(at) => format!("gallery {at}"),
            Self::Seek(at) => format!("seek {at}"),
            Self::Share(form) => format!("share {form}"),
            Self::Load(fragment) => format!("load {fragment}"),
            Self::Copy(text) => format!("copy {text}"),
            Self::Passing(lane) => format!("passing {lane}"),
            Self::Set(option) => format!("set {option}"),
            Self::Check => "check now".to_owned(),
            Self::CheckStop => "check stop".to_owned(),
            Self::Compare { all } => format!("compare {}", usize::from(*all)),
        }
    }

    /// Reads it back.
    pub fn read(text: &str) -> Option<Self> {
        let (what, rest) = text.split_once(' ')?;
        let number = || rest.parse().ok();
        Some(match what {
            "policy" => Self::Policy(rest.to_owned()),
            "add" => Self::Add(rest.to_owned()),
            "put" => {
                let (lane, name) = rest.split_once(' ')?;
                Self::Put(lane.parse().ok()?, name.to_owned())
            }
            "gallery" => Self::Gallery(number()?),
            "seek" => Self::Seek(number()?),
            "share" => Self::Share(rest.to_owned()),
            "load" => Self::Load(rest.to_owned()),
            "copy" => Self::Copy(rest.to_owned()),
            "passing" => Self::Passing(number()?),
            "set" => Self::Set(rest.to_owned()),
            "check" if rest == "now" => Self::Check,
            "check" => Self::CheckStop,
            "compare" => Self::Compare { all: rest == "1" },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_are_read_as_they_were_written() {
        let all = [
            Deed::Policy("a".into()),
            Deed::Add("b".into()),
            Deed::Put(3, "c".into()),
            Deed::Gallery(2),
            Deed::Seek(12),
            Deed::Compare { all: true },
            Deed::Share("frame steppable mode".into()),
            Deed::Load("1:x".into()),
            Deed::Copy("two\nlines".into()),
            Deed::Passing(1),
            Deed::Set("mib=256".into()),
            Deed::Check,
            Deed::CheckStop,
        ];
        for deed in all {
            assert_eq!(Deed::read(&deed.written()), Some(deed));
        }
        assert_eq!(Deed::read("put x y"), None);
        assert_eq!(Deed::read("nonsense 1"), None);
    }
}
