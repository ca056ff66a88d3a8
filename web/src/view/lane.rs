//! A lane: one policy's tree with its slots and walkers, between a head with figures and a foot
//! with what the margin stands for.
//!
//! All lanes of a run are given the same outline and the same viewport and stand in one scroll
//! container, so a group is at the same height in each. A lane asks nobody anything: it shows a
//! picture.

mod foot;
mod head;
mod margin;
mod row;
mod watches;
pub mod words;

use crate::effect::events;
use crate::geometry::rows::{Outline, Viewport};
use crate::view::mark::ThreadMark;
use memcg_core::check::{Now, Property};
use memcg_core::condition::Watch;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::LanePicture;
use memcg_core::world::World;
use std::rc::Rc;
use yew::{AttrValue, Callback, Html, Properties, classes, function_component, html};

/// What a person did to a lane.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum LaneEvent {
    /// Turned to this lane: the listing beside the lanes should be its policy's.
    Focus,
    /// Chose a group (in all lanes alike).
    SelectGroup(GroupId),
    /// Folded or unfolded a group.
    Fold(GroupId),
    /// Wants to see this group: scroll to it.
    Reveal(GroupId),
    /// Wants to see the policies, and perhaps another one here.
    Policy,
    /// Wants to see what came of checking it.
    Check,
    /// Removed the lane.
    Remove,
}

/// What came of checking a lane.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Badge {
    /// In a word or two.
    pub words: AttrValue,
    /// All of it.
    pub title: AttrValue,
    /// The kind, for its looks.
    pub class: &'static str,
}

/// The text of a lane's head, from the policy's listing.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Title {
    /// Name of the policy.
    pub policy: AttrValue,
    /// Its listing is not the shipped one.
    pub edited: bool,
    /// The core, when it is not the one that the listing names.
    pub core: Option<AttrValue>,
    /// When it was in use.
    pub years: AttrValue,
    /// One line on how it works.
    pub line: AttrValue,
}

/// What a lane is drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub struct Props {
    /// Its place, from 0.
    pub lane: usize,
    /// Head.
    pub title: Rc<Title>,
    /// Whether another policy can be picked.
    #[prop_or_default]
    pub pickable: bool,
    /// The world, for names.
    pub world: Rc<World>,
    /// Rows, shared by all lanes.
    pub outline: Rc<Outline>,
    /// Threads' marks, the worker's last.
    pub marks: Rc<Vec<ThreadMark>>,
    /// What to show.
    pub picture: Rc<LanePicture>,
    /// The moment before, to mark what changed.
    #[prop_or_default]
    pub before: Option<Rc<LanePicture>>,
    /// What can be seen.
    #[prop_or_default]
    pub viewport: Viewport,
    /// Visits of the most visited group of all lanes: the full heat.
    pub n_visits_max: u32,
    /// What is watched.
    #[prop_or_default]
    pub watches: Rc<Vec<Watch>>,
    /// What is watched and this policy does not have.
    #[prop_or_default]
    pub missing: Option<AttrValue>,
    /// The chosen group.
    #[prop_or_default]
    pub selected: Option<GroupId>,
    /// The listing shows this lane's policy.
    #[prop_or_default]
    pub current: bool,
    /// A remark on the last move in this lane, such as who was brought along first.
    #[prop_or_default]
    pub note: Option<AttrValue>,
    /// What this state says of every property.
    #[prop_or_default]
    pub now: Rc<Vec<(Property, Now)>>,
    /// What came of checking it.
    #[prop_or_default]
    pub badge: Option<Badge>,
    /// Whether it can be removed.
    #[prop_or_default]
    pub removable: bool,
    /// Told what a person does.
    #[prop_or_default]
    pub on: Callback<LaneEvent>,
}

impl Props {
    /// The id of a group's row, for `aria-activedescendant`.
    fn row_id(&self, group: GroupId) -> String {
        format!("lane{}-g{}", self.lane, group.0)
    }
}

/// A lane.
#[function_component(Lane)]
pub fn lane(props: &Props) -> Html {
    let class = classes!(
        "lane",
        props.current.then_some("is-current"),
        props.picture.fault.is_some().then_some("lane--fault")
    );
    html! {
        <section {class} id={format!("lane{}", props.lane)} aria-label={format!("Lane {}: {}", props.lane + 1, props.title.policy)}
            onpointerdown={props.on.reform(|_| LaneEvent::Focus)}>
            { head::head(props) }
            { body(props) }
            { foot::foot(props) }
        </section>
    }
}

