//! One change, and what it does to people's rights.

/// What a change does to the rights of people, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// More may be done with their data, or it is harder for them to prevent it. In doubt, too.
    Reduction,
    Neutral,
    Narrowing,
}

impl Effect {
    pub fn as_str(self) -> &'static str {
        match self {
            Effect::Reduction => "reduction",
            Effect::Neutral => "neutral",
            Effect::Narrowing => "narrowing",
        }
    }

    /// Of a setting that was off or on, where on is less for people.
    pub fn of_permission(was: bool, is: bool) -> Option<Effect> {
        match (was, is) {
            (false, true) => Some(Effect::Reduction),
            (true, false) => Some(Effect::Narrowing),
            (true, true) | (false, false) => None,
        }
    }
}

/// A difference in meaning between two versions of the rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub effect: Effect,
    /// `ads × basic.email`, `role analyst`, `table shop.users`
    pub what: String,
    pub from: String,
    pub to: String,
    /// `rules/purposes.yaml:24`, in the older version.
    pub old_place: Option<String>,
    pub new_place: Option<String>,
    /// Counts only for people who have been told of this version of the policy.
    pub since: Option<u32>,
}

impl Change {
    pub fn new(effect: Effect, what: impl Into<String>) -> Change {
        Change {
            effect,
            what: what.into(),
            from: String::new(),
            to: String::new(),
            old_place: None,
            new_place: None,
            since: None,
        }
    }

    pub fn values(mut self, from: impl Into<String>, to: impl Into<String>) -> Change {
        (self.from, self.to) = (from.into(), to.into());
        self
    }

    pub fn at(mut self, old: Option<&str>, new: Option<&str>) -> Change {
        self.old_place = old.map(str::to_owned);
        self.new_place = new.map(str::to_owned);
        self
    }

    pub fn since(mut self, since: Option<u32>) -> Change {
        self.since = since;
        self
    }

    pub fn is_reduction(&self) -> bool {
        self.effect == Effect::Reduction
    }

    /// `ads × basic.email: block → allow (rules/purposes.yaml:24 → rules/purposes.yaml:26)`
    pub fn one_line(&self) -> String {
        let place = match (&self.old_place, &self.new_place) {
            (None, None) => String::new(),
            (Some(one), None) | (None, Some(one)) => format!(" ({one})"),
            (Some(old), Some(new)) if old == new => format!(" ({old})"),
            (Some(old), Some(new)) => format!(" ({old} → {new})"),
        };
        format!("{}: {} → {}{place}", self.what, self.from, self.to)
    }
}
