//! The help: all keys, from the same table that the page listens by.

use crate::keys::{TREE_HELP, help};
use yew::{Html, html};

pub(super) fn keys() -> Html {
    html! {
        <div class="dialog__body" tabindex="0">
            { list("Everywhere but in text fields", help()) }
            { list("In the tree editor (panel, Build)", TREE_HELP.into_iter()) }
        </div>
    }
}

fn list(title: &'static str, keys: impl Iterator<Item = (&'static str, &'static str)>) -> Html {
    html! {
        <section>
            <h3 class="panel__title">{ title }</h3>
            <dl class="keys">
                { for keys.map(|(keys, words)| html! {
                    <div>
                        <dt>{ for keys.split(' ').map(|key| if key == "…" { html! { " … " } } else { html! { <><kbd>{ key }</kbd>{ " " }</> } }) }</dt>
                        <dd>{ words }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}
