//! What a policy is held to. Section by section, each property has a file of its own beside this one.

/// A property of every run.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Property {
    /// No freed memory is touched or returned, no reference dropped that nobody holds, no NULL followed.
    Safety,
    /// What a call returns is online (or was), and at or below the walk's root.
    Returned,
    /// A removed group is freed once nobody uses it any more.
    Leak,
    /// A call of the iterator, or a stage of a group's life, returns.
    CallReturns,
    /// A walk that goes on comes to its end.
    WalkEnds,
    /// A round visits every group that lives through it.
    Coverage,
    /// A round visits no group twice.
    DoubleVisits,
    /// No walk goes back to its root before its round is over, or only so many times.
    Restarts,
    /// A condition that the scenario sets, see [`crate::condition`].
    Condition,
}

impl Property {
    /// Those that are looked at unless others are asked for.
    pub const ALL: [Self; 5] =
        [Self::Safety, Self::Returned, Self::Leak, Self::CallReturns, Self::WalkEnds];

    /// Those that are looked at when they are asked for: about a round's history, which makes more states.
    pub const OF_ROUNDS: [Self; 3] = [Self::Coverage, Self::DoubleVisits, Self::Restarts];

    /// All that have a name on the command line.
    pub fn named() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::OF_ROUNDS)
    }

    /// Its name on a command line and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Returned => "returned",
            Self::Leak => "leak",
            Self::CallReturns => "call-returns",
            Self::WalkEnds => "walk-ends",
            Self::Coverage => "coverage",
            Self::DoubleVisits => "double-visits",
            Self::Restarts => "restarts",
            Self::Condition => "condition",
        }
    }

    /// What it says, as a sentence without its point.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Safety => "no freed memory is used and no reference dropped that nobody holds",
            Self::Returned => "only groups that are online and below the root are returned",
            Self::Leak => "a removed group is freed once nobody uses it",
            Self::CallReturns => "a call returns",
            Self::WalkEnds => "a walk ends",
            Self::Coverage => "a round visits every group that lives through it",
            Self::DoubleVisits => "a round visits no group twice",
            Self::Restarts => "no walk is back at its root before its round is over",
            Self::Condition => "what the scenario checks holds",
        }
    }

    /// The property with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::named().find(|p| p.name() == name)
    }
}

/// A set of properties.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Properties(u16);

impl Properties {
    /// Those of [`Property::ALL`].
    pub const ALL: Self = Self(0b1_1111);

    /// None.
    pub const NONE: Self = Self(0);

    /// This one alone.
    pub const fn only(property: Property) -> Self {
        Self(1 << property as u8)
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether it is among them.
    pub const fn has(self, property: Property) -> bool {
        self.0 >> property as u8 & 1 != 0
    }

    /// Whether some property is about what a round has visited.
    pub(super) const fn have_rounds(self) -> bool {
        self.has(Property::Coverage) || self.has(Property::DoubleVisits)
    }

    /// Whether some property needs the cycles of the graph.
    pub(super) const fn have_progress(self) -> bool {
        self.has(Property::CallReturns) || self.has(Property::WalkEnds)
    }
}
