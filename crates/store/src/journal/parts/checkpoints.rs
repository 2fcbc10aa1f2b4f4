//! How far facts have been followed: a worker to its checkpoint, a customer's fold to its snapshot.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Context, ReadCheckpoints, Saved, StoreError, Worker, WriteCheckpoints};

use crate::journal::tx::Tx;
use crate::raw::binds;
use crate::words;

impl ReadCheckpoints for Tx<'_, '_> {
    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError> {
        let sql = "SELECT change_seq FROM checkpoint WHERE worker = ?1";
        Ok(self.raw.row(sql, binds![words::worker(worker)], |row| Ok(row.int(0)))?.unwrap_or_default())
    }

    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError> {
        self.raw.row(
            "SELECT change_seq, state FROM snapshot WHERE context = ?1 AND customer_id = ?2",
            binds![words::context(context), customer.0],
            |row| Ok(Saved { change_seq: row.int(0), state: row.blob(1).to_vec() }),
        )
    }
}

impl WriteCheckpoints for Tx<'_, '_> {
    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT INTO checkpoint (worker, change_seq) VALUES (?1, ?2) \
                 ON CONFLICT (worker) DO UPDATE SET change_seq = excluded.change_seq",
                binds![words::worker(worker), change_seq],
            )?;
            Ok(())
        })
    }

    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT INTO snapshot (context, customer_id, change_seq, state) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (context, customer_id) DO UPDATE SET change_seq = excluded.change_seq, \
                 state = excluded.state",
                binds![words::context(context), customer.0, saved.change_seq, &saved.state[..]],
            )?;
            Ok(())
        })
    }
}
