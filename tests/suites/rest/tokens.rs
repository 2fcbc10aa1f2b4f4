//! Named tokens at the gateway: scopes, rotation, revocation, what answers show, and what the access log has.

use chrono::TimeDelta;
use nosmoke_application::permission::Act;
use nosmoke_domain::ids::TokenId;
use nosmoke_domain::words::Scope;
use nosmoke_ports::contract::{AccessAct, Actor, ActorRef, MakeToken, WhoFilter, WhoInput};
use nosmoke_ports::{AccessBy, AccessQuery};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::Rest;
use crate::support::Desk;

const SCOPES: [Scope; 5] = [Scope::Enter, Scope::Leave, Scope::Pay, Scope::Read, Scope::Operate];

/// A machine with a token of its own.
struct Machine<'a> {
    rest: &'a Rest,
    id: TokenId,
    secret: String,
}

impl Rest {
    async fn machine(&self, name: &str, scopes: &[Scope]) -> Machine<'_> {
        let made = self.tokens.make(MakeToken { name: name.into(), scopes: scopes.to_vec() }).await.unwrap();
        Machine { rest: self, id: made.token.token_id, secret: made.secret.unwrap() }
    }
}

impl Machine<'_> {
    async fn asks(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.rest.http.request(method, format!("{}{path}", self.rest.base)).bearer_auth(&self.secret);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let (status, bytes) = (response.status().as_u16(), response.bytes().await.unwrap());
        // The metrics are no JSON.
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.asks(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.asks(Method::POST, path, Some(body)).await
    }
}

#[tokio::test]
async fn each_scope_opens_its_routes_and_no_other() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let document: Value = rest.get("/openapi.json").await.1;
    let mut checked = 0;
    for scope in SCOPES {
        let machine = rest.machine(&format!("{scope:?}"), &[scope]).await;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                let method: Method = method.to_uppercase().parse().unwrap();
                let act = nosmoke_gateway::act_of_route(&method, path).unwrap();
                let may = act == Act::SeeHealth || act.scopes().contains(&scope);
                // Ids that nobody has: nothing is done, and only the refusal is looked at.
                let filled = path.replace("{id}", "none").replace("{customerId}", "none").replace("{name}", "none");
                let filled =
                    filled.replace("{history}", "visits").replace("{deductionId}", "none").replace("{step}", "0");
                let (status, answer) = machine.asks(method.clone(), &filled, None).await;
                let refused = (status, answer["code"].as_str()) == (403, Some("not_authorised"));
                assert_eq!(refused, !may, "{scope:?} {method} {path}: {status} {answer}");
                checked += 1;
            }
        }
    }
    assert!(checked > 150, "{checked}");
    rest.stop().await;
}

#[tokio::test]
async fn a_command_is_recorded_as_the_token_and_within_its_scopes() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let machine = rest.machine("정문 회전문", &[Scope::Enter]).await;
    let customer = desk.customer("홍길동").await;
    let body = json!({ "smokingAreaId": "453!#FEQ", "customerId": customer });
    let (status, entered) = machine.post("/checkIns", body).await;
    assert_eq!(status, 201, "{entered}");
    let fact = desk.changes().await.pop().unwrap().recorded.fact;
    assert_eq!((fact.customer_id, fact.recorded_by.id()), (customer, machine.id.recorder_id()));
    let path = format!("/checkIns/{}", entered["id"].as_str().unwrap());
    assert_eq!(machine.asks(Method::PUT, &path, None).await.0, 403);
    // The route is permitted, the command's own act isn't: points instead of those of the rules are for a manager.
    let leaving = rest.machine("출구", &[Scope::Leave, Scope::Operate]).await;
    let (status, refused) = leaving.asks(Method::PUT, &path, Some(json!({ "point": 5 }))).await;
    assert_eq!((status, refused["code"].as_str()), (403, Some("not_authorised")), "{refused}");
    let (status, left) = leaving.asks(Method::PUT, &path, None).await;
    assert_eq!(status, 200, "{left}");
    rest.stop().await;
}

