//! `nosmoke contexts`: shows, stops and starts the contexts of a running program, through its gateway.

use reqwest::Method;
use serde_json::json;

use crate::args::{Act, ContextsArgs};
use crate::client::{Client, refused};
use crate::error::{Failed, say};

pub async fn contexts(args: ContextsArgs) -> Result<(), Failed> {
    let none =
        || Failed::Other("no program serves a gateway for this data folder, so there are no contexts to show".into());
    let client = Client::find(&args.folder.data_dir).await?.ok_or_else(none)?;
    let name = args.name.unwrap_or_default();
    let body = match (args.act, args.reason) {
        (Some(Act::Start), Some(_)) => return Err(Failed::Other("--reason can only be given with stop".into())),
        (_, reason) => reason.map(|reason| json!({ "reason": reason })),
    };
    let (method, path) = match args.act {
        None => (Method::GET, "/contexts".to_owned()),
        Some(Act::Stop) => (Method::POST, format!("/contexts/{name}/stop")),
        Some(Act::Start) => (Method::POST, format!("/contexts/{name}/start")),
    };
    let answer = client.send(method, &path, body.as_ref()).await?.map_err(|problem| refused(&problem))?;
    say(answer)
}
