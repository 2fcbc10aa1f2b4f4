//! A request of a known caller: what its handler may use, and in whose name.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use nosmoke_application::jobs::{ImportBatch, Progress, import_batch, import_of, take_back_import};
use nosmoke_application::permission::{Act, Authority, Caller};
use nosmoke_application::queries::Queries;
use nosmoke_application::terminal::Terminal;
use nosmoke_application::tokens::Tokens;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::Scope;
use nosmoke_ports::contract::{AccessAct, AppError, Command, ErrorCode, ImportView, JobKind, Outcome, Request};
use nosmoke_ports::{Access, AccessBy};
use serde::Serialize;
use uuid::Uuid;

use crate::answer::Answered;
use crate::idempotency_key::IdempotencyKey;
use crate::metrics::Metrics;
use crate::problem::{Problem, Refused};
use crate::served::{Served, fault, to_its_end};

/// What a handler may use once its act was permitted.
#[derive(Debug)]
pub(crate) struct Permitted<'a> {
    pub(crate) queries: &'a Queries,
    pub(crate) terminal: &'a Arc<Terminal>,
    pub(crate) tokens: &'a Arc<Tokens>,
}

/// A request whose token is known.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    served: Served,
    caller: Caller,
}

impl FromRequestParts<Served> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().copied().ok_or(Refused::TokenNeeded)?;
        Ok(Self { served: served.clone(), caller })
    }
}

impl Asked {
    /// Checks that the token permits an act, and returns the terminal for it. Routes have no other access to the
    /// terminal, so none can forget the check. For a command, the command bus checks the act.
    ///
    /// # Errors
    /// `not_authorised`.
    pub(crate) fn may(&self, act: Act) -> Result<Permitted<'_>, Problem> {
        self.authority(act)?;
        Ok(Permitted { queries: &self.served.queries, terminal: self.served.terminal(), tokens: &self.served.tokens })
    }

    /// Whether the answer may have names, phones and balances: only the owner's token and those with the scope `operate`
    /// get them.
    pub(crate) fn sees_names(&self) -> bool {
        self.caller.scopes.is_none_or(|scopes| scopes.has(Scope::Operate))
    }

    /// Notes that a person's data was read.
    pub(crate) fn has_read(&self, customer: CustomerId) {
        self.note(Access::done(self.caller.by.into(), AccessAct::PersonRead).of(Some(customer)));
    }

    /// Notes that the data of several people was read.
    pub(crate) fn have_read(&self, customers: impl IntoIterator<Item = CustomerId>) {
        let customers: BTreeSet<CustomerId> = customers.into_iter().collect();
        customers.into_iter().for_each(|customer| self.has_read(customer));
    }

    pub(crate) fn by(&self) -> AccessBy {
        self.caller.by.into()
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.served.metrics
    }

    /// Notes something in the access log.
    pub(crate) fn note(&self, access: Access) {
        self.served.terminal().core.access.note(access);
    }

    /// Notes how an action about tokens or contexts ended.
    pub(crate) fn noted<T>(&self, act: Act, answer: Result<T, AppError>) -> Result<T, Problem> {
        self.note(Access::done(self.caller.by.into(), act.logged().act()).ended(&answer));
        Ok(answer?)
    }

    /// Returns the authority of the request's token.
    ///
    /// # Errors
    /// `not_authorised`.
    pub(crate) fn authority(&self, act: Act) -> Result<Authority, AppError> {
        let authority = self.caller.of_token().ok_or_else(|| AppError::new(ErrorCode::NotAuthorised))?;
        authority.expect(act)?;
        Ok(authority)
    }

    /// Runs a command in the name of the request's token.
    ///
    /// # Errors
    /// An error of the application; nothing is recorded then.
    pub(crate) async fn record(&self, key: IdempotencyKey, command: impl Into<Command>) -> Result<Outcome, Problem> {
        let (commands, caller, command) = (self.served.commands.clone(), self.caller, command.into());
        let running = async move {
            match key.0 {
                Some(idempotency_key) => commands.run(caller, Request { idempotency_key, command }).await,
                None => commands.run_without_key(caller, command).await,
            }
        };
        to_its_end(running).await
    }

    /// Records a batch of an import in the name of the request's token.
    ///
    /// # Errors
    /// `not_authorised`, or an error of the application; nothing of the batch is recorded then.
    pub(crate) async fn import(
        &self,
        key: IdempotencyKey,
        request: serde_json::Value,
        act: Act,
        batch: ImportBatch,
    ) -> Result<Answered, Problem> {
        let (authority, commands) = (self.authority(act)?, self.served.commands.clone());
        let noted = Access::done(self.caller.by.into(), AccessAct::Imported)
            .counting(u32::try_from(batch.rows.len()).unwrap_or(u32::MAX));
        let access = self.served.terminal().core.access.clone();
        let record = async move {
            let imported = import_batch(&commands, authority, batch).await;
            access.note(noted.ended(&imported));
            imported
        };
        self.once(key, request, record).await
    }

    /// Takes an import back, in the name of the request's token. One that was taken back already is returned as it is.
    ///
    /// # Errors
    /// `not_authorised`, `unknown_import`, `import_used`, or an error of the store.
    pub(crate) async fn take_back_import(&self, act: Act, import_id: Uuid) -> Result<ImportView, Problem> {
        let authority = self.authority(act)?;
        let (terminal, commands) = (self.served.terminal().clone(), self.served.commands.clone());
        let noted = Access::done(self.caller.by.into(), AccessAct::ImportTakenBack);
        to_its_end(async move {
            let journal = &*terminal.core.journal;
            let import = import_of(journal, import_id).await?;
            if import.taken_back_at.is_none() {
                let progress = Arc::new(Progress::unfollowed(JobKind::TakeBackImport, &terminal.core.clock));
                let taken_back = take_back_import(commands, authority, import_id, progress.clone()).await;
                let count = u32::try_from(progress.done()).unwrap_or(u32::MAX);
                terminal.core.access.note(noted.counting(count).ended(&taken_back));
                taken_back?;
            }
            import_of(journal, import_id).await
        })
        .await
    }

    /// Runs an action that isn't a command, at most once per idempotency key. Without a key nothing is stored.
    ///
    /// # Errors
    /// An error of the application.
    pub(crate) async fn once<T: Serialize>(
        &self,
        key: IdempotencyKey,
        request: impl Serialize + Send + Sync + 'static,
        act: impl Future<Output = Result<T, AppError>> + Send + 'static,
    ) -> Result<Answered, Problem> {
        let (commands, caller) = (self.served.commands.clone(), self.caller);
        let act = async move { serde_json::to_string(&act.await?).map_err(|error| fault(&error)) };
        let done = async move {
            match key.0 {
                Some(key) => commands.once(caller, key, &request, act).await,
                None => act.await,
            }
        };
        to_its_end(done).await.map(Answered)
    }
}
