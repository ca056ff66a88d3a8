//! The worker's side of the line: questions in, answers out.

use super::checking::Checking;
use super::texts;
use crate::sheet::Desk;
use crate::work::{self, Answer, Question, Task};
use js_sys::{Reflect, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileReaderSync, MessageEvent};

/// Bytes of a file that are read at a time.
const PIECE_BYTES: f64 = 1_048_576.0;

/// In a worker: answers questions, one message each, for as long as the page lets it live.
pub fn answer() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let desk = RefCell::new(Desk::default());
    let checking = Checking::new(&scope);
    let port = scope.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let mut tell = |answer: Answer| post(&port, &answer);
        let message = event.data();
        let Some(question) = texts::read(&message).and_then(Question::read) else { return };
        match (&question.task, &checking) {
            (Task::Check, Some(checking)) => return checking.begin(&question),
            (Task::CheckStop, Some(checking)) => return checking.stop(),
            _ => {}
        }
        let mut desk = desk.borrow_mut();
        let file = Reflect::get(&message, &"file".into()).ok();
        if let Some(file) = file.and_then(|file| file.dyn_into::<Blob>().ok()) {
            if question.task == Task::Picture {
                // One that cannot be read is empty.
                let bytes = bytes_of(&file).unwrap_or_default();
                tell(work::of_picture(&question, &bytes));
                return;
            }
            read(&file, &mut desk, |percent| tell(Answer::progress(question.id, percent)));
        }
        let answer = work::answer(&mut desk, &question, &mut tell);
        tell(answer);
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
}

fn bytes_of(file: &Blob) -> Option<Vec<u8>> {
    let buffer = FileReaderSync::new().ok()?.read_as_array_buffer(file).ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Hands an answer to the page.
pub(super) fn post(port: &DedicatedWorkerGlobalScope, answer: &Answer) {
    let _ = port.post_message(&texts::list(&answer.written()));
}

/// Reads a file piece by piece; what cannot be read ends it, as if the file ended there.
fn read(file: &Blob, desk: &mut Desk, mut tell: impl FnMut(u32)) {
    let Ok(reader) = FileReaderSync::new() else { return };
    let size = file.size();
    let mut at = 0.0;
    while at < size {
        let end = (at + PIECE_BYTES).min(size);
        let piece = file.slice_with_f64_and_f64(at, end);
        let Ok(bytes) = piece.and_then(|piece| reader.read_as_array_buffer(&piece)) else { return };
        desk.feed(&Uint8Array::new(&bytes).to_vec());
        at = end;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a percentage"
        )]
        tell((at * 100.0 / size) as u32);
    }
}
