//! Names of staff, terminals and customers for lists.

use std::collections::BTreeMap;

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{CustomerId, IncarnationId, StaffId};

use crate::contract::CustomerName;
use crate::ports::{CustomerRow, Read, ReferenceKind, StoreError};
use crate::records::{self, StaffBody};

/// Names of the staff and of this terminal, read once for a list.
#[derive(Debug, Clone, Default)]
pub struct Names {
    staff: BTreeMap<StaffId, String>,
    here: Option<(Vec<IncarnationId>, String)>,
}

impl Names {
    /// # Errors
    /// The store's.
    pub fn read(tx: &mut dyn Read) -> Result<Self, StoreError> {
        let mut staff = BTreeMap::new();
        for reference in tx.references(ReferenceKind::Staff)? {
            let body: StaffBody = records::body(&reference)?;
            staff.insert(StaffId(reference.id), body.name);
        }
        let lives = tx.lives()?;
        let here = match lives.last() {
            Some(Origin { terminal_id, .. }) => {
                let incarnations = lives.iter().map(|life| life.incarnation).collect();
                records::terminal_name(tx, *terminal_id)?.map(|name| (incarnations, name))
            }
            None => None,
        };
        Ok(Self { staff, here })
    }

    pub fn staff(&self, id: StaffId) -> Option<String> {
        self.staff.get(&id).cloned()
    }

    pub fn terminal(&self, incarnation: IncarnationId) -> Option<String> {
        self.here.as_ref().filter(|(here, _)| here.contains(&incarnation)).map(|(_, name)| name.clone())
    }
}

/// A customer's name with the tag that tells two unnamed ones apart.
pub(super) fn customer_name(customer_id: CustomerId, name: Option<String>) -> CustomerName {
    let digits = customer_id.0.simple().to_string();
    CustomerName { customer_id, name, tag: digits.get(..4).unwrap_or_default().to_uppercase() }
}

/// Rows of many customers by id.
///
/// # Errors
/// The store's.
pub(super) fn rows_by_id(
    tx: &mut dyn Read,
    ids: impl IntoIterator<Item = CustomerId>,
) -> Result<BTreeMap<CustomerId, CustomerRow>, StoreError> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(tx.customers(&ids)?.into_iter().map(|row| (row.profile.customer_id, row)).collect())
}
