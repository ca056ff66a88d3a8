//! The callbacks of the page: made once, so that a view whose values have not changed is not drawn again.

use super::lane::LaneEvent;
use super::listing::ListingEvent;
use super::threads::ThreadEvent;
use super::timeline::TimelineEvent;
use super::transport::TransportEvent;
use crate::keys::Command;
use crate::model::playback::N_LANES_MAX;
use crate::model::{Grain, Speed};
use crate::msg::{LookMsg, Msg, TimeMsg};
use yew::Callback;

/// Sizes of a step, small to large.
pub(super) const GRAINS: [(Grain, &str); 3] =
    [(Grain::Access, "access"), (Grain::Statement, "statement"), (Grain::Call, "call")];

/// Where messages go.
#[derive(Clone, PartialEq, Debug)]
pub struct On {
    /// Any message.
    pub send: Callback<Msg>,
    /// Something was done to a lane, by its place.
    pub lanes: Vec<Callback<LaneEvent>>,
    /// Something was done to the timeline.
    pub timeline: Callback<TimelineEvent>,
    /// Something was done to the transport.
    pub transport: Callback<TransportEvent>,
    /// Somebody goes next.
    pub threads: Callback<ThreadEvent>,
    /// Something was done to the listing.
    pub listing: Callback<ListingEvent>,
    /// Wants to be at a move.
    pub seek: Callback<usize>,
    /// The lanes were scrolled.
    pub scroll: Callback<yew::Event>,
}

impl On {
    /// All callbacks from the one that takes messages.
    pub fn new(send: Callback<Msg>) -> Self {
        Self {
            lanes: (0..N_LANES_MAX)
                .map(|at| send.reform(move |event| Msg::Lane(at, event)))
                .collect(),
            timeline: send.reform(|event| match event {
                TimelineEvent::Seek(at) => Msg::Time(TimeMsg::Sought(at)),
                TimelineEvent::Branch(at) => Msg::Time(TimeMsg::ChoseBranch(at)),
                TimelineEvent::Zoom(zoom) => Msg::Time(TimeMsg::ChoseZoom(zoom)),
            }),
            transport: send.reform(transport),
            threads: send.reform(|event| match event {
                ThreadEvent::Take(at) => Msg::Time(TimeMsg::Chose(at)),
                ThreadEvent::Watch(at) => Msg::Time(TimeMsg::WatchedChoice(at)),
            }),
            listing: send.reform(|event| match event {
                ListingEvent::Thread(at) => Msg::Time(TimeMsg::ChoseThread(at)),
                ListingEvent::File(at) => Msg::Look(LookMsg::File(at)),
            }),
            seek: send.reform(|at| Msg::Time(TimeMsg::Sought(at))),
            scroll: send.reform(|event: yew::Event| {
                let (scroll_px, height_px) = crate::effect::events::scrolled_px(&event);
                Msg::Look(LookMsg::Scrolled(scroll_px, height_px))
            }),
            send,
        }
    }

    /// A callback that sends a message where there is one.
    pub fn when<T: 'static>(&self, message: impl Fn(T) -> Option<Msg> + 'static) -> Callback<T> {
        let send = self.send.clone();
        Callback::from(move |event| {
            if let Some(message) = message(event) {
                send.emit(message);
            }
        })
    }

    /// A callback that sends this message, whatever it is given.
    pub fn say<T: 'static>(&self, message: Msg) -> Callback<T> {
        self.send.reform(move |_| message.clone())
    }
}

fn transport(event: TransportEvent) -> Msg {
    match event {
        TransportEvent::First => Msg::Command(Command::ToStart),
        TransportEvent::Back => Msg::Command(Command::Back(None)),
        TransportEvent::Toggle => Msg::Command(Command::TogglePlay),
        TransportEvent::Forward => Msg::Command(Command::Forward(None)),
        TransportEvent::Last => Msg::Command(Command::ToEnd),
        TransportEvent::Seek(at) => Msg::Time(TimeMsg::Sought(at)),
        TransportEvent::Grain(at) => {
            GRAINS.get(at).map_or(Msg::Nothing, |(grain, _)| Msg::Time(TimeMsg::ChoseGrain(*grain)))
        }
        TransportEvent::Speed(at) => {
            Speed::all().nth(at).map_or(Msg::Nothing, |speed| Msg::Time(TimeMsg::ChoseSpeed(speed)))
        }
        TransportEvent::Branch(at) => Msg::Time(TimeMsg::ChoseBranch(at)),
    }
}
