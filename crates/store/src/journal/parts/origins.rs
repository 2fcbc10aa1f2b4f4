//! Who records here, and which incarnations are whose.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::{ReadOrigins, StoreError, WriteOrigins};

use crate::journal::chain::state::{self, Chain};
use crate::journal::tx::Tx;
use crate::raw::binds;

impl ReadOrigins for Tx<'_, '_> {
    fn origin(&mut self) -> Result<Option<Origin>, StoreError> {
        state::origin(self.raw)
    }

    fn lives(&mut self) -> Result<Vec<Origin>, StoreError> {
        self.raw.rows("SELECT facility_id, terminal_id, incarnation FROM origin ORDER BY life", binds![], state::life)
    }

    fn terminals(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError> {
        let terminals = self.raw.rows(
            "SELECT incarnation, terminal_id FROM head WHERE terminal_id IS NOT NULL \
             UNION SELECT incarnation, terminal_id FROM origin",
            binds![],
            |row| Ok((IncarnationId(row.id(0)?), TerminalId(row.id(1)?))),
        )?;
        Ok(terminals.into_iter().collect())
    }

    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError> {
        let forked = self.raw.rows("SELECT incarnation FROM fork", binds![], |row| row.id(0).map(IncarnationId))?;
        Ok(forked.into_iter().collect())
    }
}

impl WriteOrigins for Tx<'_, '_> {
    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT INTO origin (incarnation, facility_id, terminal_id) VALUES (?1, ?2, ?3)",
                binds![origin.incarnation.0, origin.facility_id.0, origin.terminal_id.0],
            )?;
            // What the life before has recorded is another incarnation's now.
            tx.raw.execute(
                "INSERT INTO pending (own, change_seq) SELECT 0, change_seq FROM pending WHERE own = 1",
                binds![],
            )?;
            tx.raw.execute("DELETE FROM pending WHERE own = 1", binds![])?;
            *tx.chain = Chain::load(tx.raw)?;
            Ok(())
        })
    }
}
