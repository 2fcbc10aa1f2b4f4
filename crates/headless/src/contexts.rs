//! `nosmoke contexts`: shows, stops and starts the contexts of a running program, through its gateway.

use hyper::Method;
use nosmoke_composition::expect_data_folder;
use serde_json::json;

use crate::args::{Act, ContextsArgs};
use crate::client::{Client, refused};
use crate::error::{Answer, Failed};
use crate::texts::both;

pub async fn contexts(args: ContextsArgs) -> Result<Answer, Failed> {
    if args.act == Some(Act::Start) && args.reason.is_some() {
        return Err(Failed::Usage(both("--reason은 stop에만 쓸 수 있습니다.", "--reason can only be given with stop")));
    }
    expect_data_folder(&args.folder.data_dir)?;
    let none = || {
        Failed::Told(both(
            "이 데이터 폴더의 게이트웨이를 여는 프로그램이 없어 보여 줄 서비스가 없습니다.",
            "no program serves a gateway for this data folder, so there are no contexts to show",
        ))
    };
    let client = Client::find(&args.folder.data_dir).await?.ok_or_else(none)?;
    let name = args.name.unwrap_or_default();
    let body = args.reason.map(|reason| json!({ "reason": reason }));
    let (method, path) = match args.act {
        None => (Method::GET, "/contexts".to_owned()),
        Some(Act::Stop) => (Method::POST, format!("/contexts/{name}/stop")),
        Some(Act::Start) => (Method::POST, format!("/contexts/{name}/start")),
    };
    let answer = client.send(method, &path, body.as_ref()).await?.map_err(|problem| refused(&problem))?;
    Ok(Answer::json(answer))
}
