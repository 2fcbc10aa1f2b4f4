//! The checkpoints of workers and the snapshots of customers.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Context, ReadCheckpoints, Saved, StoreError, Worker, WriteCheckpoints};

use crate::journal::tx::Tx;
use crate::sqlite::params;
use crate::words;

impl ReadCheckpoints for Tx<'_> {
    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError> {
        let sql = "SELECT change_seq FROM checkpoint WHERE worker = ?1";
        Ok(self.db.row(sql, params![words::worker(worker)], |row| Ok(row.int(0)))?.unwrap_or_default())
    }

    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError> {
        self.db.row(
            "SELECT change_seq, state FROM snapshot WHERE context = ?1 AND customer_id = ?2",
            params![words::context(context), customer.0],
            |row| Ok(Saved { change_seq: row.int(0), state: row.blob(1).to_vec() }),
        )
    }
}

impl WriteCheckpoints for Tx<'_> {
    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO checkpoint (worker, change_seq) VALUES (?1, ?2) \
                 ON CONFLICT (worker) DO UPDATE SET change_seq = excluded.change_seq",
                params![words::worker(worker), change_seq],
            )?;
            Ok(())
        })
    }

    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT INTO snapshot (context, customer_id, change_seq, state) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (context, customer_id) DO UPDATE SET change_seq = excluded.change_seq, \
                 state = excluded.state",
                params![words::context(context), customer.0, saved.change_seq, &saved.state[..]],
            )?;
            Ok(())
        })
    }
}
