//! Reads customers from the rows below the header.

use std::borrow::Cow;
use std::collections::BTreeMap;

use nosmoke_ports::contract::{AppError, ColumnUse, ErrorCode, ImportChoices, ImportColumn, LineAction, ProfileInput};
use nosmoke_ports::limits::check_profile;
use nosmoke_ports::search_keys::card_number;
use serde_json::json;

use super::super::table::TableRow;
use super::customers::CustomerRow;
use super::digits::{card_digits_lost, expect_kept, with_card_zeros, with_phone_zero};
use super::opening::Opening;
use super::repeats::Earlier;
use super::strangers::why_no_customer;
use super::tidy::{card, exactly, full_name, phone, tidy};

/// The rows with what was found in them.
#[derive(Debug, Default)]
pub(super) struct Understood {
    pub(super) rows: Vec<CustomerRow>,
    pub(super) phone_zeros_lost: u32,
    pub(super) card_digits_lost: Option<u32>,
}

/// How the rows of one list are read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    uses: Vec<ColumnUse>,
    titles: Vec<&'a str>,
    header: Option<&'a [String]>,
    /// Whether this program exported the list.
    is_ours: bool,
    /// Whether the cells of such a list have an apostrophe before what a spreadsheet program would run.
    is_guarded: bool,
    /// `None` for a workbook.
    delimiter: Option<char>,
    choices: &'a ImportChoices,
    chosen: BTreeMap<u32, LineAction>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        columns: &'a [ImportColumn],
        header: Option<&'a TableRow>,
        (is_ours, is_guarded): (bool, bool),
        delimiter: Option<char>,
        choices: &'a ImportChoices,
    ) -> Self {
        Self {
            uses: columns.iter().map(|column| column.becomes).collect(),
            titles: columns.iter().map(|column| column.header.as_str()).collect(),
            header: header.map(|row| row.cells.as_slice()),
            is_ours,
            is_guarded,
            delimiter,
            choices,
            chosen: choices.lines.iter().flatten().map(|choice| (choice.line, choice.action)).collect(),
        }
    }

    pub(super) fn read(&self, body: Vec<TableRow>) -> Understood {
        let rows: Vec<CustomerRow> = body.into_iter().map(|row| self.row(row)).collect();
        let cards =
            rows.iter().map(|row| row.card_given.as_deref().or(row.profile.card.as_deref()).unwrap_or_default());
        let card_digits_lost = card_digits_lost(cards);
        let phone_zeros_lost = rows.iter().filter(|row| self.lacks_zero(row)).count();
        let phone_zeros_lost = u32::try_from(phone_zeros_lost).unwrap_or(u32::MAX);
        let mut understood = Understood { rows, phone_zeros_lost, card_digits_lost };
        let mut earlier = Earlier::new(self.choices.duplicates_by.unwrap_or_default(), self.is_ours);
        for row in understood.rows.iter_mut().filter(|row| row.problem.is_none()) {
            let chosen = self.chosen.get(&row.line).copied();
            if chosen == Some(LineAction::Skip) {
                row.action = LineAction::Skip;
                continue;
            }
            match earlier.note(row.line, &row.profile) {
                Ok(None) => {}
                Ok(Some(of)) => {
                    row.duplicate_of = Some(of);
                    let is_wanted = chosen.or(self.choices.duplicates) == Some(LineAction::Add);
                    row.action = if is_wanted { LineAction::Add } else { LineAction::Skip };
                }
                Err(problem) => (row.problem, row.action) = (Some(problem), LineAction::Skip),
            }
        }
        understood
    }

    fn lacks_zero(&self, row: &CustomerRow) -> bool {
        row.phone_given.is_some() || row.profile.phone.as_deref().is_some_and(|phone| with_phone_zero(phone).is_some())
    }

    fn row(&self, row: TableRow) -> CustomerRow {
        let name = match self.text(&row, ColumnUse::Name) {
            name if !name.is_empty() => name.into_owned(),
            _ => full_name(&self.text(&row, ColumnUse::Surname), &self.text(&row, ColumnUse::GivenName)),
        };
        let as_listed = self.text(&row, ColumnUse::Phone);
        let as_listed = if self.is_ours { as_listed.into_owned() } else { phone(&as_listed) };
        let card_as_listed = self.text(&row, ColumnUse::Card);
        let card_as_listed = if self.is_ours { &*card_as_listed } else { card(&card_as_listed) };
        let problem = self.problem(&row, (&name, &as_listed, card_as_listed)).err();
        let (opening, bad_opening) = match self.opening(&row) {
            Ok(opening) => (opening, None),
            Err(problem) => (Opening::default(), Some(problem)),
        };
        // A line with a problem is shown as it was listed.
        let is_kept = self.is_ours || problem.is_some();
        let card_as_listed = if is_kept { card_as_listed.to_owned() } else { card_number(card_as_listed, "") };
        let restored =
            Some(&as_listed).filter(|_| self.choices.phone_zeros.unwrap_or(true)).and_then(|it| with_phone_zero(it));
        let widened = self.choices.card_digits.and_then(|digits| with_card_zeros(&card_as_listed, digits));
        let (phone, phone_given) = with_given(as_listed, restored);
        let (card, card_given) = with_given(card_as_listed, widened);
        let profile = ProfileInput { name, phone, card, consent_on: None };
        let problem = problem.or_else(|| check_profile(&profile).err()).or(bad_opening);
        let action = if problem.is_none() { LineAction::Add } else { LineAction::Skip };
        let TableRow { line, cells, .. } = row;
        CustomerRow {
            line,
            cells,
            profile,
            opening,
            has_opening: false,
            problem,
            action,
            duplicate_of: None,
            phone_given,
            card_given,
        }
    }

    /// Reads what the customer brings along.
    fn opening(&self, row: &TableRow) -> Result<Opening, AppError> {
        let of = |wanted| (self.text(row, wanted), self.columns(wanted).any(|at| row.altered.contains(&at)));
        let (points, penalty) = (of(ColumnUse::Points), of(ColumnUse::PenaltyPoints));
        Opening::read((&points.0, points.1), (&penalty.0, penalty.1))
    }

    /// Returns the text of the first column with a use that has any.
    fn text<'r>(&self, row: &'r TableRow, wanted: ColumnUse) -> Cow<'r, str> {
        let mut texts = self.columns(wanted).map(|at| self.tidied(row.cell(at)));
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn tidied<'r>(&self, cell: &'r str) -> Cow<'r, str> {
        match self.is_guarded {
            _ if !self.is_ours => tidy(cell),
            true => exactly(cell),
            false => Cow::Borrowed(cell),
        }
    }

    fn columns(&self, wanted: ColumnUse) -> impl Iterator<Item = usize> {
        self.uses.iter().enumerate().filter(move |(_, becomes)| **becomes == wanted).map(|(at, _)| at)
    }

    /// Returns what is wrong with a row, apart from what is wrong with any profile like it.
    fn problem(&self, row: &TableRow, (name, phone, card): (&str, &str, &str)) -> Result<(), AppError> {
        let is_read = |at: usize| self.uses.get(at).is_some_and(|becomes| *becomes != ColumnUse::Nothing);
        let is_lost = |(at, cell): (usize, &String)| is_read(at) && cell.contains(char::REPLACEMENT_CHARACTER);
        if row.damaged && row.cells.iter().enumerate().any(is_lost) {
            return Err(AppError::new(ErrorCode::BadBytes));
        }
        if !self.is_ours {
            self.expect_one_line(row, name, card)?;
        }
        let altered = |wanted| self.columns(wanted).any(|at| row.altered.contains(&at));
        if !self.is_ours || altered(ColumnUse::Name) {
            expect_kept("name", name, altered(ColumnUse::Name))?;
        }
        expect_kept("phone", phone, altered(ColumnUse::Phone))?;
        expect_kept("card", card, altered(ColumnUse::Card))?;
        let is_wanted = self.chosen.get(&row.line).is_some_and(|action| *action != LineAction::Skip);
        let why = if self.is_ours || is_wanted {
            None
        } else {
            why_no_customer(&row.cells, self.header, (name, phone, card))
        };
        if let Some(reason) = why {
            return Err(AppError::with(ErrorCode::NotACustomer, json!({ "reason": reason })));
        }
        // Probably a comma without quotes has moved the cells of the line.
        let is_no_number = !phone.is_empty() && !phone.chars().any(char::is_numeric);
        if is_no_number && !self.is_ours && !is_wanted {
            return Err(AppError::with(ErrorCode::DigitsLost, json!({ "field": "phone", "value": phone })));
        }
        Ok(())
    }

    /// A name or card on several lines is what a quote left open makes of the rows below it, and so is any cell of which a
    /// line could be a row.
    fn expect_one_line(&self, row: &TableRow, name: &str, card: &str) -> Result<(), AppError> {
        let refuse = |field: &str| Err(AppError::with(ErrorCode::LineBreak, json!({ "field": field })));
        for (field, text) in [("name", name), ("card", card)] {
            if text.contains(['\r', '\n']) {
                return refuse(field);
            }
        }
        let Some(delimiter) = self.delimiter.filter(|_| self.titles.len() > 2) else { return Ok(()) };
        let is_row = |line: &str| line.split(delimiter).count() >= self.titles.len();
        let holds_a_row = |cell: &String| cell.lines().nth(1).is_some() && cell.lines().any(is_row);
        match row.cells.iter().position(holds_a_row) {
            Some(at) => refuse(self.titles.get(at).copied().unwrap_or_default()),
            None => Ok(()),
        }
    }
}

/// Returns a text as it is imported, and as the list has it if that differs.
fn with_given(listed: String, mended: Option<String>) -> (Option<String>, Option<String>) {
    match mended {
        Some(mended) => (Some(mended), Some(listed)),
        None => (Some(listed).filter(|text| !text.is_empty()), None),
    }
}
