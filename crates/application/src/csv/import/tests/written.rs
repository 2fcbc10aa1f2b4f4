//! Writes what came of a list, for a test to compare: first how it was read, then one line for each of its rows.

use nosmoke_ports::contract::{AppError, ColumnUse, LineAction};

use super::super::{CustomerFile, CustomerRow};

/// `CP949 , 4: 이름=name 카드=card` and `5 가나다/010-1/NS-1`; a bad row has `!` and its code, a repeated one `= 5`, a mended
/// number what it was in brackets.
pub(super) fn written(read: &Result<CustomerFile, AppError>) -> Vec<String> {
    let file = match read {
        Ok(file) => file,
        Err(error) => return vec![refused(error)],
    };
    let encoding = file.encoding.map(|it| serde_json::to_value(it).unwrap().as_str().unwrap().to_owned());
    let how = encoding.or(file.sheet.clone()).unwrap_or_default();
    let delimiter = file.delimiter.map(|it| if it == '\t' { "tab".into() } else { it.to_string() });
    let header = file.header_line.unwrap_or_default();
    let columns: Vec<String> = file
        .columns
        .iter()
        .map(|column| format!("{}={}", column.header.replace(' ', "_"), word(column.becomes)))
        .collect();
    let first = [how, delimiter.unwrap_or_default(), format!("{header}:"), columns.join(" ")];
    let first: Vec<String> = first.into_iter().filter(|part| !part.is_empty()).collect();
    let problem = file.problem.iter().map(refused);
    std::iter::once(first.join(" ")).chain(problem).chain(file.rows.iter().map(row)).collect()
}

fn refused(error: &AppError) -> String {
    let params = ["reason", "field", "column", "line"].map(|key| error.params.get(key).cloned());
    let params: Vec<String> = params.into_iter().flatten().map(|it| it.to_string().replace('"', "")).collect();
    format!("!{}", [vec![error.code.word()], params].concat().join(" "))
}

fn word(becomes: ColumnUse) -> &'static str {
    match becomes {
        ColumnUse::Name => "name",
        ColumnUse::Surname => "surname",
        ColumnUse::GivenName => "given",
        ColumnUse::Phone => "phone",
        ColumnUse::Card => "card",
        ColumnUse::Points => "points",
        ColumnUse::PenaltyPoints => "penalty",
        ColumnUse::Nothing => "-",
    }
}

fn row(row: &CustomerRow) -> String {
    let profile = &row.profile;
    let with = |text: &Option<String>, given: &Option<String>| {
        let given = given.as_ref().map(|given| format!("({given})")).unwrap_or_default();
        format!("{}{given}", text.as_deref().unwrap_or_default())
    };
    let text =
        format!("{}/{}/{}", profile.name, with(&profile.phone, &row.phone_given), with(&profile.card, &row.card_given));
    let text = text.trim_end_matches('/').replace(['\r', '\n'], "⏎");
    let problem = row.problem.as_ref().map(|problem| format!(" {}", refused(problem))).unwrap_or_default();
    let repeats = row.duplicate_of.as_ref().and_then(|of| of.line).map(|line| format!(" = {line}")).unwrap_or_default();
    let skipped =
        if row.action == LineAction::Skip && problem.is_empty() && repeats.is_empty() { " skipped" } else { "" };
    format!("{} {text}{problem}{repeats}{skipped}", row.line)
}
