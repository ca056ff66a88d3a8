//! What a person watches, as it is in this lane: the values, lit where the last move changed them, and which
//! conditions hold.

use super::{Props, words};
use memcg_core::condition::{Rename, Subject, Term, Value, Watch};
use memcg_core::hierarchy::GroupId;
use memcg_core::world::World;
use yew::{Html, classes, html};

pub(super) fn watches(props: &Props) -> Html {
    if props.watches.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="watches" aria-label="Watched">
            { for props.watches.iter().map(|watch| line(props, watch)) }
            if let Some(missing) = &props.missing {
                <li class="watch">{ "Warning: " }{ missing }</li>
            }
        </ul>
    }
}

fn line(props: &Props, watch: &Watch) -> Html {
    let condition = match watch {
        Watch::Value(subject) => return html! { <li class="watch">{ value(props, subject) }</li> },
        Watch::Holds(condition) => condition,
    };
    let holds = condition.on(&props.picture).holds;
    let (sign, said) = if holds { ("✓", "holds: ") } else { ("–", "does not hold: ") };
    html! {
        <li class={classes!("watch", holds.then_some("is-held"))}>
            <span class="watch__sign" aria-hidden="true">{ sign }</span><span class="visually-hidden">{ said }</span>
            { for condition.any.iter().enumerate().map(|(at, all)| html! {
                <>
                    if at > 0 { { " or " } }
                    { for all.iter().enumerate().map(|(at, one)| term(props, at, one)) }
                </>
            }) }
        </li>
    }
}

fn term(props: &Props, at: usize, term: &Term) -> Html {
    let wanted = format!(" {} {}", term.comparison.sign(), shown(props, &term.value));
    html! {
        <>
            if at > 0 { { " and " } }
            { value(props, &term.subject) }<span class="watch__wanted">{ wanted }</span>
        </>
    }
}

/// What is looked at, and what it is now.
fn value(props: &Props, subject: &Subject) -> Html {
    let now = subject.on(&props.picture);
    let is_new = props.before.as_ref().is_some_and(|before| subject.on(before) != now);
    let name = subject.renamed(&mut Short(&props.world)).map(|subject| subject.to_string());
    html! {
        <>
            { name.unwrap_or_default() }{ " " }
            <b class={classes!("watch__value", is_new.then_some("is-new"))}>{ shown(props, &now) }</b>
        </>
    }
}

fn shown(props: &Props, value: &Value) -> String {
    match value {
        Value::Group(group) => words::name(&props.world, *group).to_string(),
        value => value.named(&props.world).to_string(),
    }
}

/// Groups by their own names: the lane shows where they are.
struct Short<'w>(&'w World);

impl Rename<GroupId, usize, String, String> for Short<'_> {
    fn group(&mut self, group: &GroupId) -> Option<String> {
        Some(words::name(self.0, *group).to_string())
    }

    fn thread(&mut self, thread: &usize) -> Option<String> {
        self.0.threads.get(*thread).map(|thread| thread.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::rows::Outline;
    use crate::model::groups::GroupSet;
    use crate::view::lane::{Lane, Title};
    use crate::view::{mark, rendered, sample};
    use memcg_core::condition::{Comparison, Condition, Measure, Mode, Slot};
    use memcg_core::registry::compile_lane;
    use memcg_core::schedule::LaneSpec;
    use std::rc::Rc;
    use yew::AttrValue;

    fn shown(watches: Vec<Watch>, n_visits: u32, before: Option<u32>) -> String {
        shown_with(watches, n_visits, before, None)
    }

    fn shown_with(
        watches: Vec<Watch>,
        n_visits: u32,
        before: Option<u32>,
        missing: Option<AttrValue>,
    ) -> String {
        let world = sample::world();
        let picture = |n_visits| {
            let mut picture = sample::dying(&world);
            picture.counters.n_visits = n_visits;
            Rc::new(picture)
        };
        let outline = Rc::new(Outline::new(&world, &GroupSet::default()));
        let marks = Rc::new(mark::of(&world));
        let (picture, before) = (picture(n_visits), before.map(picture));
        let text = rendered::markup(html! {
            <Lane lane={0} title={Rc::new(Title::default())} world={Rc::new(world)} {outline} {marks}
                {picture} {before} n_visits_max={3} watches={Rc::new(watches)} {missing} />
        });
        let from = text.find("class=\"watches\"").expect("a list");
        text[from..].split("</ul>").next().expect("its end").to_owned()
    }

    /// A remark on what this policy does not have ends the list.
    #[test]
    fn what_a_policy_does_not_have_is_told() {
        let program = compile_lane(&LaneSpec { policy: "v3.3-css-id".into(), core: None });
        let program = program.expect("a policy");
        let slot = Slot { root: GroupId::ROOT, node: None, zone: None, priority: None };
        let position: Watch = Watch::Value(Subject::Position(slot));
        let missing = position.missing_in(&program).expect("it keeps numbers").told("v3.3-css-id");
        let text = shown_with(vec![position], 0, None, Some(missing.into()));
        assert!(text.ends_with("a position is always none</li>"), "{text}");
    }

    #[test]
    fn values_are_lit_where_the_last_move_changed_them() {
        let visits = || Watch::Value(Subject::Measure(Measure::Visits));
        assert!(
            shown(vec![visits()], 7, Some(6))
                .contains("visits <b class=\"watch__value is-new\">7</b>")
        );
        assert!(
            shown(vec![visits()], 7, Some(7)).contains("visits <b class=\"watch__value\">7</b>")
        );
        assert!(
            shown(vec![visits()], 7, None).contains("visits <b class=\"watch__value\">7</b>"),
            "nothing came before"
        );
    }

    #[test]
    fn conditions_say_whether_they_hold_and_what_is_there() {
        let term = |number| Term {
            subject: Subject::Measure(Measure::Visits),
            comparison: Comparison::AtMost,
            value: Value::Number(number),
        };
        let kept =
            Term { subject: Subject::Held(0), comparison: Comparison::Equal, value: Value::None };
        let any = vec![vec![term(6), kept], vec![term(9)]];
        let watch = Watch::Holds(Condition { mode: Mode::Always, any });
        let text = shown(vec![watch.clone()], 7, None);
        assert!(
            text.contains("<li class=\"watch is-held\">") && text.contains("holds: "),
            "{text}"
        );
        assert!(text.contains(" and held by kswapd0 ") && text.contains(" or visits "), "{text}");
        assert!(
            text.contains(
                "<b class=\"watch__value\">7</b><span class=\"watch__wanted\"> &lt;= 9</span>"
            ),
            "{text}"
        );
        assert!(shown(vec![watch], 10, None).contains("does not hold: "));
    }
}
