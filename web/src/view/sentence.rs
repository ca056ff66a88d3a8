//! The plain sentence under the lanes: what just happened, and where the lanes part.

use crate::view::icons::{Icon, icon};
use yew::{AttrValue, Callback, Html, Properties, function_component, html};

/// Where the lanes' results differ first.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Parting {
    /// The move, from 0.
    pub at: usize,
    /// How they differ, in a sentence.
    pub words: AttrValue,
}

/// What the sentence is made of.
#[derive(Clone, PartialEq, Debug, Properties)]
pub struct Props {
    /// What the last move did.
    pub words: AttrValue,
    /// Said aloud by screen readers; off while playing fast, when nobody could listen.
    #[prop_or(true)]
    pub live: bool,
    /// Where the lanes part.
    #[prop_or_default]
    pub parting: Option<Parting>,
    /// Wants to go there: moves made.
    #[prop_or_default]
    pub on_seek: Callback<usize>,
}

/// The sentence.
#[function_component(Sentence)]
pub fn sentence(props: &Props) -> Html {
    html! {
        <div class="sentence">
            <p class="sentence__words" aria-live={if props.live { "polite" } else { "off" }}>{ &props.words }</p>
            if let Some(parting) = &props.parting {
                { part(parting, &props.on_seek) }
            }
        </div>
    }
}

fn part(parting: &Parting, on_seek: &Callback<usize>) -> Html {
    let at = parting.at;
    html! {
        <button type="button" class="sentence__parting" title={format!("Go there. {}", parting.words)} onclick={on_seek.reform(move |_| at + 1)}>
            { icon(Icon::Branch) }
            <span>{ format!("Lanes part at move {}: {}", at + 1, parting.words) }</span>
        </button>
    }
}
