//! Rendering a view to text natively, for snapshots.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use yew::{Html, LocalServerRenderer, Properties, function_component};

#[derive(Clone, PartialEq, Debug, Properties)]
struct ShowProps {
    html: Html,
}

#[function_component(Show)]
fn show(props: &ShowProps) -> Html {
    props.html.clone()
}

/// The markup of a view.
pub(crate) fn markup(html: Html) -> String {
    let renderer = LocalServerRenderer::<Show>::with_props(ShowProps { html }).hydratable(false);
    let mut rendering = pin!(renderer.render());
    // Nothing in a view waits, so it is ready at the first look.
    match rendering.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(text) => text,
        Poll::Pending => panic!("a view waited for something"),
    }
}

/// The words a reader sees, tags left out, each element's text on its own line.
pub(crate) fn words(html: Html) -> String {
    let mut out = String::new();
    for piece in markup(html).split('<') {
        let text = piece.split_once('>').map_or(piece, |(_, text)| text).trim();
        if !text.is_empty() {
            out.push_str(text);
            out.push('\n');
        }
    }
    out
}
