//! The listing beside the lanes: a policy's text as it runs, with each thread's line marked in its
//! colour, the shared access it makes next underlined and the values of its locals at the margin.

mod changes;
mod code;
pub(super) mod edit;
mod tokens;

pub use changes::Changes;

use crate::effect::events;
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
    /// How it differs from the one shipped; `None` if it does not.
    pub changes: Option<Rc<Changes>>,
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
            { head(props) }
            <div class="listing__scroll" ref={scrolled} tabindex="0" role="region" aria-label={format!("Listing of {}", file.name)}>
                { for props.files.iter().enumerate().map(|(at, file)| text(props, at, file)) }
            </div>
        </div>
    }
}

/// A file's text. Those not shown stay in the document, so that turning to one has little to do.
fn text(props: &Props, at: usize, file: &SourceFile) -> Html {
    let here: Vec<_> = props.cursors.iter().filter(|c| c.file == at).cloned().collect();
    let shown = at == props.file;
    html! {
        <div key={file.name.as_str()} class={classes!("listing__text", (!shown).then_some("is-away"))}>
            <code::Code text={file.text.clone()} {here} marks={props.marks.clone()} watched={props.watched.filter(|_| shown)}
                changes={file.changes.clone().unwrap_or_default()} />
        </div>
    }
}

fn head(props: &Props) -> Html {
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
                aria-pressed={current.to_string()}
                title={file.role.clone()} onclick={props.on.reform(move |_| ListingEvent::File(at))}>
                { &file.name }
                if file.changes.is_some() { <span class="chip chip--warn">{ "edited" }</span> }
                { for here.into_iter().map(disc) }
            </button>
        }
    };
    html! {
        <div class="listing__head">
            <div class="listing__files" role="group" aria-label="Files">{ for props.files.iter().enumerate().map(tab) }</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{mark, rendered, sample};
    use expect_test::expect;

    const TEXT: &str = "policy: mine\ntitle: A short one\n\nmemcg *next(memcg *root)\n{\n\treturn tryget(root);\n}\n";

    fn listing() -> Html {
        let file = SourceFile {
            name: "mine".into(),
            role: "policy".into(),
            text: TEXT.into(),
            changes: None,
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
                marks={Rc::new(mark::of(&sample::world()))} />
        }
    }

    #[test]
    fn the_line_of_a_thread_says_who_what_and_with_which_values() {
        let said = rendered::words(listing()).replace('\n', " ");
        let line = said.split("kswapd0 is here:").nth(1).expect("a marked line");
        expect![" 6 return tryget (root); tryget(ct-103) root = / 7 } "].assert_eq(line);
    }

    #[test]
    fn the_shared_access_is_underlined() {
        let text = rendered::markup(listing());
        assert!(text.contains("<span class=\"code__shared ink-call\">tryget</span>"), "{text}");
    }
}
