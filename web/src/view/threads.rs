//! Who goes next: a button for each thread and each item of the kernel's worker, with its next step
//! in words. One that cannot go says why, and who could free it.

use crate::view::mark::{ThreadMark, disc};
use std::rc::Rc;
use yew::{AttrValue, Callback, Html, Properties, classes, function_component, html};

/// What a person did.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum ThreadEvent {
    /// Lets this choice (by its place in the list) take its step.
    Take(usize),
    /// Turned to this choice without stepping: the listing follows its thread.
    Watch(usize),
}

/// Whether a choice can be taken.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Can {
    /// It can, in every lane.
    Go,
    /// It can in some lanes; the others in words (`waits in the second lane`).
    GoInSome(AttrValue),
    /// It cannot anywhere.
    Wait {
        /// Why.
        why: AttrValue,
        /// Threads whose steps would free it.
        freed_by: Vec<usize>,
    },
    /// It has done all it had to do.
    Done,
}

/// One choice.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Choice {
    /// The thread, by its place among the marks; the last is the worker.
    pub thread: usize,
    /// Its next step in words, such as `tryget(ct-103)`.
    pub words: AttrValue,
    /// The call it is in or would make.
    pub call: AttrValue,
    /// What it can do.
    pub can: Can,
}

/// What the list is drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub struct Props {
    /// The choices: threads in the world's order, then items of the worker.
    pub choices: Rc<Vec<Choice>>,
    /// Threads' marks, the worker's last.
    pub marks: Rc<Vec<ThreadMark>>,
    /// The choice that is watched.
    #[prop_or_default]
    pub watched: Option<usize>,
    /// The choice that the recorded schedule takes next.
    #[prop_or_default]
    pub recorded: Option<usize>,
    /// Told what a person does.
    #[prop_or_default]
    pub on: Callback<ThreadEvent>,
}

/// The list.
#[function_component(Threads)]
pub fn threads(props: &Props) -> Html {
    html! {
        <div class="threads" role="group" aria-labelledby="threads-title">
            <h3 class="threads__title" id="threads-title">{ "Who goes next" }</h3>
            <ul class="threads__list">
                { for props.choices.iter().enumerate().map(|(at, choice)| item(props, at, choice)) }
            </ul>
        </div>
    }
}

/// Keys are shown for as many choices.
const N_KEYS: usize = 9;

fn item(props: &Props, at: usize, choice: &Choice) -> Html {
    let Some(mark) = props.marks.get(choice.thread) else { return Html::default() };
    let goes = matches!(choice.can, Can::Go | Can::GoInSome(_));
    let recorded = props.recorded == Some(at);
    let class = classes!(
        "thread",
        mark.tone,
        (props.watched == Some(at)).then_some("is-selected"),
        recorded.then_some("thread--recorded"),
        (!goes).then_some("thread--waits"),
    );
    let on =
        props.on.reform(move |_| if goes { ThreadEvent::Take(at) } else { ThreadEvent::Watch(at) });
    html! {
        <li key={format!("{}-{}-{}", choice.thread, choice.call, at)}>
            <button type="button" {class} aria-disabled={(!goes).to_string()} onclick={on}
                aria-keyshortcuts={(at < N_KEYS).then(|| (at + 1).to_string())}>
                { disc(mark) }
                <span class="thread__name">{ &mark.name }</span>
                <span class="thread__step">
                    { step(choice) }
                </span>
                if recorded {
                    <span class="thread__recorded" title="The recorded schedule goes this way">{ "next" }</span>
                }
                if at < N_KEYS {
                    <kbd aria-hidden="true">{ at + 1 }</kbd>
                }
                { why(props, &choice.can) }
            </button>
        </li>
    }
}

fn step(choice: &Choice) -> AttrValue {
    match choice.can {
        Can::Done => "has done all it had to do".into(),
        _ if choice.words.is_empty() => choice.call.clone(),
        _ => choice.words.clone(),
    }
}

fn why(props: &Props, can: &Can) -> Html {
    match can {
        Can::Go | Can::Done => Html::default(),
        Can::GoInSome(words) => html! { <span class="thread__why">{ words }</span> },
        Can::Wait { why, freed_by } => html! {
            <span class="thread__why">
                { why }
                if !freed_by.is_empty() {
                    { " · freed by " }
                    { for freed_by.iter().filter_map(|at| props.marks.get(*at)).map(|mark| html! {
                        <>{ disc(mark) }{ " " }{ &mark.name }{ " " }</>
                    }) }
                }
            </span>
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{mark, rendered, sample};
    use expect_test::expect;

    #[test]
    fn one_that_cannot_go_says_why_and_who_frees_it() {
        let marks = Rc::new(mark::of(&sample::world()));
        let choices = Rc::new(sample::choices());
        expect![[r#"
            Who goes next
            A
            kswapd0
            tryget(ct-103)
            next
            1
            B
            direct
            load position
            2
            waits in vz7-nullify
            C
            vzctl
            has done all it had to do
            3
            W
            kworker
            offline ct-101
            4
            waits for readers · freed by
            A
            kswapd0
        "#]]
        .assert_eq(&rendered::words(html! { <Threads {choices} {marks} recorded={Some(0)} /> }));
    }
}
