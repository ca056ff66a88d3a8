//! Holds the model, hands it messages, carries out what `update` asks for.

use super::listen::Tell;
use super::worker::Line;
use super::{copy, page, storage};
use crate::model::{Mode, Model};
use crate::msg::{Alarm, Effect, Heard, LookMsg, Msg, Slot};
use crate::update::update;
use crate::work::Question;
use js_sys::JsString;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{File, HtmlElement};
use yew::{Callback, platform::spawn_local};

/// The running page.
pub(super) struct Shell {
    model: RefCell<Model>,
    redraw: RefCell<Callback<()>>,
    queue: RefCell<VecDeque<Msg>>,
    busy: Cell<bool>,
    frame_asked: Cell<bool>,
    worker: RefCell<Option<Line>>,
    /// Workers that do nothing but check, by number.
    checkers: RefCell<Vec<Line>>,
    /// A text too large for the program.
    brought: RefCell<Option<JsString>>,
    /// A file for the worker.
    file: RefCell<Option<File>>,
    /// Where the keyboard was before the dialog.
    focused_before: RefCell<Option<HtmlElement>>,
    /// What waits until the page shows what the model holds.
    once_drawn: RefCell<Vec<Box<dyn FnOnce()>>>,
    awaits_field: Cell<bool>,
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell").finish_non_exhaustive()
    }
}

