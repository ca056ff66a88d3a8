//! The listing beside the lanes: a policy's text as it runs, with each thread's line marked in its
//! colour, the shared access it makes next underlined and the values of its locals at the margin.
//!
//! The text can be edited in place; mistakes stand at the end of their line.

mod code;
mod tokens;

use crate::effect::events;
use crate::view::icons::{Icon, icon};
use crate::view::mark::{ThreadMark, disc};
use std::rc::Rc;
use yew::{
    AttrValue, Callback, Html, Properties, classes, function_component, html, use_effect_with,
    use_node_ref,
};

/// What a person did to the listing.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum ListingEvent {
    /// Turned to a file, by place.
    File(usize),
    /// Wants to edit the file that is shown.
    Edit,
    /// Typed: the whole text.
    Typed(String),
    /// Takes the text over (refused while it has mistakes).
    Apply,
    /// Leaves editing and drops what was typed.
    Cancel,
    /// Goes back to the text as it was shipped.
    Reset,
    /// Turned to a thread, by its place among the marks.
    Thread(usize),
}

/// A file of a policy's program.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct SourceFile {
    /// Its name.
    pub name: AttrValue,
    /// What it is: policy, walk, core.
    pub role: AttrValue,
    /// Its text.
    pub text: AttrValue,
    /// It differs from the one shipped.
    pub changed: bool,
    /// Whether it can be edited here.
    pub editable: bool,
}

/// Where a thread stands in the files.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Cursor {
    /// The thread, by its place among the marks.
    pub thread: usize,
    /// The file, by place.
    pub file: usize,
    /// Line, from 1.
    pub line: u32,
    /// Label of the access it makes next; its last part is the word to underline.
    pub label: AttrValue,
    /// The access in words.
    pub words: AttrValue,
    /// Locals with their values, for the margin.
    pub locals: Vec<(AttrValue, AttrValue)>,
}

/// A mistake in an edited text.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct LineNote {
    /// Line, from 1.
    pub line: u32,
    /// What is wrong.
    pub text: AttrValue,
    /// What to write instead.
    pub help: Option<AttrValue>,
}

/// A text that is being edited.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Draft {
    /// As typed so far.
    pub text: AttrValue,
    /// Its mistakes.
    pub notes: Vec<LineNote>,
}

/// What the listing is drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub struct Props {
    /// Files of the lane's program: policy, walk, core.
    pub files: Rc<Vec<SourceFile>>,
    /// The file shown, by place.
    #[prop_or_default]
    pub file: usize,
    /// Where threads stand.
    #[prop_or_default]
    pub cursors: Rc<Vec<Cursor>>,
    /// Threads' marks, the worker's last.
    pub marks: Rc<Vec<ThreadMark>>,
    /// The thread that is followed: its line is brought into view.
    #[prop_or_default]
    pub watched: Option<usize>,
    /// Set while the file is edited.
    #[prop_or_default]
    pub draft: Option<Rc<Draft>>,
    /// Told what a person does.
    #[prop_or_default]
    pub on: Callback<ListingEvent>,
}

/// The listing.
#[function_component(Listing)]
pub fn listing(props: &Props) -> Html {
    let scrolled = use_node_ref();
    {
        let scrolled = scrolled.clone();
        let at = props.cursors.iter().find(|c| props.watched == Some(c.thread));
        let at = at.map(|c| (c.file, c.line)).filter(|(file, _)| *file == props.file);
        use_effect_with(at, move |_| events::keep_in_view(&scrolled, "#listing-line"));
    }
    let Some(file) = props.files.get(props.file) else {
        return html! { <div class="empty"><p class="empty__text">{ "No lane, no listing." }</p></div> };
    };
    html! {
        <div class="listing">
            { head(props, file) }
            <div class="listing__scroll" ref={scrolled} tabindex="0" role="region" aria-label={format!("Listing of {}", file.name)}>
                if let Some(draft) = &props.draft {
                    { editor(props, draft) }
                } else {
                    { for props.files.iter().enumerate().map(|(at, file)| text(props, at, file)) }
                }
            </div>
            if let Some(draft) = &props.draft {
                { mistakes(draft) }
            }
        </div>
    }
}

/// A file's text. Those not shown stay in the document, so that turning to one has little to do.
fn text(props: &Props, at: usize, file: &SourceFile) -> Html {
    let here: Vec<_> = props.cursors.iter().filter(|c| c.file == at).cloned().collect();
    let shown = at == props.file;
    html! {
        <div key={file.name.as_str()} class={classes!("listing__text", (!shown).then_some("is-away"))}>
            <code::Code text={file.text.clone()} {here} marks={props.marks.clone()} watched={props.watched.filter(|_| shown)} />
        </div>
    }
}

