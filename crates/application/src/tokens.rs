//! Tokens: the names and scopes under which other programs call this terminal (ADR 0038). A token belongs to the terminal that
//! made it. Only the hash of its secret is stored, in a file that is in no backup; its id and name travel, so that other
//! terminals can say who recorded something.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{TerminalId, TokenId};
use nosmoke_domain::words::Scope;
use nosmoke_ports::contract::{AppError, ErrorCode, MadeToken, MakeToken, TokenView, UtcMs};
use nosmoke_ports::limits::{self, NAME_MAX};
use nosmoke_ports::{Ids, Priority, ReferenceKind, StoreError, TokenFiles, Write, read, write};
use nosmoke_reading::reference::{self, TokenBody};
use nosmoke_runtime::Core;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::permission::{By, Caller, Scopes};

/// How long the secret from before a rotation is accepted too.
const EARLIER_FOR: TimeDelta = TimeDelta::days(1);
/// The use of a token is noted at most once in this time.
const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Most tokens of a terminal that aren't revoked.
const TOKENS_MAX: usize = 100;
/// What a secret begins with, so that a leaked one is recognised.
const SECRET_PREFIX: &str = "nosmoke_";
const CONTEXT: &str = "nosmoke-desk 2026-12-01 a token as it is stored";

/// A secret's hash. A secret has 256 random bits, so a fast hash is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct SecretHash(Hash);

impl SecretHash {
    fn of(secret: &str) -> Self {
        Self(Hash(blake3::derive_key(CONTEXT, secret.as_bytes())))
    }
}

/// The secret from before a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Earlier {
    hash: SecretHash,
    until_ms: UtcMs,
}

/// What the file says of a token, also of the owner's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Life {
    rotated_at_ms: Option<UtcMs>,
    earlier: Option<Earlier>,
    last_used_at_ms: Option<UtcMs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    id: Uuid,
    name: String,
    scopes: Vec<Scope>,
    made_at_ms: UtcMs,
    revoked_at_ms: Option<UtcMs>,
    hash: SecretHash,
    #[serde(flatten)]
    life: Life,
}

/// The content of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct File {
    owner: Life,
    tokens: Vec<Kept>,
}

#[derive(Debug, Default)]
struct State {
    owner: Option<SecretHash>,
    file: File,
}

/// The tokens of one terminal.
#[derive(Debug)]
pub struct Tokens {
    core: Core,
    files: Arc<dyn TokenFiles>,
    state: Mutex<State>,
    /// Held while the files are changed, so that they and the state agree.
    changing: Mutex<()>,
}

