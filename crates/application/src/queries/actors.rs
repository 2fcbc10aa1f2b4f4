//! The parties that did something, with their names, for lists and filters.

use nosmoke_domain::fact::{Approver, Recorder};
use nosmoke_domain::ids::RecorderId;
use nosmoke_ports::AccessBy;
use nosmoke_ports::contract::{Actor, ActorRef};
use nosmoke_reading::names::Names;

pub(super) fn actor(by: AccessBy, names: &Names) -> Actor {
    match by {
        AccessBy::Staff(staff_id) => Actor::Staff { staff_id, name: names.recorder(RecorderId(staff_id.0)) },
        AccessBy::Token(token_id) => {
            // The owner's token has a word in each language on the screens.
            let id = token_id.recorder_id();
            Actor::Token { token_id, name: names.recorder(id).filter(|_| id != RecorderId::OWNER) }
        }
        AccessBy::Program => Actor::Program,
        AccessBy::Nobody => Actor::Nobody,
    }
}

pub(super) fn recorder(recorder: Recorder, names: &Names) -> Actor {
    let by = match recorder {
        Recorder::Staff { id, .. } => AccessBy::Staff(id),
        Recorder::Token { id, .. } => AccessBy::Token(id),
        Recorder::Program => AccessBy::Program,
    };
    actor(by, names)
}

pub(super) fn approver(approver: Approver, names: &Names) -> Actor {
    actor(AccessBy::Staff(approver.id), names)
}

pub(super) const fn party(by: ActorRef) -> AccessBy {
    match by {
        ActorRef::Staff { staff_id } => AccessBy::Staff(staff_id),
        ActorRef::Token { token_id } => AccessBy::Token(token_id),
        ActorRef::Program => AccessBy::Program,
        ActorRef::Nobody => AccessBy::Nobody,
    }
}