impl Shell {
    /// A shell around a page that has not been opened yet.
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self {
            model: RefCell::new(Model::new(Mode::Playground)),
            redraw: RefCell::new(Callback::noop()),
            queue: RefCell::default(),
            busy: Cell::new(false),
            frame_asked: Cell::new(false),
            worker: RefCell::new(None),
            checkers: RefCell::default(),
            brought: RefCell::default(),
            file: RefCell::default(),
            focused_before: RefCell::default(),
            once_drawn: RefCell::default(),
            awaits_field: Cell::default(),
        })
    }

    /// Draws from now on by calling this.
    pub(super) fn draws_by(&self, redraw: Callback<()>) {
        *self.redraw.borrow_mut() = redraw;
    }

    /// Looks at the model.
    pub(super) fn look<T>(&self, see: impl FnOnce(&Model) -> T) -> T {
        see(&self.model.borrow())
    }

    /// A way to tell this shell things.
    pub(super) fn teller(self: &Rc<Self>) -> Tell {
        let shell = self.clone();
        Rc::new(move |message| shell.tell(message))
    }

    /// Something happened. What the effects cause at once comes after it, in order.
    pub(super) fn tell(self: &Rc<Self>, message: Msg) {
        self.queue.borrow_mut().push_back(message);
        if self.busy.replace(true) {
            return;
        }
        loop {
            let Some(message) = self.queue.borrow_mut().pop_front() else { break };
            let effects = update(&mut self.model.borrow_mut(), message);
            for effect in effects {
                self.carry_out(effect);
            }
        }
        self.busy.set(false);
        let redraw = self.redraw.borrow().clone();
        redraw.emit(());
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Frame => self.ask_for_frame(),
            Effect::Alarm(alarm, after_ms) => self.set_alarm(alarm, after_ms),
            Effect::Store(slot, text) => self.store(slot, text.as_deref()),
            Effect::Address(fragment) => page::set_fragment(&fragment),
            Effect::Copy(what, text) => copy::copy(&text, what, self.teller()),
            Effect::CopyField(what) => {
                copy::copy(&page::field(what.field()), what, self.teller());
            }
            Effect::Focus(id) => self.after_drawing(move || page::focus(id, false)),
            Effect::Select(id) => {
                self.awaits_field.set(true);
                self.after_drawing(move || page::focus(id, true));
            }
            Effect::Dialog => {
                let shell = self.clone();
                self.after_drawing(move || {
                    if let Some(before) = page::show_dialog() {
                        *shell.focused_before.borrow_mut() = Some(before);
                    }
                });
            }
            Effect::Reveal(id) => self.after_drawing(move || page::reveal(&id)),
            Effect::Scroll(selector, top_px) => {
                self.after_drawing(move || page::scroll_to(selector, top_px));
            }
            Effect::Ask(question) => {
                if let Err(why) = self.ask_worker(&question, None) {
                    self.tell(Msg::Heard(Heard::WorkerFailed(why)));
                }
            }
            Effect::AskAboutFile(question) => {
                let file = self.file.borrow_mut().take();
                let extra = file.as_ref().map(|file| ("file", file.as_ref()));
                if let Err(why) = self.ask_worker(&question, extra) {
                    self.tell(Msg::Heard(Heard::WorkerFailed(why)));
                }
            }
            Effect::AskAboutBrought(question) => {
                let text = self.brought.borrow_mut().take();
                let extra = text.as_ref().map(|text| ("text", text.as_ref()));
                if let Err(why) = self.ask_worker(&question, extra) {
                    self.tell(Msg::Heard(Heard::WorkerFailed(why)));
                }
            }
            Effect::AskChecker(at, question) => {
                if self.ask_checker(at, &question).is_err() {
                    self.tell(Msg::Heard(no_checker(String::new())));
                }
            }
            Effect::EndCheckers => self.checkers.borrow_mut().clear(),
            Effect::FocusBack => {
                let before = self.focused_before.borrow_mut().take();
                self.after_drawing(move || page::focus_back(before));
            }
            Effect::EndWork => drop(self.worker.borrow_mut().take()),
            Effect::Theme(theme) => page::set_theme(theme),
            Effect::Title(title) => page::set_title(&title),
        }
    }

    /// A text too large for the program, until the worker is asked about it.
    pub(super) fn hold(&self, text: JsString) {
        *self.brought.borrow_mut() = Some(text);
    }

    /// A file for the worker, until it is asked about it.
    pub(super) fn hold_file(&self, file: File) {
        *self.file.borrow_mut() = Some(file);
    }

    fn ask_worker(
        self: &Rc<Self>,
        question: &Question,
        extra: Option<(&str, &JsValue)>,
    ) -> Result<(), String> {
        let mut worker = self.worker.borrow_mut();
        let line = match worker.take() {
            Some(line) => line,
            None => Line::start(self.teller(), Heard::WorkerFailed)?,
        };
        worker.insert(line).ask(question, extra)
    }

    fn ask_checker(self: &Rc<Self>, at: usize, question: &Question) -> Result<(), String> {
        let mut checkers = self.checkers.borrow_mut();
        while checkers.len() <= at {
            checkers.push(Line::start(self.teller(), no_checker)?);
        }
        checkers[at].ask(question, None)
    }

    fn store(self: &Rc<Self>, slot: Slot, text: Option<&str>) {
        if let Err(why) = storage::store(slot, text) {
            self.tell(Msg::Heard(Heard::NotKept(why)));
        }
    }

    fn ask_for_frame(self: &Rc<Self>) {
        if self.frame_asked.replace(true) {
            return;
        }
        let shell = self.clone();
        page::at_frame(move |now_ms| {
            shell.frame_asked.set(false);
            shell.tell(Msg::Frame(now_ms));
        });
    }

    fn set_alarm(self: &Rc<Self>, alarm: Alarm, after_ms: u32) {
        let shell = self.clone();
        page::later(after_ms, move || shell.tell(Msg::Rang(alarm, page::now_ms())));
    }

    /// Whether a field is about to be typed into, and what is typed before that is meant for it.
    pub(super) fn awaits_field(&self) -> bool {
        self.awaits_field.get()
    }

    /// Does something once the page shows what the model holds now.
    fn after_drawing(&self, act: impl FnOnce() + 'static) {
        self.once_drawn.borrow_mut().push(Box::new(act));
    }

    /// The lanes' part of the page has its height, which decides how many rows are drawn.
    pub(super) fn measure(self: &Rc<Self>) {
        let Some((scroll_px, height_px)) = page::lanes() else { return };
        if self.look(|model| model.look.viewport.height_px) != height_px {
            self.tell(Msg::Look(LookMsg::Scrolled(scroll_px, height_px)));
        }
    }

    /// Looks at the model to draw it. What waits for that is done when this turn is over: Yew would say much later that it has
    /// drawn, on a busy machine never as long as messages come.
    pub(super) fn view<T>(self: &Rc<Self>, see: impl FnOnce(&Model) -> T) -> T {
        let waiting = std::mem::take(&mut *self.once_drawn.borrow_mut());
        if !waiting.is_empty() {
            let shell = self.clone();
            spawn_local(async move {
                shell.awaits_field.set(false);
                for act in waiting {
                    act();
                }
            });
        }
        self.look(see)
    }
}

/// A worker that checks has ended. Where one is ended by the browser, that is for want of memory.
fn no_checker(_: String) -> Heard {
    Heard::CheckerFailed(
        "its worker has ended: the browser gave it no more memory, or could not start it".into(),
    )
}