impl Tokens {
    /// Reads the tokens of a folder.
    ///
    /// # Errors
    /// An error if a file can't be read.
    pub fn open(core: Core, files: Arc<dyn TokenFiles>) -> Result<Self, AppError> {
        let file = match files.tokens()? {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| StoreError::Corrupt(format!("the list of tokens is unreadable: {error}")))?,
            None => File::default(),
        };
        let owner = files.owner()?.map(|secret| SecretHash::of(&secret));
        Ok(Self { core, files, state: Mutex::new(State { owner, file }), changing: Mutex::default() })
    }

    /// Returns the secret of the owner's token; makes it at the first use.
    ///
    /// # Errors
    /// An error if the file with it can't be read or written.
    pub fn owner_secret(&self) -> Result<String, AppError> {
        let _changing = self.changing.lock();
        let secret = match self.files.owner()? {
            Some(secret) => secret,
            None => {
                let secret = new_secret(&*self.core.ids);
                self.files.put_owner(&secret)?;
                secret
            }
        };
        self.state.lock().owner = Some(SecretHash::of(&secret));
        Ok(secret)
    }

    /// Returns the caller whose secret this is; `None` if it is nobody's. Secrets are compared by their hashes, so the time
    /// taken reveals nothing of them.
    pub fn caller(&self, secret: &str) -> Option<Caller> {
        let (hash, now) = (SecretHash::of(secret), self.core.clock.now());
        let state = self.state.lock();
        let is_valid = |current: Option<SecretHash>, life: &Life| {
            current == Some(hash)
                || life.earlier.is_some_and(|it| it.hash == hash && now.timestamp_millis() < it.until_ms)
        };
        if is_valid(state.owner, &state.file.owner) {
            return Some(Caller::OWNER);
        }
        let mut valid = state.file.tokens.iter().filter(|token| token.revoked_at_ms.is_none());
        let token = valid.find(|token| is_valid(Some(token.hash), &token.life))?;
        Some(Caller::token(token.id, Scopes::of(&token.scopes)))
    }

    /// Notes that a token was used; at most once a minute this writes the file, on a thread for that.
    pub fn used(self: &Arc<Self>, caller: Caller) {
        let By::Token(id) = caller.by else { return };
        let now = self.core.clock.now();
        {
            let mut state = self.state.lock();
            let Some(life) = life_of(&mut state.file, id) else { return };
            let noted = life.last_used_at_ms.and_then(DateTime::from_timestamp_millis);
            if noted.is_some_and(|noted| (noted..noted + USE_NOTED_EVERY).contains(&now)) {
                return;
            }
            life.last_used_at_ms = Some(now.timestamp_millis());
        }
        let tokens = self.clone();
        tokio::task::spawn_blocking(move || {
            let _changing = tokens.changing.lock();
            let file = tokens.state.lock().file.clone();
            if let Err(error) = tokens.store(&file) {
                tracing::warn!(%error, "the last use of a token can't be noted");
            }
        });
    }

    /// Returns all tokens: the owner's, then the newest first, also revoked ones.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn list(&self) -> Result<Vec<TokenView>, AppError> {
        let here = self.here().await?;
        let now = self.core.clock.now();
        let state = self.state.lock();
        let mut views = vec![owner_view(&state.file.owner, here, now)];
        views.extend(state.file.tokens.iter().rev().map(|token| view(token, here, now)));
        Ok(views)
    }

    /// Makes a token.
    ///
    /// # Errors
    /// `empty`, `too_long`, `invalid_text`, `token_name_taken`, `too_many_tokens`, `not_set_up`, or an error of the store.
    pub async fn make(&self, input: MakeToken) -> Result<MadeToken, AppError> {
        let MakeToken { name, mut scopes } = input;
        limits::check_needed("name", &name, NAME_MAX)?;
        let name = name.trim().to_owned();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(AppError::with(ErrorCode::Empty, json!({ "field": "scopes" })));
        }
        self.expect_free(&name)?;
        let here = self.here().await?;
        let terminal_id = here.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        let (secret, id, now) = (new_secret(&*self.core.ids), self.core.ids.random(), self.core.clock.now());
        let token = Kept {
            id,
            name: name.clone(),
            scopes,
            made_at_ms: now.timestamp_millis(),
            revoked_at_ms: None,
            hash: SecretHash::of(&secret),
            life: Life::default(),
        };
        // Its name first: nothing that it records should ever be without one.
        self.put_record(id, TokenBody { name, terminal_id }).await?;
        let made = view(&token, here, now);
        self.change(|file| {
            if file.tokens.iter().any(|it| it.name == token.name && it.revoked_at_ms.is_none()) {
                return Err(AppError::with(ErrorCode::TokenNameTaken, json!({ "name": token.name })));
            }
            file.tokens.push(token.clone());
            Ok(())
        })?;
        Ok(MadeToken { token: made, secret: Some(secret) })
    }

    /// Gives a token another secret; the earlier one is accepted for a day.
    ///
    /// # Errors
    /// `unknown_token`, `token_revoked`, or an error of the store.
    pub async fn rotate(&self, id: TokenId) -> Result<MadeToken, AppError> {
        let (here, now) = (self.here().await?, self.core.clock.now());
        let secret = new_secret(&*self.core.ids);
        let until_ms = (now + EARLIER_FOR).timestamp_millis();
        let rotated = |life: &mut Life, earlier: Option<SecretHash>| {
            life.rotated_at_ms = Some(now.timestamp_millis());
            life.earlier = earlier.map(|hash| Earlier { hash, until_ms });
        };
        let TokenId::Named(id) = id else {
            self.rotate_owner(&secret, rotated)?;
            let view = owner_view(&self.state.lock().file.owner, here, now);
            return Ok(MadeToken { token: view, secret: None });
        };
        let token = self.change(|file| {
            let token = valid(file, id)?;
            let earlier = token.hash;
            token.hash = SecretHash::of(&secret);
            rotated(&mut token.life, Some(earlier));
            Ok(view(token, here, now))
        })?;
        Ok(MadeToken { token, secret: Some(secret) })
    }

    /// The list is written first: a crash between the files leaves the present secret valid.
    fn rotate_owner(&self, secret: &str, rotated: impl Fn(&mut Life, Option<SecretHash>)) -> Result<(), AppError> {
        let _changing = self.changing.lock();
        let present = self.files.owner()?.map(|secret| SecretHash::of(&secret));
        let mut file = self.state.lock().file.clone();
        rotated(&mut file.owner, present);
        self.store(&file)?;
        self.state.lock().file = file;
        self.files.put_owner(secret)?;
        self.state.lock().owner = Some(SecretHash::of(secret));
        Ok(())
    }

    /// Revokes a token at once, with its earlier secret.
    ///
    /// # Errors
    /// `owner_token`, `unknown_token`, `token_revoked`, or an error of the store.
    pub async fn revoke(&self, id: TokenId) -> Result<TokenView, AppError> {
        let TokenId::Named(id) = id else { return Err(AppError::new(ErrorCode::OwnerToken)) };
        let (here, now) = (self.here().await?, self.core.clock.now());
        self.change(|file| {
            let token = valid(file, id)?;
            token.revoked_at_ms = Some(now.timestamp_millis());
            token.life.earlier = None;
            Ok(view(token, here, now))
        })
    }

    /// Writes the names of tokens that the journal lacks: a restored backup was made before they were.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn keep_names(&self) -> Result<(), AppError> {
        let Some(terminal_id) = self.here().await? else { return Ok(()) };
        let tokens: Vec<(Uuid, String)> =
            self.state.lock().file.tokens.iter().map(|token| (token.id, token.name.clone())).collect();
        for (id, name) in tokens {
            let known = read::<_, StoreError>(&*self.core.journal, move |tx| tx.reference(ReferenceKind::Token, id));
            if known.await?.is_none() {
                self.put_record(id, TokenBody { name, terminal_id }).await?;
            }
        }
        Ok(())
    }

    async fn here(&self) -> Result<Option<TerminalId>, AppError> {
        let origin = read::<_, StoreError>(&*self.core.journal, |tx| tx.origin()).await?;
        Ok(origin.map(|origin| origin.terminal_id))
    }

    async fn put_record(&self, id: Uuid, body: TokenBody) -> Result<(), AppError> {
        let (ids, now): (Arc<dyn Ids>, _) = (self.core.ids.clone(), self.core.clock.now());
        let unit = move |tx: &mut dyn Write| {
            reference::put(tx, &*ids, now, (ReferenceKind::Token, id), &body).map_err(AppError::from)
        };
        let ((), written) = write::<_, AppError>(&*self.core.journal, Priority::Command, unit).await?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
            self.core.feed.documents_changed();
        }
        Ok(())
    }

    fn expect_free(&self, name: &str) -> Result<(), AppError> {
        let state = self.state.lock();
        let mut valid = state.file.tokens.iter().filter(|token| token.revoked_at_ms.is_none());
        if valid.clone().count() >= TOKENS_MAX {
            return Err(AppError::with(ErrorCode::TooManyTokens, json!({ "max": TOKENS_MAX })));
        }
        if valid.any(|token| token.name == name) {
            return Err(AppError::with(ErrorCode::TokenNameTaken, json!({ "name": name })));
        }
        Ok(())
    }

    /// Changes the list, in the file and then here.
    fn change<T>(&self, change: impl FnOnce(&mut File) -> Result<T, AppError>) -> Result<T, AppError> {
        let _changing = self.changing.lock();
        let mut file = self.state.lock().file.clone();
        let changed = change(&mut file)?;
        self.store(&file)?;
        self.state.lock().file = file;
        Ok(changed)
    }

    fn store(&self, file: &File) -> Result<(), StoreError> {
        let text = serde_json::to_string_pretty(file).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.files.put_tokens(&text)
    }
}

