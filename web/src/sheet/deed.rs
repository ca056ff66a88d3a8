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
        ];
        for deed in all {
            assert_eq!(Deed::read(&deed.written()), Some(deed));
        }
        assert_eq!(Deed::read("put x y"), None);
        assert_eq!(Deed::read("nonsense 1"), None);
    }
}
