//! What messages do to the page: text in, text out. No browser; frames and alarms are played here.

mod checking;
mod editing;
mod keeping;
mod listings;
mod opening;
mod playing;
mod texts;

use super::{figure, update};
use crate::keys::Command;
use crate::model::{Mode, Model};
use crate::msg::{Alarm, Effect, Heard, Msg, Opened};
use crate::work;
use memcg_scenario::{link, parse, print};

/// A page without a browser: what it asks for at once is done at once.
pub(super) struct Page {
    pub(super) model: Model,
    /// Effects not carried out: what a browser would have been asked for.
    pub(super) asked: Vec<Effect>,
    alarms: Vec<Alarm>,
    /// Workers that check have an answer at once.
    pub(super) checkers_answer: bool,
    /// The worker's.
    desk: crate::sheet::Desk,
}

/// Four containers, a kswapd, an administrator, two policies by their names in the gallery.
pub(super) const SMALL: &str = "\
scenario: Small
preemption: none

hierarchy:
  machine
    ct-1
    ct-2
    ct-3
    ct-4

threads:
  kswapd0: reclaim / node 0 zones 1 priority 12 rounds forever
  admin: rmdir machine/ct-4

compare:
  rhel7-dead-count
  vz7-nullify

schedule:
  kswapd0 x4
";

/// What a worker says that checks, once it is through.
fn checked(question: &work::Question) -> work::Answer {
    let asked = crate::check::Asked::read(&question.text);
    let mut checker = crate::checker::Checker::new(&asked).expect("it can be checked");
    while checker.run() {}
    work::Answer::words(question, checker.record(1.0).written())
}

impl Page {
    pub(super) fn new(mode: Mode, opened: Opened) -> Self {
        let mut page = Self {
            model: Model::new(mode),
            asked: Vec::new(),
            alarms: Vec::new(),
            checkers_answer: true,
            desk: crate::sheet::Desk::default(),
        };
        page.tell(Msg::Heard(Heard::Opened(Box::new(opened))));
        page
    }

    /// A page that shows this scenario, at its start.
    pub(super) fn showing(text: &str) -> Self {
        Self::new(Mode::Playground, Opened { fragment: fragment(text), ..Opened::default() })
    }

    pub(super) fn tell(&mut self, message: Msg) {
        let mut waiting = vec![message];
        while let Some(message) = waiting.pop() {
            let take = if self.model.is_embedded() { figure } else { update };
            for effect in take(&mut self.model, message) {
                match effect {
                    Effect::Frame => waiting.push(Msg::Frame(0.0)),
                    Effect::Alarm(Alarm::Come, _) => waiting.push(Msg::Rang(Alarm::Come, 0.0)),
                    Effect::Alarm(alarm, _) => self.alarms.push(alarm),
                    Effect::Ask(question) => {
                        let answer = work::answer(&mut self.desk, &question, &mut |_| {});
                        waiting.push(Msg::Heard(Heard::Worker(answer)));
                    }
                    Effect::AskChecker(_, question) if self.checkers_answer => {
                        waiting.push(Msg::Heard(Heard::Worker(checked(&question))));
                    }
                    other => self.asked.push(other),
                }
            }
        }
    }

    pub(super) fn key(&mut self, command: Command) {
        self.tell(Msg::Command(command));
    }

    /// All alarms set so far ring, those of playing once.
    pub(super) fn wait(&mut self) {
        for alarm in std::mem::take(&mut self.alarms) {
            self.tell(Msg::Rang(alarm, 0.0));
        }
    }

    /// Forgets what was asked for, and gives it.
    pub(super) fn asked(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.asked)
    }

    /// The scenario's text below `hierarchy:`, as the text tab would show it.
    pub(super) fn text(&self) -> String {
        print(&self.model.scenario())
    }

    /// A section of that text.
    pub(super) fn section(&self, name: &str) -> String {
        let text = self.text();
        let mut lines = text.lines().skip_while(|line| *line != format!("{name}:")).skip(1);
        let section: Vec<&str> =
            lines.by_ref().take_while(|line| line.starts_with(' ')).map(str::trim).collect();
        section.join("\n")
    }

    pub(super) fn place(&self) -> (usize, usize) {
        (self.model.cursor(), self.model.playback().map_or(0, |p| p.player.len()))
    }

    pub(super) fn sentence(&self) -> String {
        self.model.playback().map_or_else(String::new, |p| p.shown.sentence.clone())
    }

    pub(super) fn notices(&self) -> Vec<String> {
        self.model.troubles.iter().map(|t| t.title.clone()).collect()
    }
}

/// A link to this scenario.
pub(super) fn fragment(text: &str) -> String {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    link::encode(&link::Shared { scenario: parsed.scenario, ..link::Shared::default() })
        .expect("it is small")
}