fn head(props: &Props, shown: &SourceFile) -> Html {
    let tab = |(at, file): (usize, &SourceFile)| {
        let current = at == props.file;
        let here: Vec<&ThreadMark> = props
            .cursors
            .iter()
            .filter(|c| c.file == at)
            .filter_map(|c| props.marks.get(c.thread))
            .collect();
        html! {
            <button key={at} type="button" class={classes!("listing__file", current.then_some("is-current"))}
                aria-pressed={current.to_string()} disabled={props.draft.is_some() && !current}
                title={file.role.clone()} onclick={props.on.reform(move |_| ListingEvent::File(at))}>
                { &file.name }
                if file.changed { <span class="listing__changed" title="Changed from shipped">{ "*" }</span> }
                { for here.into_iter().map(disc) }
            </button>
        }
    };
    let button = |name: &'static str, class: &'static str, event: ListingEvent, off: bool| {
        let on = props.on.reform(move |_| event.clone());
        html! { <button type="button" class={classes!("button", "button--small", class)} disabled={off} onclick={on}>{ name }</button> }
    };
    html! {
        <div class="listing__head">
            <div class="listing__files" role="group" aria-label="Files">{ for props.files.iter().enumerate().map(tab) }</div>
            if let Some(draft) = &props.draft {
                { button("Cancel", "button--quiet", ListingEvent::Cancel, false) }
                { button("Run this", "button--primary", ListingEvent::Apply, !draft.notes.is_empty()) }
            } else {
                if shown.changed {
                    <span class="chip chip--warn">{ "changed from shipped" }</span>
                    { button("Back to shipped", "button--quiet", ListingEvent::Reset, false) }
                }
                if shown.editable {
                    <button type="button" class="button button--small button--quiet" onclick={props.on.reform(|_| ListingEvent::Edit)}>
                        { icon(Icon::Edit) }{ "Edit" }</button>
                }
            }
        </div>
    }
}

/// The text in colours with a see-through field of the same measures on top of it.
fn editor(props: &Props, draft: &Draft) -> Html {
    let on = props.on.reform(|event| ListingEvent::Typed(events::value(&event)));
    html! {
        <div class="listing__editor">
            { code::draft(draft) }
            <textarea class="listing__field" aria-label="Text of the listing" spellcheck="false" autocomplete="off"
                autocapitalize="off" wrap="off" aria-invalid={(!draft.notes.is_empty()).to_string()}
                aria-describedby="listing-mistakes" value={draft.text.clone()} oninput={on} />
        </div>
    }
}

fn mistakes(draft: &Draft) -> Html {
    html! {
        <ul class="diagnostics listing__mistakes" id="listing-mistakes" aria-live="polite">
            { for draft.notes.iter().map(|note| html! {
                <li class="diagnostic diagnostic--error">
                    <span class="diagnostic__place">{ format!("line {}", note.line) }</span>
                    <span class="diagnostic__text">{ &note.text }</span>
                    if let Some(help) = &note.help { <span class="diagnostic__help">{ help }</span> }
                </li>
            }) }
            if draft.notes.is_empty() {
                <li class="diagnostic diagnostic--ok">{ "No mistakes found. \"Run this\" plays the schedule under the new text." }</li>
            }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{mark, rendered, sample};
    use expect_test::expect;

    const TEXT: &str = "policy: mine\ntitle: A short one\n\nmemcg *next(memcg *root)\n{\n\treturn tryget(root);\n}\n";

    fn listing(draft: Option<Draft>) -> Html {
        let file = SourceFile {
            name: "mine".into(),
            role: "policy".into(),
            text: TEXT.into(),
            changed: true,
            editable: true,
        };
        let cursor = Cursor {
            thread: 0,
            file: 0,
            line: 6,
            label: "next.tryget".into(),
            words: "tryget(ct-103)".into(),
            locals: vec![("root".into(), "/".into())],
        };
        html! {
            <Listing files={Rc::new(vec![file])} cursors={Rc::new(vec![cursor])} watched={Some(0)}
                marks={Rc::new(mark::of(&sample::world()))} draft={draft.map(Rc::new)} />
        }
    }

    #[test]
    fn the_line_of_a_thread_says_who_what_and_with_which_values() {
        let said = rendered::words(listing(None)).replace('\n', " ");
        let line = said.split("kswapd0 is here:").nth(1).expect("a marked line");
        expect![" 6 return tryget (root); tryget(ct-103) root = / 7 } "].assert_eq(line);
    }

    #[test]
    fn the_shared_access_is_underlined() {
        let text = rendered::markup(listing(None));
        assert!(text.contains("<span class=\"code__shared ink-call\">tryget</span>"), "{text}");
    }

    #[test]
    fn a_text_with_mistakes_cannot_be_run() {
        let note = LineNote {
            line: 6,
            text: "there is no `trygt`".into(),
            help: Some("write `tryget`".into()),
        };
        let wrong = Draft { text: TEXT.into(), notes: vec![note] };
        let text = rendered::markup(listing(Some(wrong)));
        assert!(text.contains("disabled") && text.contains("code__line--wrong"), "{text}");
        let text = rendered::markup(listing(Some(Draft { text: TEXT.into(), notes: vec![] })));
        assert!(!text.contains("disabled"), "{text}");
    }
}
