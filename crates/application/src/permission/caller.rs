//! Who does something: known before a transaction as a [`Caller`], and inside it as an [`Authority`] with the role that
//! the person has there.

use nosmoke_domain::fact::{Approver, Recorder};
use nosmoke_domain::ids::{StaffId, TokenId};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{ReadReference, StoreError};
use nosmoke_reading::reference;
use serde::Serialize;
use uuid::Uuid;

use super::{Act, Scopes};

/// The party that does something, before its role was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum By {
    /// The member of staff who is signed in.
    Staff(StaffId),
    /// Another program, through the gateway or the command line.
    Token(TokenId),
    /// This program itself.
    Program,
}

/// The party that does something, and the supervisor who has typed a PIN over its screen for this one act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub by: By,
    pub approver: Option<StaffId>,
    /// What a named token may do; `None` for all others.
    pub scopes: Option<Scopes>,
}

impl Caller {
    pub const OWNER: Self = Self { by: By::Token(TokenId::Owner), approver: None, scopes: None };
    pub const PROGRAM: Self = Self { by: By::Program, approver: None, scopes: None };

    pub const fn staff(id: StaffId) -> Self {
        Self { by: By::Staff(id), approver: None, scopes: None }
    }

    /// A named token with its scopes.
    pub const fn token(id: Uuid, scopes: Scopes) -> Self {
        Self { by: By::Token(TokenId::Named(id)), approver: None, scopes: Some(scopes) }
    }

    /// Returns the authority of a token, which no record of the journal says; `None` for the others.
    pub const fn of_token(self) -> Option<Authority> {
        let By::Token(id) = self.by else { return None };
        let role = match self.scopes {
            None => Role::Manager,
            Some(scopes) => scopes.role(),
        };
        let recorded_by = Recorder::Token { id, role };
        Some(Authority { recorded_by, approved_by: None, scopes: self.scopes })
    }

    /// Reads the role that this caller has in a transaction.
    ///
    /// # Errors
    /// `not_signed_in` if the member of staff isn't known here or is retired, or an error of the store.
    pub fn authority<R: ReadReference + ?Sized>(self, tx: &mut R) -> Result<Authority, AppError> {
        let recorded_by = match self.by {
            By::Staff(id) => Recorder::Staff { id, role: role_of(tx, id)? },
            By::Token(id) => Recorder::Token { id, role: self.scopes.map_or(Role::Manager, Scopes::role) },
            By::Program => Recorder::Program,
        };
        let approver = |id| Ok::<_, AppError>(Approver { id, role: role_of(tx, id)? });
        let approved_by = self.approver.map(approver).transpose()?;
        Ok(Authority { recorded_by, approved_by, scopes: self.scopes })
    }
}

fn role_of<R: ReadReference + ?Sized>(tx: &mut R, id: StaffId) -> Result<Role, AppError> {
    let staff = reference::staff(tx, id)?.filter(|staff| !staff.retired);
    Ok(staff.ok_or_else(|| AppError::new(ErrorCode::NotSignedIn))?.role)
}

/// The party that does something, with the roles read in the transaction, as a fact states them. A job that records in
/// many transactions keeps the one with which it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    pub recorded_by: Recorder,
    pub approved_by: Option<Approver>,
    /// What a named token may do, instead of its role.
    pub scopes: Option<Scopes>,
}

impl Authority {
    pub const PROGRAM: Self = Self { recorded_by: Recorder::Program, approved_by: None, scopes: None };

    /// The authority of the terminal's owner, whose token may do everything.
    pub const OWNER: Self = Self {
        recorded_by: Recorder::Token { id: TokenId::Owner, role: Role::Manager },
        approved_by: None,
        scopes: None,
    };

    /// The role that decides what may be done: the higher one of recorder and approver. The program itself may do
    /// whatever its policies are written to do.
    pub fn role(&self) -> Role {
        let own = match self.recorded_by {
            Recorder::Staff { role, .. } | Recorder::Token { role, .. } => role,
            Recorder::Program => Role::Manager,
        };
        self.approved_by.map_or(own, |approver| approver.role.max(own))
    }

    /// Checks that an act is permitted: to a named token by its scopes, to all others by their role.
    ///
    /// # Errors
    /// Returns `not_authorised` with the role or the scopes that are needed.
    pub fn expect(&self, act: Act) -> Result<(), AppError> {
        match self.scopes {
            Some(scopes) => act.expect_scope(&scopes.list()),
            None => act.expect(self.role()),
        }
    }

    /// Returns the name of the member of staff who acts; `None` for a token and for the program.
    ///
    /// # Errors
    /// An error of the store.
    pub fn staff_name<R: ReadReference + ?Sized>(&self, tx: &mut R) -> Result<Option<String>, StoreError> {
        match self.recorded_by {
            Recorder::Staff { id, .. } => Ok(reference::staff(tx, id)?.map(|staff| staff.name)),
            Recorder::Token { .. } | Recorder::Program => Ok(None),
        }
    }
}
