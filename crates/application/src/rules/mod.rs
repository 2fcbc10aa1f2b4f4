//! The rules as a manager edits them: the form, this terminal's draft, and the stored sets as the screens show them.

mod body;
mod draft;
mod fields;
mod form;
mod views;

pub(crate) use body::body_of;
pub(crate) use draft::Draft;
pub(crate) use form::{form_of, parse};
pub(crate) use views::{change_views, set_views};