fn life_of(file: &mut File, id: TokenId) -> Option<&mut Life> {
    match id {
        TokenId::Owner => Some(&mut file.owner),
        TokenId::Named(id) => file.tokens.iter_mut().find(|token| token.id == id).map(|token| &mut token.life),
    }
}

fn valid(file: &mut File, id: Uuid) -> Result<&mut Kept, AppError> {
    let token = file.tokens.iter_mut().find(|token| token.id == id);
    let token = token.ok_or_else(|| AppError::new(ErrorCode::UnknownToken))?;
    if token.revoked_at_ms.is_some() { Err(AppError::new(ErrorCode::TokenRevoked)) } else { Ok(token) }
}

/// Makes a secret of 256 random bits: those of three random ids, which have 366, hashed.
fn new_secret(ids: &dyn Ids) -> String {
    let mut hasher = blake3::Hasher::new();
    for _ in 0..3 {
        hasher.update(ids.random().as_bytes());
    }
    format!("{SECRET_PREFIX}{}", hasher.finalize().to_hex())
}

fn owner_view(life: &Life, here: Option<TerminalId>, now: DateTime<Utc>) -> TokenView {
    TokenView {
        token_id: TokenId::Owner,
        name: String::new(),
        scopes: vec![Scope::Enter, Scope::Leave, Scope::Pay, Scope::Read, Scope::Operate],
        made_at: None,
        rotated_at: life.rotated_at_ms,
        earlier_until: earlier_until(life, now),
        last_used_at: life.last_used_at_ms,
        revoked_at: None,
        terminal_id: here,
    }
}

fn view(token: &Kept, here: Option<TerminalId>, now: DateTime<Utc>) -> TokenView {
    TokenView {
        token_id: TokenId::Named(token.id),
        name: token.name.clone(),
        scopes: token.scopes.clone(),
        made_at: Some(token.made_at_ms),
        rotated_at: token.life.rotated_at_ms,
        earlier_until: earlier_until(&token.life, now),
        last_used_at: token.life.last_used_at_ms,
        revoked_at: token.revoked_at_ms,
        terminal_id: here,
    }
}

fn earlier_until(life: &Life, now: DateTime<Utc>) -> Option<UtcMs> {
    life.earlier.map(|earlier| earlier.until_ms).filter(|until_ms| now.timestamp_millis() < *until_ms)
}
