//! The worker's side of the line: questions in, answers out.

use crate::work::{self, Question};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// In a worker: answers questions, one message each, for as long as the page lets it live.
pub fn answer() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let port = scope.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(question) = serde_wasm_bindgen::from_value::<Question>(event.data())
            && let Ok(message) = serde_wasm_bindgen::to_value(&work::answer(&question))
        {
            let _ = port.post_message(&message);
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
}
