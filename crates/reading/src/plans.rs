//! The plans of a facility's sites, with their pictures, which are kept in pieces.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::{PieceId, PlanId};
use nosmoke_domain::site::{PictureHead, PictureProblem, PictureSize, assemble, piece_id};
use nosmoke_ports::{Ids, ReadReference, Reference, ReferenceKind, StoreError, WriteReference};

use crate::plan_bodies::{PieceBody, PlanBody};
use crate::reference::{body, put};

/// How long a piece is kept that no plan names. Until then, a plan of another terminal that names it may still come.
const UNUSED_PIECE_KEPT: TimeDelta = TimeDelta::days(30);

/// A plan with the revision of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub plan_id: PlanId,
    pub revision: i64,
    pub body: PlanBody,
}

/// Returns the plans in use, by name.
///
/// # Errors
/// An error of the store.
pub fn plans(tx: &mut dyn ReadReference) -> Result<Vec<Plan>, StoreError> {
    let plan = |it: &Reference| Ok(Plan { plan_id: PlanId(it.id), revision: it.revision, body: body::<PlanBody>(it)? });
    let references = tx.references(ReferenceKind::Plan)?;
    let mut plans = references.iter().map(plan).collect::<Result<Vec<_>, StoreError>>()?;
    plans.retain(|plan| !plan.body.retired);
    plans.sort_by(|a, b| (&a.body.name, a.plan_id).cmp(&(&b.body.name, b.plan_id)));
    Ok(plans)
}

/// Returns a plan that is in use.
///
/// # Errors
/// An error of the store.
pub fn plan(tx: &mut dyn ReadReference, plan_id: PlanId) -> Result<Option<Plan>, StoreError> {
    let Some(reference) = tx.reference(ReferenceKind::Plan, plan_id.0)? else { return Ok(None) };
    let (revision, body) = (reference.revision, body::<PlanBody>(&reference)?);
    Ok((!body.retired).then_some(Plan { plan_id, revision, body }))
}

/// Counts the pieces of a picture that have come.
///
/// # Errors
/// An error of the store.
pub fn pieces_here(tx: &mut dyn ReadReference, head: &PictureHead) -> Result<usize, StoreError> {
    Ok(pieces(tx, head)?.iter().flatten().count())
}

/// Puts a picture together; the inner error says why there is none to show.
///
/// # Errors
/// An error of the store.
pub fn picture(
    tx: &mut dyn ReadReference,
    head: &PictureHead,
) -> Result<Result<(PictureSize, Vec<u8>), PictureProblem>, StoreError> {
    Ok(assemble(head, &pieces(tx, head)?))
}

fn pieces(tx: &mut dyn ReadReference, head: &PictureHead) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
    head.pieces.iter().map(|id| bytes_of(tx, *id)).collect()
}

fn bytes_of(tx: &mut dyn ReadReference, id: PieceId) -> Result<Option<Vec<u8>>, StoreError> {
    let reference = tx.reference(ReferenceKind::PlanPiece, id.0)?;
    Ok(reference.as_ref().map(body::<PieceBody>).transpose()?.and_then(|piece| piece.bytes()))
}

/// Stores the pieces of a picture that aren't here, and empties those that no plan has named for long.
///
/// # Errors
/// An error of the store.
pub fn put_pieces(
    tx: &mut dyn WriteReference,
    ids: &dyn Ids,
    now: DateTime<Utc>,
    pieces: &[&[u8]],
) -> Result<(), StoreError> {
    empty_unused(tx, ids, now)?;
    for piece in pieces {
        let id = piece_id(piece);
        if bytes_of(tx, id)?.is_none() {
            put(tx, ids, now, (ReferenceKind::PlanPiece, id.0), &PieceBody::of(piece))?;
        }
    }
    Ok(())
}

/// Takes the bytes out of the pieces that no plan names, so that replaced pictures don't fill the journal and the log.
/// A retired plan's pieces are unused too.
fn empty_unused(tx: &mut dyn WriteReference, ids: &dyn Ids, now: DateTime<Utc>) -> Result<(), StoreError> {
    // A plan that was changed lately, also a retired one, may have named until then what nothing names now.
    let is_recent = |it: &Reference| made_at(it).is_none_or(|at| now - at <= UNUSED_PIECE_KEPT);
    if tx.references(ReferenceKind::Plan)?.iter().any(is_recent) {
        return Ok(());
    }
    let heads = plans(tx)?.into_iter().filter_map(|plan| plan.body.picture);
    let named: BTreeSet<_> = heads.flat_map(|head| head.pieces).collect();
    for piece in tx.references(ReferenceKind::PlanPiece)? {
        let is_old = made_at(&piece).is_some_and(|at| now - at > UNUSED_PIECE_KEPT);
        let is_empty = body::<PieceBody>(&piece)?.data.is_empty();
        if is_old && !is_empty && !named.contains(&PieceId(piece.id)) {
            put(tx, ids, now, (ReferenceKind::PlanPiece, piece.id), &PieceBody { data: String::new() })?;
        }
    }
    Ok(())
}

/// The time in the time-ordered id of a document's revision.
fn made_at(reference: &Reference) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = reference.event_id.0.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}
