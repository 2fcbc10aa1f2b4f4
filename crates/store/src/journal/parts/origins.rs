//! The origin of this terminal's facts, and which terminal each incarnation belongs to.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::{ReadOrigins, StoreError, WriteOrigins};

use crate::journal::chain::state::{self, Chain};
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, params};

impl ReadOrigins for Tx<'_> {
    fn origin(&mut self) -> Result<Option<Origin>, StoreError> {
        state::origin(self.db)
    }

    fn incarnations(&mut self) -> Result<Vec<Origin>, StoreError> {
        self.db.rows(
            "SELECT facility_id, terminal_id, incarnation FROM origin ORDER BY incarnation",
            params![],
            state::read_origin,
        )
    }

    fn own_incarnations(&mut self) -> Result<Vec<IncarnationId>, StoreError> {
        state::own_incarnations(self.db)
    }

    fn terminals(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError> {
        let terminals = self.db.rows(
            "SELECT incarnation, terminal_id FROM head WHERE terminal_id IS NOT NULL \
             UNION SELECT incarnation, terminal_id FROM origin",
            params![],
            |row| Ok((IncarnationId(row.id(0)?), TerminalId(row.id(1)?))),
        )?;
        Ok(terminals.into_iter().collect())
    }

    fn receivers(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError> {
        let receivers = self.db.rows(
            "SELECT incarnation, terminal_id FROM receiver \
             WHERE incarnation NOT IN (SELECT incarnation FROM head WHERE terminal_id IS NOT NULL) \
             AND incarnation NOT IN (SELECT incarnation FROM origin) \
             AND incarnation NOT IN (SELECT incarnation FROM heard)",
            params![],
            |row| Ok((IncarnationId(row.id(0)?), TerminalId(row.id(1)?))),
        )?;
        Ok(receivers.into_iter().collect())
    }

    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError> {
        let forked = self.db.rows("SELECT incarnation FROM fork", params![], |row| row.id(0).map(IncarnationId))?;
        Ok(forked.into_iter().collect())
    }
}

impl WriteOrigins for Tx<'_> {
    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute("UPDATE origin SET left_behind = 1", params![])?;
            insert(tx.db, origin)?;
            // From now on, pending facts of the incarnations left behind count as those of another terminal.
            tx.db.execute(
                "INSERT INTO pending (own, change_seq) SELECT 0, change_seq FROM pending WHERE own = 1",
                params![],
            )?;
            tx.db.execute("DELETE FROM pending WHERE own = 1", params![])?;
            *tx.chain = Chain::load(tx.db)?;
            Ok(())
        })
    }

    fn end_incarnation(&mut self, next: IncarnationId) -> Result<(), StoreError> {
        self.write(|tx| {
            let ended = tx.origin()?.ok_or_else(|| StoreError::Failed("no incarnation has begun".into()))?;
            insert(tx.db, Origin { incarnation: next, ..ended })?;
            *tx.chain = Chain::load(tx.db)?;
            Ok(())
        })
    }
}

fn insert(db: &mut Connection, origin: Origin) -> Result<(), StoreError> {
    db.execute(
        "INSERT INTO origin (incarnation, facility_id, terminal_id) VALUES (?1, ?2, ?3)",
        params![origin.incarnation.0, origin.facility_id.0, origin.terminal_id.0],
    )?;
    Ok(())
}
