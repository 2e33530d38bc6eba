//! Why it happened, and where else it may (10.2 b); and what will be changed. Pure.

use super::choice::Similar;
use super::command::AnalyseAction;
use super::rules::{Action, State};
use crate::app::UserError;
use crate::command::value::Prose;

/// What was found when somebody looked why it happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Why after why; none where the cause was said at once.
    pub whys: Vec<String>,
    pub cause: String,
    pub similar: Similar,
    pub similar_where: Option<String>,
}

/// What is said of an action's cause and plan; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words {
    pub cause: Option<Prose>,
    pub plan: Option<Prose>,
    pub criterion: Option<Prose>,
}

impl AnalyseAction {
    /// What was found, if it is whole.
    pub fn found(self) -> Result<Analysis, UserError> {
        let whys = [self.why1, self.why2, self.why3, self.why4, self.why5];
        let whys: Vec<String> = whys.into_iter().flatten().map(|why| why.0).collect();
        let said = self.cause.map(|cause| cause.0);
        let Some(cause) = said.or_else(|| whys.last().cloned()) else {
            let text = "Begin with the first why, or say the cause at once if you know it.";
            return Err(UserError::at("why1", text));
        };
        let similar_where = self.elsewhere.map(|place| place.0);
        match (self.similar, &similar_where) {
            (Similar::Yes, None) => {
                let text = "Say where, so that somebody can look there too.";
                Err(UserError::at("where", text))
            }
            (Similar::No, Some(_)) => {
                let text = "You name a place, so it is a yes: there is something similar, or there \
                            could be.";
                Err(UserError::at("similar", text))
            }
            (similar, _) => Ok(Analysis {
                whys,
                cause,
                similar,
                similar_where,
            }),
        }
    }
}

impl Action {
    pub fn analyse(&mut self, found: Analysis) -> Result<(), UserError> {
        self.must_be_open("analyse")?;
        self.whys = found.whys;
        self.cause = Some(found.cause);
        self.similar = Some(found.similar);
        self.similar_where = found.similar_where;
        self.settle();
        Ok(())
    }

    /// Takes in what was said of its cause, its plan and its criterion; what was not said stays.
    pub fn explain(&mut self, words: Words) {
        if let Some(Prose(cause)) = words.cause
            && self.cause.as_ref() != Some(&cause)
        {
            // They led to another one.
            self.whys.clear();
            self.cause = Some(cause);
        }
        self.plan = words.plan.map(|plan| plan.0).or(self.plan.take());
        let criterion = words.criterion.map(|criterion| criterion.0);
        self.criterion = criterion.or(self.criterion.take());
    }

    pub fn update(&mut self, words: Words) -> Result<(), UserError> {
        self.must_be_open("change")?;
        let said = words != Words::default();
        self.explain(words);
        if said {
            self.settle();
        }
        Ok(())
    }

    /// What a nonconformity still lacks before it is planned, as the argument that gives it, and why
    /// it is needed.
    pub fn lacks(&self) -> Option<(&'static str, &'static str)> {
        if !self.severity.is_nonconformity() {
            return None;
        }
        if self.cause.is_none() {
            let text =
                "A nonconformity is not done before its cause is known: say why it could happen.";
            return Some(("cause", text));
        }
        if self.plan.is_none() {
            let text = "A nonconformity is not done without a plan: say what was changed.";
            return Some(("plan", text));
        }
        if self.criterion.is_none() {
            let text = "Say how it will be seen that it worked, before anybody looks: a number, a \
                        sample, a time without it.";
            return Some(("criterion", text));
        }
        None
    }

    /// `planned` follows from what is given: the plan, and for a nonconformity cause and criterion.
    pub fn settle(&mut self) {
        let waits = matches!(self.state, State::Raised | State::Reopened);
        if waits && self.plan.is_some() && self.lacks().is_none() {
            self.state = State::Planned;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::choice::Severity;
    use crate::action::rules::tests::raised;
    use crate::command::value::ActionName;

    fn said(text: &str) -> Option<Prose> {
        Some(Prose(text.to_owned()))
    }

    fn analysis() -> AnalyseAction {
        AnalyseAction {
            action: ActionName(12),
            similar: Similar::No,
            elsewhere: None,
            why1: None,
            why2: None,
            why3: None,
            why4: None,
            why5: None,
            cause: None,
        }
    }

    #[test]
    fn the_last_why_is_the_cause_unless_it_is_said() {
        let whys = AnalyseAction {
            why1: said("it was not patched"),
            why2: said("nobody owns the list"),
            ..analysis()
        };
        let found = whys.clone().found().unwrap();
        assert_eq!(found.cause, "nobody owns the list");
        assert_eq!(found.whys.len(), 2);
        let summed_up = AnalyseAction {
            cause: said("ownership"),
            ..whys
        };
        assert_eq!(summed_up.found().unwrap().cause, "ownership");
    }

    #[test]
    fn a_cause_is_needed_and_a_place_where_there_is_something_similar() {
        assert_eq!(analysis().found().unwrap_err().field, Some("why1"));
        let yes = AnalyseAction {
            cause: said("ownership"),
            similar: Similar::Yes,
            ..analysis()
        };
        assert_eq!(yes.clone().found().unwrap_err().field, Some("where"));
        let no = AnalyseAction {
            elsewhere: said("the Wi-Fi"),
            similar: Similar::No,
            ..yes
        };
        assert_eq!(no.found().unwrap_err().field, Some("similar"));
    }

    #[test]
    fn a_nonconformity_is_planned_once_cause_plan_and_criterion_are_given() {
        let mut action = raised(Severity::Major);
        let plan = Words {
            plan: said("an owner"),
            ..Words::default()
        };
        action.update(plan).unwrap();
        assert_eq!(action.state, State::Raised);
        let found = AnalyseAction {
            cause: said("nobody owned it"),
            ..analysis()
        };
        action.analyse(found.found().unwrap()).unwrap();
        assert_eq!(action.state, State::Raised);
        let criterion = Words {
            criterion: said("three clean scans"),
            ..Words::default()
        };
        action.update(criterion).unwrap();
        assert_eq!(action.state, State::Planned);
    }

    #[test]
    fn another_cause_puts_the_whys_aside_and_the_same_one_keeps_them() {
        let mut action = raised(Severity::Minor);
        action.whys = vec!["nobody owned it".to_owned()];
        action.cause = Some("nobody owned it".to_owned());
        let words = |cause: &str| Words {
            cause: said(cause),
            ..Words::default()
        };
        action.update(words("nobody owned it")).unwrap();
        assert_eq!(action.whys.len(), 1);
        action.update(words("the list was lost")).unwrap();
        assert!(action.whys.is_empty());
    }
}
