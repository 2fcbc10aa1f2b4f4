//! The scopes of a named token.

use nosmoke_domain::words::{Role, Scope};

/// A set of scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes {
    enter: bool,
    leave: bool,
    pay: bool,
    read: bool,
    operate: bool,
}

impl Scopes {
    pub fn of(scopes: &[Scope]) -> Self {
        Self {
            enter: scopes.contains(&Scope::Enter),
            leave: scopes.contains(&Scope::Leave),
            pay: scopes.contains(&Scope::Pay),
            read: scopes.contains(&Scope::Read),
            operate: scopes.contains(&Scope::Operate),
        }
    }

    pub const fn has(self, scope: Scope) -> bool {
        match scope {
            Scope::Enter => self.enter,
            Scope::Leave => self.leave,
            Scope::Pay => self.pay,
            Scope::Read => self.read,
            Scope::Operate => self.operate,
        }
    }

    pub fn list(self) -> Vec<Scope> {
        let all = [Scope::Enter, Scope::Leave, Scope::Pay, Scope::Read, Scope::Operate];
        all.into_iter().filter(|scope| self.has(*scope)).collect()
    }

    /// The role that facts state of a token: decisions give more than staff may only to one that operates.
    pub const fn role(self) -> Role {
        if self.operate { Role::Supervisor } else { Role::Staff }
    }
}
