//! What the page hears beside its own views: keys, pastes, dropped files, links followed.

use super::shell::Shell;
use crate::keys::{self, Focus, KeyPress};
use crate::msg::{Brought, Heard, Msg};
use js_sys::{JsString, Reflect};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    AddEventListenerOptions, Blob, ClipboardEvent, DragEvent, Element, Event, EventTarget, File,
    FileReader, HtmlInputElement, KeyboardEvent, Window,
};

/// Hands a message on.
pub(super) type Tell = Rc<dyn Fn(Msg)>;

/// Largest file that is read, in bytes.
const FILE_BYTES_MAX: f64 = 64.0 * 1024.0 * 1024.0;

/// Longer texts are held outside the program, and a field into which one is pasted would freeze.
const LARGE_LENGTH: u32 = 100_000;

/// As much of a large text as is looked at to judge what it is.
const START_LENGTH: u32 = 65_536;

/// Listens for as long as the page lives.
pub(super) fn start(window: &Window, shell: &Rc<Shell>) {
    let tell = &shell.teller();
    let Some(document) = window.document() else { return };
    keys(window, shell.clone(), tell);
    let measured = shell.clone();
    on(window, "resize", tell.clone(), move |_| {
        measured.tell(Msg::Heard(super::page::size()));
        measured.measure();
        None
    });
    on(window, "hashchange", tell.clone(), |_| {
        Some(Msg::Heard(Heard::LinkFollowed(super::page::fragment())))
    });
    on(window, "pagehide", tell.clone(), |_| Some(Msg::Heard(Heard::Leaving)));
    let held = shell.clone();
    on(&document, "paste", tell.clone(), move |event| {
        let event = event.dyn_ref::<ClipboardEvent>()?;
        let text = text_of(&event.clipboard_data()?.into())?;
        let large = text.length() > LARGE_LENGTH;
        if focus_of(event) == Focus::Typing && !large {
            return None;
        }
        if large {
            // No field could take it.
            event.prevent_default();
        }
        Some(Msg::Heard(Heard::Pasted(brought(&held, text))))
    });
    on(&document, "dragover", tell.clone(), |event| {
        // Without this the browser would open the file instead of dropping it.
        if event.dyn_ref::<DragEvent>().is_some_and(has_files) {
            event.prevent_default();
        }
        None
    });
    files(&document, shell);
}

fn keys(window: &Window, shell: Rc<Shell>, tell: &Tell) {
    on(window, "keydown", tell.clone(), move |event| {
        command(event, |_| !shell.awaits_field()).map(Msg::Command)
    });
}

/// What a key that went down asks for, if that is something `heard`; the browser then makes nothing of it.
pub(super) fn command(
    event: &Event,
    heard: impl Fn(keys::Command) -> bool,
) -> Option<keys::Command> {
    let event = event.dyn_ref::<KeyboardEvent>()?;
    if event.default_prevented() || event.is_composing() {
        return None;
    }
    let press = KeyPress {
        key: event.key(),
        shift: event.shift_key(),
        control: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
        focus: focus_of(event),
    };
    let command = keys::meaning(&press).filter(|command| heard(*command))?;
    event.prevent_default();
    Some(command)
}

/// Where the keyboard is, as far as keys are concerned.
fn focus_of(event: &Event) -> Focus {
    let Some(element) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return Focus::Page;
    };
    let within = |selector: &str| element.closest(selector).ok().flatten().is_some();
    if within(
        "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range], [type=button])",
    ) {
        Focus::Typing
    } else if within(
        "[role=tree]:not(.tree), [role=slider], [role=tablist], [role=listbox], [role=radiogroup], [role=separator], input",
    ) {
        Focus::Arrows
    } else if within("dialog, [role=dialog]") {
        Focus::Dialog
    } else if within("button, a[href], summary, [role=button]") {
        Focus::Button
    } else {
        Focus::Page
    }
}

