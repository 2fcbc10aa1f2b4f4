//! Sends this terminal's requests for points, and reads those of others.

use nosmoke_ports::{Incoming, StoreError, read};
use nosmoke_runtime::points_requests::RequestMessage;

use crate::replicator::{ReplicationError, Replicator};
use crate::wire::{ReadRequest, read_request, request_message, source};

impl Replicator {
    /// Sends the requests and withdrawals that wait to be sent. While the connection is down or the cluster's time isn't
    /// measured yet, they are dropped: whoever waits for an answer isn't helped by one that comes later.
    ///
    /// # Errors
    /// An error of the log or of the store.
    pub async fn send_requests(&self) -> Result<(), ReplicationError> {
        let messages = self.core.points_requests.take_outgoing();
        let Some(at) = self.core.heard.cluster_time(self.core.clock.uptime()).filter(|_| self.is_connected()) else {
            return Ok(());
        };
        if messages.is_empty() {
            return Ok(());
        }
        let origin = read::<_, StoreError>(&*self.core.journal, |tx| tx.origin()).await?;
        let source = origin.map(|origin| source(origin.terminal_id)).unwrap_or_default();
        let message = |message: &RequestMessage| {
            let traceparent = match message {
                RequestMessage::Asks { traceparent, .. } => traceparent.clone(),
                RequestMessage::Withdraws { .. } => None,
            };
            request_message(message, traceparent, &source, at)
        };
        self.log.publish(messages.iter().map(message).collect()).await?;
        Ok(())
    }

    /// Takes a message of the requests topic. What isn't understood is dropped: requests are no records.
    pub(super) fn take_request(&self, message: &Incoming) {
        let requests = &self.core.points_requests;
        match read_request(message) {
            Some(ReadRequest::Asks { customer, request, traceparent }) => {
                requests.read(customer, request, traceparent, self.core.clock.uptime());
            }
            Some(ReadRequest::Withdraws { id, by }) => requests.withdrawn(id, by),
            None => {}
        }
    }
}
