//! The line to the worker, which does what would hold the page up.

use super::texts;
use crate::msg::{Heard, Msg};
use crate::work::{Answer, Question};
use js_sys::Reflect;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

/// The script that starts the worker, beside the page.
const WORKER: &str = "worker-boot.js";

/// A worker; dropping it ends it, and whatever it is at.
#[derive(Debug)]
pub(super) struct Line {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Line {
    /// Starts the worker; every answer is told.
    ///
    /// # Errors
    /// Why it cannot be started.
    pub(super) fn start(
        tell: Rc<dyn Fn(Msg)>,
        failed: fn(String) -> Heard,
    ) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(WORKER, &options).map_err(|_| {
            "This browser does not start the worker that reads long texts.".to_owned()
        })?;
        let told = tell.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            told(Msg::Heard(
                match texts::read(&event.data()).and_then(|texts| Answer::read(&texts)) {
                    Some(answer) => Heard::Worker(answer),
                    None => failed("The worker's answer is not understood.".into()),
                },
            ));
        });
        let on_error = Closure::new(move |event: Event| {
            event.prevent_default();
            tell(Msg::Heard(failed("The worker that reads long texts has stopped.".into())));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Asks the worker.
    ///
    /// What the program does not hold goes along under a name: `text` takes the place of the question's own.
    pub(super) fn ask(
        &self,
        question: &Question,
        extra: Option<(&str, &JsValue)>,
    ) -> Result<(), String> {
        let message = texts::list(&question.written());
        match extra {
            Some(("text", text)) => message.set(2, text.clone()),
            Some((name, value)) => drop(Reflect::set(&message, &name.into(), value)),
            None => {}
        }
        self.worker.post_message(&message).map_err(|_| "The worker takes no questions.".to_owned())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