/// What was copied, as the browser holds it.
fn text_of(data: &JsValue) -> Option<JsString> {
    let get = Reflect::get(data, &"getData".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    get.call1(data, &"text".into()).ok()?.dyn_into().ok()
}

/// A text for the program, or its beginning if it is large.
fn brought(shell: &Rc<Shell>, text: JsString) -> Brought {
    if text.length() <= LARGE_LENGTH {
        return Brought::whole(String::from(text));
    }
    let start = String::from(text.slice(0, START_LENGTH));
    let n_bytes = usize::try_from(text.length()).unwrap_or(usize::MAX).max(start.len() + 1);
    shell.hold(text);
    Brought { start, n_bytes }
}

fn files(document: &web_sys::Document, shell: &Rc<Shell>) {
    let tell = shell.teller();
    let read = shell.clone();
    on(document, "drop", tell.clone(), move |event| {
        let event = event.dyn_ref::<DragEvent>()?;
        let file = event.data_transfer()?.files()?.get(0)?;
        event.prevent_default();
        read_file(&file, &read);
        Some(Msg::Heard(Heard::FileComing(file.name())))
    });
    let read = shell.clone();
    on(document, "change", tell, move |event| {
        let input = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
        if input.type_() != "file" {
            return None;
        }
        let file = input.files()?.get(0)?;
        read_file(&file, &read);
        // The same file can be chosen again.
        input.set_value("");
        Some(Msg::Heard(Heard::FileComing(file.name())))
    });
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

/// Looks at the beginning of a file: a trace is the worker's, however large, and so is a picture; anything else is
/// read whole.
fn read_file(file: &File, shell: &Rc<Shell>) {
    let (shell, file) = (shell.clone(), file.clone());
    let start = file.slice_with_f64_and_f64(0.0, f64::from(START_LENGTH));
    let Ok(start) = start else { return };
    read_text(&start, move |text| {
        let text = text.map(String::from).unwrap_or_default();
        if crate::update::is_trace(&text) {
            let name = file.name();
            shell.hold_file(file);
            shell.tell(Msg::Heard(Heard::FileIsTrace(name)));
        } else if crate::update::is_picture(&text) && file.size() <= FILE_BYTES_MAX {
            let name = file.name();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most 64 MB"
            )]
            let n_bytes = file.size() as usize;
            shell.hold_file(file);
            shell.tell(Msg::Heard(Heard::FileIsPicture(name, n_bytes)));
        } else {
            read_whole(&file, &shell);
        }
    });
}

fn read_whole(file: &File, shell: &Rc<Shell>) {
    let shell = shell.clone();
    let name = file.name();
    if file.size() > FILE_BYTES_MAX {
        let why = format!("\"{name}\" is larger than 64 MB");
        shell.tell(Msg::Heard(Heard::FileFailed(why)));
        return;
    }
    read_text(file, move |text| {
        shell.tell(Msg::Heard(match text {
            Some(text) => Heard::FileRead { name, text: brought(&shell, text) },
            None => Heard::FileFailed(format!("\"{name}\" cannot be read")),
        }));
    });
}

/// Whatever is no UTF-8 becomes replacement characters, which the importer reports by line.
fn read_text(blob: &Blob, take: impl FnOnce(Option<JsString>) + 'static) {
    let Ok(reader) = FileReader::new() else { return };
    let done = reader.clone();
    let loaded = Closure::once_into_js(move || {
        take(done.result().ok().and_then(|value| value.dyn_into::<JsString>().ok()));
    });
    reader.set_onloadend(Some(loaded.unchecked_ref()));
    let _ = reader.read_as_text(blob);
}

fn on(
    target: &EventTarget,
    name: &str,
    tell: Tell,
    hear: impl Fn(&Event) -> Option<Msg> + 'static,
) {
    let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(message) = hear(&event) {
            tell(message);
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_passive(false);
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
        name,
        listener.as_ref().unchecked_ref(),
        &options,
    );
    // The page's listeners live as long as the page.
    listener.forget();
}
