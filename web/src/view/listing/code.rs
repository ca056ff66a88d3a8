//! The lines of a listing, numbered, with the marks of the threads that stand on them.

use super::Cursor;
use super::changes::{Change, Changes};
use super::tokens::{access, pieces};
use crate::view::mark::{ThreadMark, disc};
use std::ops::Range;
use std::rc::Rc;
use yew::{AttrValue, Html, Properties, classes, function_component, html};

/// What a file's text is drawn from: only what concerns this file, so that a step draws no other anew.
#[derive(Clone, PartialEq, Debug, Properties)]
pub(super) struct CodeProps {
    /// The text as it runs.
    pub(super) text: AttrValue,
    /// Threads that stand in it.
    pub(super) here: Vec<Cursor>,
    /// Threads' marks, the worker's last.
    pub(super) marks: Rc<Vec<ThreadMark>>,
    /// The thread that is followed.
    pub(super) watched: Option<usize>,
    /// How it differs from the shipped listing.
    #[prop_or_default]
    pub(super) changes: Rc<Changes>,
}

/// The text as it runs.
#[function_component(Code)]
pub(super) fn code(props: &CodeProps) -> Html {
    let text = props.text.as_str();
    let n_head = n_head_lines(text);
    let line = |(at, line): (usize, &str)| {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let on_it: Vec<Cursor> = props.here.iter().filter(|c| c.line == number).cloned().collect();
        // A line that nobody stands on has no use for who is followed.
        let watched = props.watched.filter(|thread| on_it.iter().any(|c| c.thread == *thread));
        html! {
            <>
                { for props.changes.gone_above(number).filter(|_| props.changes.shows_gone).map(gone) }
                <CodeLine key={number} {number} line={line.to_owned()} in_head={at < n_head} {on_it} {watched} marks={props.marks.clone()}
                    change={props.changes.at(number)} />
            </>
        }
    };
    html! {
        <>
            if n_head > 0 {
                <details class="code__head">
                    <summary>{ title(text) }</summary>
                    <ol class="code">{ for text.lines().enumerate().take(n_head).map(line) }</ol>
                </details>
            }
            <ol class="code">{ for text.lines().enumerate().skip(n_head + usize::from(n_head > 0)).map(line) }</ol>
        </>
    }
}

/// A line that is gone.
fn gone(line: &AttrValue) -> Html {
    html! {
        <li class="code__line is-gone">
            <span class="code__marks"><span class="visually-hidden">{ "gone: " }</span></span>
            <span class="code__number" aria-hidden="true">{ "−" }</span>
            <code class="code__text"><del>{ line }</del></code>
        </li>
    }
}

/// What the head of a file says in one line.
fn title(text: &str) -> String {
    let said = text.lines().find_map(|line| line.strip_prefix("title:"));
    said.map_or("About this listing".into(), |title| title.trim().to_owned())
}

/// Lines before the first empty one, in which the file says what it is.
pub(super) fn n_head_lines(text: &str) -> usize {
    text.lines().position(str::is_empty).unwrap_or(0)
}

/// What a line is drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub(super) struct LineProps {
    pub(super) number: u32,
    pub(super) line: String,
    pub(super) in_head: bool,
    #[prop_or_default]
    pub(super) on_it: Vec<Cursor>,
    #[prop_or_default]
    pub(super) watched: Option<usize>,
    pub(super) marks: Rc<Vec<ThreadMark>>,
    #[prop_or_default]
    pub(super) change: Change,
    /// A part of it that is wrong, and why.
    #[prop_or_default]
    pub(super) mistake: Option<(Range<usize>, AttrValue)>,
}

/// A line.
#[function_component(CodeLine)]
pub(super) fn code_line(props: &LineProps) -> Html {
    let LineProps { number, line, in_head, on_it, .. } = props;
    let (number, in_head) = (*number, *in_head);
    let watched = on_it.iter().find(|c| props.watched == Some(c.thread));
    let first = watched.or(on_it.first());
    let tone = first.and_then(|c| props.marks.get(c.thread)).map(|m| m.tone);
    let wrong = props.mistake.as_ref().map(|(range, _)| (range.clone(), "code__wrong"));
    let underlined =
        wrong.or_else(|| Some((first.and_then(|c| access(line, &c.label))?, "code__shared")));
    let class = classes!(
        "code__line",
        in_head.then_some("code__line--head"),
        tone.map(|tone| classes!("code__line--current", tone)),
        watched.map(|_| "is-selected"),
        match props.change {
            Change::None => None,
            Change::New => Some("is-new"),
            Change::GoneAbove => Some("is-below-gone"),
        },
    );
    html! {
        <li {class} id={watched.map(|_| "listing-line")}>
            <span class="code__marks">
                { for on_it.iter().filter_map(|c| props.marks.get(c.thread)).map(|mark| html! {
                    <>{ disc(mark) }<span class="visually-hidden">{ format!("{} is here: ", mark.name) }</span></>
                }) }
            </span>
            <span class="code__number" aria-hidden="true">{ number }</span>
            <code class="code__text">{ text(line, in_head, underlined.as_ref()) }</code>
            if let Some((_, why)) = &props.mistake {
                <span class="code__margin code__why">{ why }</span>
            } else if let Some(cursor) = first {
                { margin(cursor, props.marks.get(cursor.thread)) }
            }
        </li>
    }
}

/// The values at the margin: what the next access is, and the locals.
fn margin(cursor: &Cursor, mark: Option<&ThreadMark>) -> Html {
    html! {
        <span class={classes!("code__margin", mark.map(|m| m.tone))}>
            if !cursor.words.is_empty() {
                <b class="code__access">{ &cursor.words }</b>
            }
            { for cursor.locals.iter().map(|(name, value)| html! {
                <span class="code__local"><i>{ name }</i>{ " = " }{ value }</span>
            }) }
        </span>
    }
}

fn text(line: &str, in_head: bool, underlined: Option<&(Range<usize>, &'static str)>) -> Html {
    let part = underlined.map(|(range, _)| range);
    let mark = underlined.map(|(_, class)| *class);
    html! {
        { for pieces(line, in_head).into_iter().flat_map(|(range, ink)| split(range, part).map(move |p| (p, ink)))
            .filter(|((range, _), _)| !range.is_empty())
            .map(|((range, is_access), ink)| {
                let piece = line[range].to_owned();
                match (is_access, ink.class()) {
                    (false, None) => html! { { piece } },
                    (false, Some(class)) => html! { <span {class}>{ piece }</span> },
                    (true, class) => html! { <span class={classes!(mark, class)}>{ piece }</span> },
                }
            }) }
    }
}

/// A piece in three: before, in and after the underlined part.
fn split(range: Range<usize>, underlined: Option<&Range<usize>>) -> [(Range<usize>, bool); 3] {
    let end = range.end;
    let within = underlined
        .map_or(end..end, |u| u.start.clamp(range.start, end)..u.end.clamp(range.start, end));
    [(range.start..within.start, false), (within.clone(), true), (within.end..end, false)]
}
