//! A check in a worker: a slice, a look at the clock, and back to the browser, so that Stop is heard between slices.

use super::answer::post;
use crate::check::{Asked, Kind, Record};
use crate::checker::Checker;
use crate::work::{Answer, Question, Task};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort, Performance};

/// A slice takes about this long.
const SLICE_MS: f64 = 25.0;

/// Time between two words about how far it is.
const TELL_MS: f64 = 200.0;

/// The check under way, if there is one.
#[derive(Clone)]
pub(super) struct Checking {
    state: Rc<RefCell<Option<State>>>,
    scope: DedicatedWorkerGlobalScope,
    clock: Performance,
    /// A message on it comes back when the browser has seen to whatever else has come. Timers would each wait for 4 ms.
    again: MessagePort,
}

struct State {
    checker: Checker,
    question: Question,
    begun_ms: f64,
    told_ms: f64,
}

impl Checking {
    /// Nothing is checked yet. `None` in a browser that lacks what it takes.
    pub(super) fn new(scope: &DedicatedWorkerGlobalScope) -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let checking = Self {
            state: Rc::default(),
            scope: scope.clone(),
            clock: scope.performance()?,
            again: channel.port1(),
        };
        let ticking = checking.clone();
        let tick = Closure::<dyn FnMut(MessageEvent)>::new(move |_| ticking.tick());
        channel.port2().set_onmessage(Some(tick.as_ref().unchecked_ref()));
        tick.forget();
        Some(checking)
    }

    fn tell(&self, question: &Question, task: Task, words: String) {
        let question = Question { task, id: question.id, text: String::new() };
        post(&self.scope, &Answer::words(&question, words));
    }

    /// Begins with a lane.
    pub(super) fn begin(&self, question: &Question) {
        match Checker::new(&Asked::read(&question.text)) {
            Ok(checker) => {
                let begun_ms = self.clock.now();
                let question = question.clone();
                let state = State { checker, question, begun_ms, told_ms: begun_ms };
                *self.state.borrow_mut() = Some(state);
                self.go_on();
            }
            Err(why) => {
                let record = Record {
                    kind: Kind::Failed,
                    headline: format!("not checked: {why}"),
                    ..Record::default()
                };
                self.tell(question, Task::Check, record.written());
            }
        }
    }

    /// Begins no more, and says how far it came.
    pub(super) fn stop(&self) {
        if let Some(state) = self.state.borrow_mut().take() {
            self.finish(&state);
        }
    }

    fn finish(&self, state: &State) {
        let record = state.checker.record(self.clock.now() - state.begun_ms);
        self.tell(&state.question, Task::Check, record.written());
    }

    fn go_on(&self) {
        let _ = self.again.post_message(&JsValue::NULL);
    }

    fn tick(&self) {
        let mut held = self.state.borrow_mut();
        let Some(state) = held.as_mut() else { return };
        let from_ms = self.clock.now();
        while state.checker.run() {
            let now_ms = self.clock.now();
            if now_ms - from_ms < SLICE_MS {
                continue;
            }
            if now_ms - state.told_ms >= TELL_MS {
                state.told_ms = now_ms;
                let words = state.checker.figures(now_ms - state.begun_ms);
                self.tell(&state.question, Task::CheckProgress, words);
            }
            self.go_on();
            return;
        }
        if let Some(state) = held.take() {
            self.finish(&state);
        }
    }
}
