//! Sharing: the link, and a figure for somebody's page.

use super::On;
use crate::effect::events;
use crate::model::Model;
use crate::msg::{CopyOf, KeepMsg, Msg};
use crate::update;
use yew::{Html, html};

/// Height of the dock and a lane's head and foot in a figure.
const FIGURE_FRAME_PX: usize = 430;
/// Height of a row.
const FIGURE_ROW_PX: usize = 26;
/// No figure is higher.
const FIGURE_PX_MAX: usize = 1_100;
/// Width of a lane in a figure.
const FIGURE_LANE_PX: usize = 340;
/// Height of a lane's row in the timeline, and of a thread's.
const FIGURE_TIMELINE_ROW_PX: usize = 28;

pub(super) fn share(model: &Model, on: &On) -> Html {
    let link = match update::link(model) {
        Ok(fragment) => format!("{}#{fragment}", model.around.address),
        Err(why) => {
            return html! { <div class="dialog__body"><p class="field__error">{ why }</p></div> };
        }
    };
    let (width, height) = size_px(model);
    html! {
        <div class="dialog__body share">
            <section>
                <h3 class="panel__title">{ "Link" }</h3>
                <p class="panel__text">{ "Everything is in the link itself; nothing is sent anywhere." }</p>
                <input id={CopyOf::Link.field()} class="share__link" readonly=true value={link.clone()} aria-label="Link to this moment" />
                <p class="toolbar">
                    { copy(model, on, CopyOf::Link, "Copy link") }
                    <span class="share__size">{ format!("{} characters", link.len()) }</span>
                </p>
            </section>
            <section>
                <h3 class="panel__title">{ "Figure for a page" }</h3>
                <p class="panel__text">{ "An iframe that keeps to itself: no history, no storage, no dialogs." }</p>
                <label class="check">
                    <input type="checkbox" checked={model.share.steppable} onchange={on.send.reform(|event: yew::Event| {
                        Msg::Keep(KeepMsg::Steppable(events::checked(&event)))
                    })} />
                    { "Readers may let threads take other steps" }
                </label>
                <textarea id={CopyOf::Snippet.field()} class="share__code" readonly=true aria-label="Snippet for a page"
                    value={snippet(model).unwrap_or_else(|why| why)} />
                <p class="toolbar">
                    { copy(model, on, CopyOf::Snippet, "Copy snippet") }
                    <span class="share__size">{ format!("{width} × {height} pixels") }</span>
                </p>
            </section>
        </div>
    }
}

fn copy(model: &Model, on: &On, what: CopyOf, name: &'static str) -> Html {
    let said = match model.share.copied {
        Some((of, true)) if of == what => "Copied.",
        Some((of, false)) if of == what => {
            "The browser keeps the clipboard to itself: the text is selected, copy it with Ctrl C."
        }
        _ => "",
    };
    html! {
        <>
            <button type="button" class="button button--primary" onclick={on.say(Msg::Keep(KeepMsg::Copy(what)))}>{ name }</button>
            <span role="status">{ said }</span>
        </>
    }
}

/// Width and height of a figure in pixels: known when it is made, since no page can ask later.
fn size_px(model: &Model) -> (usize, usize) {
    let Some(playback) = model.playback() else { return (FIGURE_LANE_PX, FIGURE_FRAME_PX) };
    let n_rows = playback.outline.rows().len() + 1;
    let n_lines = playback.places.len() + playback.world.threads.len();
    let height = FIGURE_FRAME_PX + n_rows * FIGURE_ROW_PX + n_lines * FIGURE_TIMELINE_ROW_PX;
    (playback.places.len() * FIGURE_LANE_PX, height.min(FIGURE_PX_MAX))
}

/// The snippet.
///
/// # Errors
/// If no link can be made.
pub fn snippet(model: &Model) -> Result<String, String> {
    let fragment = update::embed_link(model)?;
    let (width, height) = size_px(model);
    let title = match model.document.scenario().title.as_str() {
        "" => "memcg playground",
        title => title,
    };
    Ok(format!(
        "<iframe src=\"{}embed.html#{fragment}\" title=\"{}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></iframe>",
        escaped(&folder(&model.around.address)),
        escaped(title)
    ))
}

/// The folder that a page is in, with its last slash.
fn folder(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    let end = address.rfind('/').map_or(0, |at| at + 1);
    address[..end].to_owned()
}

/// As it can stand in an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_lies_beside_the_page() {
        assert_eq!(folder("https://a.example/memcg/"), "https://a.example/memcg/");
        assert_eq!(folder("https://a.example/memcg/index.html?x/y"), "https://a.example/memcg/");
    }

    #[test]
    fn a_title_stays_text() {
        assert_eq!(escaped("\"><script>&"), "&quot;&gt;&lt;script&gt;&amp;");
    }
}
