//! Playing: back, on, play, how large a step is, how fast, and where in the schedule.

use crate::effect::events;
use crate::view::icons::{Icon, icon};
use yew::{AttrValue, Callback, Html, Properties, classes, function_component, html};

/// What a person did.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum TransportEvent {
    /// To the start.
    First,
    /// One step back.
    Back,
    /// Play or pause.
    Toggle,
    /// One step on.
    Forward,
    /// To the end of what is recorded.
    Last,
    /// To where this many moves are made.
    Seek(usize),
    /// Chose a step's size, by place.
    Grain(usize),
    /// Chose a speed, by place.
    Speed(usize),
    /// Chose a branch, by place.
    Branch(usize),
}

/// A choice of one.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Choices {
    /// What there is.
    pub names: Vec<AttrValue>,
    /// The one chosen.
    pub chosen: usize,
}

/// What the controls are drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub struct Props {
    /// Moves made.
    pub at: usize,
    /// Moves recorded.
    pub n_moves: usize,
    /// It is playing.
    #[prop_or_default]
    pub playing: bool,
    /// The playhead is on its way to a far place: so many of so many moves are done.
    #[prop_or_default]
    pub seeking: Option<(usize, usize)>,
    /// Sizes of a step.
    #[prop_or_default]
    pub grains: Choices,
    /// Speeds.
    #[prop_or_default]
    pub speeds: Choices,
    /// Branches; shown when there are several.
    #[prop_or_default]
    pub branches: Choices,
    /// The move made last, in words, for the slider.
    #[prop_or_default]
    pub words: AttrValue,
    /// Told what a person does.
    #[prop_or_default]
    pub on: Callback<TransportEvent>,
}

/// The controls.
#[function_component(Transport)]
pub fn transport(props: &Props) -> Html {
    let button = |symbol, name: &'static str, keys: &'static str, event, off: bool| {
        let on = props.on.reform(move |_| event);
        html! {
            <button type="button" class="button button--icon button--quiet" aria-label={name} title={format!("{name} ({keys})")}
                disabled={off} onclick={on}>{ icon(symbol) }</button>
        }
    };
    let (symbol, name) = if props.playing { (Icon::Pause, "Pause") } else { (Icon::Play, "Play") };
    html! {
        <div class={classes!("transport", props.playing.then_some("is-playing"))} role="group" aria-label="Playing">
            <div class="transport__buttons">
                { button(Icon::First, "To the start", "Home", TransportEvent::First, props.at == 0) }
                { button(Icon::Back, "One step back", "←", TransportEvent::Back, props.at == 0) }
                <button type="button" class="button button--icon button--primary transport__play" aria-label={name}
                    title={format!("{name} (Space)")} onclick={props.on.reform(|_| TransportEvent::Toggle)}>{ icon(symbol) }</button>
                { button(Icon::Forward, "One step on", "→", TransportEvent::Forward, false) }
                { button(Icon::Last, "To the end", "End", TransportEvent::Last, props.at >= props.n_moves) }
            </div>
            { scrubber(props) }
            <span class="transport__count">
                <span class="visually-hidden">{ "move " }</span><b>{ props.at }</b>{ format!(" / {}", props.n_moves) }
            </span>
            { segmented("Size of a step", &props.grains, props, TransportEvent::Grain) }
            { select("Speed", "transport__speed", &props.speeds, props, TransportEvent::Speed) }
            if props.branches.names.len() > 1 {
                { select("Branch", "transport__branch", &props.branches, props, TransportEvent::Branch) }
            }
        </div>
    }
}

fn scrubber(props: &Props) -> Html {
    if let Some((done, of)) = props.seeking {
        return html! {
            <progress class="transport__seeking" aria-label="Working through the schedule"
                value={done.to_string()} max={of.to_string()} />
        };
    }
    let n_moves = props.n_moves;
    let text = if props.words.is_empty() {
        format!("move {} of {n_moves}", props.at)
    } else {
        format!("move {} of {n_moves}: {}", props.at, props.words)
    };
    let on = props.on.reform(move |event| {
        TransportEvent::Seek(events::value(&event).parse().unwrap_or(0).min(n_moves))
    });
    html! {
        <input class="range transport__scrub" type="range" min="0" max={n_moves.to_string()} step="1"
            value={props.at.to_string()} aria-label="Moves made" aria-valuetext={text} oninput={on} />
    }
}

fn segmented(
    name: &'static str,
    choices: &Choices,
    props: &Props,
    event: fn(usize) -> TransportEvent,
) -> Html {
    if choices.names.is_empty() {
        return Html::default();
    }
    html! {
        <div class="segmented transport__grain" role="group" aria-label={name}>
            { for choices.names.iter().enumerate().map(|(at, choice)| html! {
                <button key={at} type="button" class="segmented__item" aria-pressed={(at == choices.chosen).to_string()}
                    onclick={props.on.reform(move |_| event(at))}>{ choice }</button>
            }) }
        </div>
    }
}

fn select(
    name: &'static str,
    class: &'static str,
    choices: &Choices,
    props: &Props,
    event: fn(usize) -> TransportEvent,
) -> Html {
    if choices.names.is_empty() {
        return Html::default();
    }
    let on = props.on.reform(move |change| event(events::value(&change).parse().unwrap_or(0)));
    html! {
        <select class={classes!("select", class)} aria-label={name} title={name} onchange={on}>
            { for choices.names.iter().enumerate().map(|(at, choice)| html! {
                <option key={at} value={at.to_string()} selected={at == choices.chosen}>{ choice }</option>
            }) }
        </select>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::rendered;

    #[test]
    fn at_the_start_there_is_no_way_back() {
        let text = rendered::markup(html! { <Transport at={0} n_moves={9} /> });
        assert_eq!(text.matches("disabled=").count(), 2);
        assert!(text.contains("aria-label=\"Play\""));
        let text = rendered::markup(html! { <Transport at={9} n_moves={9} playing={true} /> });
        assert_eq!(text.matches("disabled=").count(), 1, "only the end is reached");
        assert!(text.contains("aria-label=\"Pause\""));
    }

    #[test]
    fn a_long_way_shows_how_far_it_is() {
        let text = rendered::markup(
            html! { <Transport at={0} n_moves={9_000} seeking={Some((1_200, 9_000))} /> },
        );
        assert!(text.contains("<progress") && text.contains("max=\"9000\""), "{text}");
    }
}