#[tokio::test]
async fn a_rotated_secret_is_valid_for_a_day_and_a_revoked_one_at_no_time() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let old = rest.machine("키오스크", &[Scope::Read]).await;
    let made = rest.tokens.rotate(old.id).await.unwrap();
    let new = Machine { rest: &rest, id: old.id, secret: made.secret.unwrap() };
    assert_ne!(old.secret, new.secret);
    assert_eq!((old.get("/areas").await.0, new.get("/areas").await.0), (200, 200));
    desk.clock.pass(TimeDelta::hours(23));
    assert_eq!((old.get("/areas").await.0, new.get("/areas").await.0), (200, 200));
    desk.clock.pass(TimeDelta::hours(1));
    assert_eq!((old.get("/areas").await.0, new.get("/areas").await.0), (401, 200));
    let again = rest.tokens.rotate(old.id).await.unwrap();
    let newest = Machine { rest: &rest, id: old.id, secret: again.secret.unwrap() };
    rest.tokens.revoke(old.id).await.unwrap();
    assert_eq!((new.get("/areas").await.0, newest.get("/areas").await.0), (401, 401));
    assert_eq!(rest.tokens.revoke(old.id).await.unwrap_err().code.word(), "token_revoked");
    assert_eq!(rest.tokens.revoke(TokenId::Owner).await.unwrap_err().code.word(), "owner_token");
    assert_eq!(rest.get("/areas").await.0, 200);
    rest.tokens.rotate(TokenId::Owner).await.unwrap();
    assert_eq!(rest.get("/areas").await.0, 200, "the owner's earlier secret");
    desk.clock.pass(TimeDelta::hours(24));
    assert_eq!(rest.get("/areas").await.0, 401);
    rest.stop().await;
}

#[tokio::test]
async fn a_terminal_has_at_most_100_valid_tokens_and_two_of_no_name() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let make = async |name: String| rest.tokens.make(MakeToken { name, scopes: vec![Scope::Read] }).await;
    let first = make("1".into()).await.unwrap().token.token_id;
    for number in 2..=99 {
        make(number.to_string()).await.unwrap();
    }
    assert_eq!(make("7".into()).await.unwrap_err().code.word(), "token_name_taken");
    make("100".into()).await.unwrap();
    let refused = make("101".into()).await.unwrap_err();
    assert_eq!((refused.code.word().as_str(), &refused.params["max"]), ("too_many_tokens", &json!(100)));
    rest.tokens.revoke(first).await.unwrap();
    make("1".into()).await.unwrap();
    rest.stop().await;
}

#[tokio::test]
async fn names_that_a_restored_journal_lacks_are_written_again() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let machine = rest.machine("키오스크", &[Scope::Enter, Scope::Read]).await;
    let TokenId::Named(id) = machine.id else { panic!("{:?}", machine.id) };
    let entered = machine.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ" })).await;
    assert_eq!(entered.0, 201, "{}", entered.1);
    let named = async || {
        let filter = WhoFilter { by: Some(ActorRef::Token { token_id: machine.id }), ..WhoFilter::default() };
        let page = desk.terminal.queries.who_did_what(WhoInput { filter, cursor: None, limit: 9 }).await.unwrap();
        assert_eq!(page.entries.len(), 1);
        page.entries[0].by.clone()
    };
    let by = Actor::Token { token_id: machine.id, name: Some("키오스크".into()) };
    assert_eq!(named().await, by);
    let sql = format!("DELETE FROM reference WHERE id = X'{}'", id.simple());
    let journal = desk.folder.path().join("journal.db");
    let mut journal = SqliteConnection::connect(journal.to_str().unwrap()).await.unwrap();
    sqlx::query(AssertSqlSafe(sql)).execute(&mut journal).await.unwrap();
    assert_eq!(named().await, Actor::Token { token_id: machine.id, name: None });
    rest.tokens.keep_names().await.unwrap();
    assert_eq!(named().await, by);
    rest.stop().await;
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let machine = rest.machine("키오스크", &[Scope::Read]).await;
    let used = async || rest.tokens.list().await.unwrap()[1].last_used_at;
    assert_eq!(used().await, None);
    machine.get("/areas").await;
    let first = used().await.unwrap();
    desk.clock.pass(TimeDelta::seconds(59));
    machine.get("/areas").await;
    assert_eq!(used().await, Some(first));
    desk.clock.pass(TimeDelta::seconds(1));
    machine.get("/areas").await;
    assert!(used().await.unwrap() >= first + 60_000);
    rest.stop().await;
}

