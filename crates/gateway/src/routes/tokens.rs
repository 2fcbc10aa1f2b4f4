//! `/tokens`: the tokens of this terminal, for the owner's token alone. `nosmoke tokens` uses it while another program has the
//! data folder open.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use nosmoke_application::permission::Act;
use nosmoke_domain::ids::TokenId;
use nosmoke_domain::words;
use nosmoke_ports::contract::{ErrorCode, MadeToken, MakeToken, TokenView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Listed, time};
use crate::asked::Asked;
use crate::problem::{Problem, Problems};
use crate::request::{Body, EmptyBody, id};

/// What a token may do: check in, check out, pay, read, or all that staff do, with names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    Enter,
    Leave,
    Pay,
    Read,
    Operate,
}

impl From<Scope> for words::Scope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Enter => Self::Enter,
            Scope::Leave => Self::Leave,
            Scope::Pay => Self::Pay,
            Scope::Read => Self::Read,
            Scope::Operate => Self::Operate,
        }
    }
}

impl From<words::Scope> for Scope {
    fn from(scope: words::Scope) -> Self {
        match scope {
            words::Scope::Enter => Self::Enter,
            words::Scope::Leave => Self::Leave,
            words::Scope::Pay => Self::Pay,
            words::Scope::Read => Self::Read,
            words::Scope::Operate => Self::Operate,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
}

/// A token. Its secret is in the answer to the request that made or rotated it, and nowhere else.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    /// `owner` for the token in the file gateway.token.
    id: String,
    /// Empty for the owner's token.
    name: String,
    scopes: Vec<Scope>,
    #[schema(format = DateTime)]
    made_at: Option<String>,
    #[schema(format = DateTime)]
    rotated_at: Option<String>,
    /// Until then the secret from before the last rotation is accepted too.
    #[schema(format = DateTime)]
    earlier_until: Option<String>,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
}

impl From<TokenView> for Token {
    fn from(token: TokenView) -> Self {
        Self {
            id: token.token_id.to_string(),
            name: token.name,
            scopes: token.scopes.into_iter().map(Scope::from).collect(),
            made_at: token.made_at.map(time),
            rotated_at: token.rotated_at.map(time),
            earlier_until: token.earlier_until.map(time),
            last_used_at: token.last_used_at.map(time),
            revoked_at: token.revoked_at.map(time),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenWithSecret {
    #[serde(flatten)]
    token: Token,
    /// Null for the owner's token: its secret is in the file gateway.token.
    secret: Option<String>,
}

impl From<MadeToken> for TokenWithSecret {
    fn from(made: MadeToken) -> Self {
        Self { token: made.token.into(), secret: made.secret }
    }
}

/// 토큰 목록: lists the tokens of this terminal: the owner's, then the newest first.
#[utoipa::path(get, path = "/tokens", tag = "operation", responses((status = 200, body = Listed<Token>), Problems))]
pub(crate) async fn list(asked: Asked) -> Result<Json<Listed<Token>>, Problem> {
    let tokens = asked.may(Act::SeeTokens)?.tokens.list().await?;
    Ok(Json(Listed { items: tokens.into_iter().map(Token::from).collect(), next: None }))
}

/// 토큰 발급: makes a token. The answer has its secret, once.
#[utoipa::path(post, path = "/tokens", tag = "operation", request_body = TokenBody,
    responses((status = 201, body = TokenWithSecret), Problems))]
pub(crate) async fn make(
    asked: Asked,
    Body(body): Body<TokenBody>,
) -> Result<(StatusCode, Json<TokenWithSecret>), Problem> {
    let input = MakeToken { name: body.name, scopes: body.scopes.into_iter().map(Into::into).collect() };
    let made = asked.may(Act::MakeToken)?.tokens.make(input).await;
    Ok((StatusCode::CREATED, Json(asked.noted(Act::MakeToken, made)?.into())))
}

/// 토큰 교체: gives a token another secret; the earlier one is accepted for a day.
#[utoipa::path(post, path = "/tokens/{id}/rotate", tag = "operation", params(("id" = String, Path)),
    responses((status = 200, body = TokenWithSecret), Problems))]
pub(crate) async fn rotate(
    asked: Asked,
    Path(token_id): Path<String>,
    Body(EmptyBody {}): Body<EmptyBody>,
) -> Result<Json<TokenWithSecret>, Problem> {
    let token_id: TokenId = id(&token_id, ErrorCode::UnknownToken)?;
    let rotated = asked.may(Act::RotateToken)?.tokens.rotate(token_id).await;
    Ok(Json(asked.noted(Act::RotateToken, rotated)?.into()))
}

/// 토큰 폐기: revokes a token at once. The owner's can only be rotated.
#[utoipa::path(post, path = "/tokens/{id}/revoke", tag = "operation", params(("id" = String, Path)),
    responses((status = 200, body = Token), Problems))]
pub(crate) async fn revoke(
    asked: Asked,
    Path(token_id): Path<String>,
    Body(EmptyBody {}): Body<EmptyBody>,
) -> Result<Json<Token>, Problem> {
    let token_id: TokenId = id(&token_id, ErrorCode::UnknownToken)?;
    let revoked = asked.may(Act::RevokeToken)?.tokens.revoke(token_id).await;
    Ok(Json(asked.noted(Act::RevokeToken, revoked)?.into()))
}
