//! `nosmoke tokens`: lists the tokens of a terminal, makes, rotates and revokes them. If a program has the folder open, through
//! its gateway.

use std::sync::Arc;

use hyper::Method;
use nosmoke_application::tokens::Tokens;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose, expect_data_folder, machine_folder};
use nosmoke_domain::ids::TokenId;
use nosmoke_ports::contract::{AccessAct, AppError, ErrorCode, MadeToken, MakeToken, TokenView};
use nosmoke_ports::{Access, AccessBy};
use serde_json::{Value, json};

use crate::client::{Client, refused};
use crate::error::{Answer, Failed};
use crate::token_args::{TokenAct, TokensArgs};

pub async fn tokens(environment: Environment, args: TokensArgs) -> Result<Answer, Failed> {
    let folder = args.act.folder();
    expect_data_folder(folder)?;
    if let Some(client) = Client::find(folder).await? {
        let (method, path, body) = request(&args.act);
        let answer = client.send(method, &path, body.as_ref()).await?.map_err(|problem| refused(&problem))?;
        return Ok(Answer::json(answer));
    }
    let options = FolderOptions {
        folder: folder.to_owned(),
        purpose: Purpose::Record { marks: machine_folder() },
        replicates: false,
        connection: None,
        mypage: None,
    };
    let open = OpenFolder::open(environment, options, Arc::new(())).await?;
    let (act, done) = done(open.tokens(), args.act).await;
    if let Some(act) = act {
        let row = Access::done(AccessBy::Token(TokenId::Owner), act).ended(&done);
        open.terminal().core.access.note(row);
    }
    open.close().await;
    Ok(Answer::json(done?))
}

/// The request for a running program.
fn request(act: &TokenAct) -> (Method, String, Option<Value>) {
    match act {
        TokenAct::List(_) => (Method::GET, "/tokens".into(), None),
        TokenAct::Make { name, scopes, .. } => {
            let scopes: Vec<_> = scopes.iter().map(|scope| scope.word()).collect();
            (Method::POST, "/tokens".into(), Some(json!({ "name": name, "scopes": scopes })))
        }
        TokenAct::Rotate { id, .. } => (Method::POST, format!("/tokens/{id}/rotate"), None),
        TokenAct::Revoke { id, .. } => (Method::POST, format!("/tokens/{id}/revoke"), None),
    }
}

/// Does it in this process. Also returns how the access log has it; listing isn't logged.
async fn done(tokens: &Arc<Tokens>, act: TokenAct) -> (Option<AccessAct>, Result<Value, AppError>) {
    match act {
        TokenAct::List(_) => {
            let listed = tokens.list().await;
            let items = |tokens: Vec<TokenView>| tokens.into_iter().map(shown).collect::<Vec<_>>();
            (None, listed.map(|tokens| json!({ "items": items(tokens), "next": null })))
        }
        TokenAct::Make { name, scopes, .. } => {
            let input = MakeToken { name, scopes: scopes.into_iter().map(Into::into).collect() };
            (Some(AccessAct::TokenMade), tokens.make(input).await.map(with_secret))
        }
        TokenAct::Rotate { id, .. } => {
            let rotated = match parsed(&id) {
                Ok(id) => tokens.rotate(id).await,
                Err(error) => Err(error),
            };
            (Some(AccessAct::TokenRotated), rotated.map(with_secret))
        }
        TokenAct::Revoke { id, .. } => {
            let revoked = match parsed(&id) {
                Ok(id) => tokens.revoke(id).await,
                Err(error) => Err(error),
            };
            (Some(AccessAct::TokenRevoked), revoked.map(shown))
        }
    }
}

fn parsed(id: &str) -> Result<TokenId, AppError> {
    id.parse().map_err(|_| AppError::new(ErrorCode::UnknownToken))
}

/// Returns a token in the form of the gateway.
fn shown(token: TokenView) -> Value {
    let time = |ms: Option<i64>| ms.map(nosmoke_gateway::time);
    json!({
        "id": token.token_id,
        "name": token.name,
        "scopes": token.scopes,
        "madeAt": time(token.made_at),
        "rotatedAt": time(token.rotated_at),
        "earlierUntil": time(token.earlier_until),
        "lastUsedAt": time(token.last_used_at),
        "revokedAt": time(token.revoked_at),
    })
}

fn with_secret(made: MadeToken) -> Value {
    let mut shown = shown(made.token);
    shown["secret"] = made.secret.into();
    shown
}