fn body(props: &Props) -> Html {
    let rows = props.outline.rows();
    let drawn = props.viewport.drawn(rows.len());
    let row_px = props.viewport.density.row_px() as usize;
    let above_px = drawn.start * row_px;
    let below_px = (rows.len() - drawn.end) * row_px;
    let active = props
        .selected
        .filter(|g| drawn.contains(&props.outline.row_of(*g)) && props.outline.shows(*g))
        .map(|g| props.row_id(g));
    html! {
        <div class="lane__body">
            { row::heading() }
            <ul class="tree" role="tree" tabindex="0" onkeydown={keys(props)} aria-label={format!("Groups, {}", props.title.policy)}
                aria-activedescendant={active}>
                { spacer(above_px) }
                { for rows[drawn.clone()].iter().map(|row| row::row(props, row)) }
                { spacer(below_px) }
            </ul>
            { margin::margin(props) }
        </div>
    }
}

/// Up and Down go from group to group, Enter folds. Left and Right stay what they are on the whole
/// page: a step of time.
fn keys(props: &Props) -> Callback<yew::KeyboardEvent> {
    let (on, outline) = (props.on.clone(), props.outline.clone());
    let (at, viewport) = (props.selected, props.viewport);
    Callback::from(move |event| {
        let go = |n: isize| match at {
            Some(at) => Some(outline.neighbour(at, n)),
            None => outline.rows().first().map(|row| row.group),
        };
        let to = match events::plain_key(&event).as_deref() {
            Some("ArrowDown") => go(1),
            Some("ArrowUp") => go(-1),
            Some("Enter") => {
                if let Some(at) = at {
                    on.emit(LaneEvent::Fold(at));
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let Some(to) = to.filter(|to| Some(*to) != at) else { return };
        on.emit(LaneEvent::SelectGroup(to));
        if !viewport.sees(outline.row_of(to)) {
            on.emit(LaneEvent::Reveal(to));
        }
    })
}

/// Takes the place of rows that are not drawn. Without inline styles an SVG has to hold it open.
fn spacer(height_px: usize) -> Html {
    if height_px == 0 {
        return Html::default();
    }
    html! {
        <li class="tree__space" role="presentation">
            <svg width="1" height={height_px.to_string()} aria-hidden="true" />
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::groups::GroupSet;
    use crate::view::{mark, rendered, sample};
    use expect_test::{Expect, expect};

    fn lane(world: World, picture: LanePicture) -> Html {
        let outline = Rc::new(Outline::new(&world, &GroupSet::default()));
        let marks = Rc::new(mark::of(&world));
        let title = Title {
            edited: false,
            policy: "a-policy".into(),
            core: None,
            years: "2021".into(),
            line: "How it works.".into(),
        };
        html! {
            <Lane lane={0} title={Rc::new(title)} world={Rc::new(world)} {outline} {marks}
                picture={Rc::new(picture)} n_visits_max={3} selected={GroupId(7)} />
        }
    }

    /// The head and the foot in words; rows have their own tests.
    fn check(picture: LanePicture, expected: &Expect) {
        let said = rendered::words(lane(sample::world(), picture)).replace('\n', " · ");
        let (head, rest) = said.split_once(" · no position").expect("a heading");
        let at = rest.rfind("node0/zone0").expect("a slot");
        let foot = &rest[at..];
        expected.assert_eq(&format!("{head}\n{}", foot.trim_end_matches(" · ")));
    }

    #[test]
    fn a_lane_says_its_figures_and_what_is_to_be_done() {
        let world = sample::world();
        check(
            sample::dying(&world),
            &expect![[r#"
            a-policy · 2021 · How it works. · rounds · 2 · restarts · 0 · visits · 31 · wiped · 3
            node0/zone0/prio12 · points at · → · ct-103 · gen · 0 · last_dead_count · 0 · confirm · ct-101 · waits for kswapd0 · free · database · ct-103 · 2 references: base, 2 children, kswapd0"#]],
        );
    }

    #[test]
    fn a_fault_is_told_in_the_head_and_a_dangling_slot_in_the_foot() {
        let world = sample::world();
        check(
            sample::faulty(&world),
            &expect![[r#"
            a-policy · 2021 · How it works. · rounds · 2 · restarts · 0 · visits · 31 · wiped · 3 · UAF css_tryget · kswapd0 took a reference on ct-104 after its memory was freed.
            node0/zone0/prio12 · points at · → · ct-104 (freed memory) · gen · 0 · last_dead_count · 0 · confirm · ct-101 · waits for kswapd0 · free · database · ct-103 · 2 references: base, 2 children, kswapd0"#]],
        );
    }

    #[test]
    fn of_ten_thousand_groups_only_those_in_view_are_drawn() {
        let world = sample::wide_world(10_000);
        let picture = sample::walking(&world, 3);
        let text = rendered::markup(lane(world, picture));
        assert_eq!(text.matches("role=\"treeitem\"").count(), 35);
        assert!(text.contains("height=\"259116\""), "the rest is held open");
        assert!(text.len() < 60_000, "{}", text.len());
    }

    #[test]
    fn there_are_no_inline_styles() {
        let world = sample::world();
        let text = rendered::markup(lane(sample::world(), sample::faulty(&world)));
        assert!(!text.contains("style="), "the page's security policy forbids them");
    }
}
