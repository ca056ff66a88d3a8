//! Holds a figure's model, hands it messages, and carries out the few effects that a figure has.

use super::super::page;
use crate::model::{Freedom, Mode, Model};
use crate::msg::{Alarm, Effect, Heard, LookMsg, Msg, Theme};
use crate::update::figure;
use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{Element, ResizeObserver};
use yew::{Callback, platform::spawn_local};

/// Something that is done to the figure's element.
type Later = Box<dyn FnOnce(&Element)>;

/// A running figure.
pub(super) struct Shell {
    model: RefCell<Model>,
    element: Element,
    changed: Function,
    redraw: RefCell<Callback<()>>,
    queue: RefCell<VecDeque<Msg>>,
    busy: Cell<bool>,
    frame_asked: Cell<bool>,
    /// It has been taken out of the page: alarms that still ring are nothing to it.
    over: Cell<bool>,
    /// What readers may do whatever a link says.
    freedom: Option<Freedom>,
    /// The theme that the page around wants, whatever a link says.
    theme: Cell<Option<Theme>>,
    observer: RefCell<Option<ResizeObserver>>,
    /// What waits until the page shows what the model holds.
    once_drawn: RefCell<Vec<Later>>,
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell").finish_non_exhaustive()
    }
}

/// Width and height of an element.
pub(super) fn size(element: &Element) -> (u32, u32) {
    let px = |n: i32| u32::try_from(n).unwrap_or(0);
    (px(element.client_width()), px(element.client_height()))
}

fn find(element: &Element, selector: &str) -> Option<Element> {
    element.query_selector(selector).ok().flatten()
}

impl Shell {
    /// A shell around a figure that has not been opened yet.
    pub(super) fn new(element: Element, freedom: Option<Freedom>, changed: Function) -> Rc<Self> {
        Rc::new(Self {
            model: RefCell::new(Model::new(Mode::Embed(freedom.unwrap_or_default()))),
            element,
            changed,
            redraw: RefCell::new(Callback::noop()),
            queue: RefCell::default(),
            busy: Cell::new(false),
            frame_asked: Cell::new(false),
            over: Cell::new(false),
            freedom,
            theme: Cell::new(None),
            observer: RefCell::default(),
            once_drawn: RefCell::default(),
        })
    }

    /// Draws from now on by calling this.
    pub(super) fn draws_by(&self, redraw: Callback<()>) {
        *self.redraw.borrow_mut() = redraw;
    }

    /// Is told its size by this observer.
    pub(super) fn watched_by(&self, observer: ResizeObserver) {
        *self.observer.borrow_mut() = Some(observer);
    }

    /// Looks at the model.
    pub(super) fn look<T>(&self, see: impl FnOnce(&Model) -> T) -> T {
        see(&self.model.borrow())
    }

    /// Something happened. What the effects cause at once comes after it, in order.
    pub(super) fn tell(self: &Rc<Self>, message: Msg) {
        if self.over.get() {
            return;
        }
        self.queue.borrow_mut().push_back(message);
        if self.busy.replace(true) {
            return;
        }
        loop {
            let Some(message) = self.queue.borrow_mut().pop_front() else { break };
            let effects = figure(&mut self.model.borrow_mut(), message);
            if let Some(freedom) = self.freedom {
                self.model.borrow_mut().mode = Mode::Embed(freedom);
            }
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
            Effect::Theme(theme) => self.set_theme(self.theme.get().unwrap_or(theme)),
            Effect::Reveal(id) => self.after_drawing(move |element| {
                // Sideways within the figure; the page around it stays where it is.
                let Some(lanes) = find(element, ".stage__lanes") else { return };
                let Some(lane) = find(element, &format!("#{id}")) else { return };
                let (around, part) =
                    (lanes.get_bounding_client_rect(), lane.get_bounding_client_rect());
                if part.left() < around.left() || part.right() > around.right() {
                    #[expect(clippy::cast_possible_truncation, reason = "pixels on a page")]
                    let by = (part.left() - around.left()) as i32;
                    lanes.set_scroll_left(lanes.scroll_left() + by);
                }
            }),
            Effect::Scroll(selector, top_px) => self.after_drawing(move |element| {
                if let Some(part) = find(element, selector) {
                    part.set_scroll_top(i32::try_from(top_px).unwrap_or(i32::MAX));
                }
            }),
            // No storage, history, clipboard, focus, dialog, worker or title: what a figure is shown in has its own.
            _ => {}
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

    /// The page around wants this theme.
    pub(super) fn shade(&self, theme: Theme) {
        self.theme.set(Some(theme));
        self.set_theme(theme);
    }

    /// Sets or lifts the figure's theme.
    fn set_theme(&self, theme: Theme) {
        let _ = match theme.attribute() {
            Some(value) => self.element.set_attribute("data-theme", value),
            None => self.element.remove_attribute("data-theme"),
        };
    }

    fn after_drawing(&self, act: impl FnOnce(&Element) + 'static) {
        self.once_drawn.borrow_mut().push(Box::new(act));
    }

    /// The element has another size, or the lanes have: that decides how many rows are drawn.
    pub(super) fn sized(self: &Rc<Self>) {
        let (width_px, height_px) = size(&self.element);
        let is_new = self
            .look(|model| (model.around.width_px, model.around.height_px) != (width_px, height_px));
        if is_new && width_px > 0 {
            self.tell(Msg::Heard(Heard::Resized { width_px, height_px }));
        }
        self.measure();
    }

    fn measure(self: &Rc<Self>) {
        let Some(lanes) = find(&self.element, ".stage__lanes") else { return };
        let (_, height_px) = size(&lanes);
        // Lanes that are not shown keep the rows that they had.
        if height_px > 0 && self.look(|model| model.look.viewport.height_px) != height_px {
            let scroll_px = u32::try_from(lanes.scroll_top()).unwrap_or(0);
            self.tell(Msg::Look(LookMsg::Scrolled(scroll_px, height_px)));
        }
    }

    /// Looks at the model to draw it. What waits for that is done when this turn is over, as in the page's shell.
    pub(super) fn view<T>(self: &Rc<Self>, see: impl FnOnce(&Model) -> T) -> T {
        let waiting = std::mem::take(&mut *self.once_drawn.borrow_mut());
        if !waiting.is_empty() {
            let element = self.element.clone();
            spawn_local(async move {
                for act in waiting {
                    act(&element);
                }
            });
        }
        self.look(see)
    }

    /// The page shows what was seen last.
    pub(super) fn drawn(self: &Rc<Self>, first: bool) {
        if first {
            self.measure();
        }
        let _ = self.changed.call0(&JsValue::UNDEFINED);
    }

    /// How high the element would have to be for nothing in it to be scrolled.
    pub(super) fn natural_height_px(&self) -> u32 {
        let more = find(&self.element, ".stage__lanes")
            .map_or(0, |lanes| lanes.scroll_height() - lanes.client_height());
        u32::try_from(self.element.client_height() + more).unwrap_or(0)
    }

    /// It is taken out of the page.
    pub(super) fn end(&self) {
        self.over.set(true);
        if let Some(observer) = self.observer.take() {
            observer.disconnect();
        }
        *self.redraw.borrow_mut() = Callback::noop();
    }
}