#[tokio::test]
async fn without_operate_no_answer_names_anybody() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let body = json!({ "name": "홍길동", "phone": "010-1234-5678", "card": "NS-0391" });
    let customer = rest.post("/customers", body).await.1["id"].as_str().unwrap().to_owned();
    let (_, entered) = rest.post("/checkIns", json!({ "smokingAreaId": "453!#FEQ", "customerId": customer })).await;
    let area = entered["smokingAreaId"].as_str().unwrap();
    desk.settle().await;
    let all = [Scope::Enter, Scope::Leave, Scope::Pay, Scope::Read];
    let (machine, operator) = (rest.machine("기계", &all).await, rest.machine("보조 화면", &[Scope::Operate]).await);
    let paths = [
        "/customers?card=NS-0391".to_owned(),
        "/customers?phone=010-1234-5678".to_owned(),
        "/areas".to_owned(),
        format!("/areas/{area}/inside"),
        format!("/mypages/{customer}"),
        format!("/prohibits/{customer}"),
        format!("/checkIns/{}", entered["id"].as_str().unwrap()),
    ];
    for path in &paths {
        let (status, answer) = machine.get(path).await;
        let text = answer.to_string();
        assert_eq!(status, 200, "{path}: {answer}");
        assert!(!text.contains("홍길동") && !text.contains("5678"), "{path}: {text}");
    }
    let (_, found) = machine.get(&paths[0]).await;
    assert_eq!((&found["items"][0]["id"], &found["items"][0]["checkInId"]), (&json!(customer), &entered["id"]));
    assert_eq!(machine.get(&paths[4]).await.1["balance"], Value::Null);
    let (_, named) = operator.get(&paths[0]).await;
    assert_eq!((&named["items"][0]["name"], &named["items"][0]["phone"]), (&json!("홍길동"), &json!("010-1234-5678")));
    assert_eq!(operator.get(&paths[3]).await.1["items"][0]["name"], "홍길동");
    let again = json!({ "name": "김", "card": "NS-0391" });
    let (status, taken) = operator.post("/customers", again).await;
    assert_eq!((status, taken["code"].as_str()), (409, Some("card_taken")));
    assert!(!taken.to_string().contains("홍길동"), "{taken}");
    rest.stop().await;
}

#[tokio::test]
async fn reads_of_a_person_are_one_row_for_each_token_person_and_minute() {
    let desk = Desk::new().await;
    let rest = Rest::serve(&desk.terminal).await;
    let (one, other) = (desk.customer("홍길동").await, desk.customer("김하늘").await);
    let machine = rest.machine("키오스크", &[Scope::Read]).await;
    for _ in 0..5 {
        machine.get(&format!("/prohibits/{one}")).await;
        machine.get(&format!("/mypages/{one}")).await;
        machine.get(&format!("/prohibits/{other}")).await;
    }
    rest.get(&format!("/prohibits/{one}")).await;
    desk.clock.pass(TimeDelta::minutes(1));
    machine.get(&format!("/prohibits/{one}")).await;
    machine.get("/tokens").await;
    desk.terminal.queries.write_access_log().await.unwrap();
    let log = desk.store.access();
    let count = async |by, act| {
        let query = AccessQuery { by: Some(by), act: Some(act), limit: 100, ..AccessQuery::default() };
        log.page(query).await.unwrap().len()
    };
    assert_eq!(count(AccessBy::Token(machine.id), AccessAct::PersonRead).await, 3);
    assert_eq!(count(AccessBy::Token(TokenId::Owner), AccessAct::PersonRead).await, 1);
    assert_eq!(count(AccessBy::Token(machine.id), AccessAct::Refused).await, 1);
    rest.stop().await;
}
