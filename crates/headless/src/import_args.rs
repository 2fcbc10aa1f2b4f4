//! The options of `nosmoke import`; their doc comments are texts of `--help`.

use std::path::PathBuf;

use clap::{Args as Arguments, ValueEnum};
use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::contract::{ColumnUse, DuplicateBy, ImportChoices, LineAction, ListEncoding};

use crate::folder_args::{Folder, Tongue};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Imported {
    Customers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    Cp949,
    #[value(name = "utf-16le")]
    Utf16Le,
    #[value(name = "utf-16be")]
    Utf16Be,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Column {
    Name,
    Surname,
    Given,
    Phone,
    Card,
    /// The customer's opening balance.
    Points,
    /// The customer's penalty points from before.
    PenaltyPoints,
    /// The column isn't read.
    #[value(name = "-")]
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Duplicates {
    /// Leave the customer as is.
    Skip,
    /// Give the customer the line's name, and its phone and card if it has them.
    Update,
    /// Register another customer.
    Add,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SameBy {
    NameAndPhone,
    Phone,
}

#[derive(Debug, Arguments)]
pub struct ImportArgs {
    pub what: Imported,
    #[command(flatten)]
    pub folder: Folder,
    /// The list. Its content tells its format, encoding, delimiter, header and columns, unless an option does.
    pub file: PathBuf,
    /// Print what would be done, and record nothing.
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub encoding: Option<Encoding>,
    /// The character between cells: comma, semicolon, bar, or `tab`.
    #[arg(long, value_name = "C")]
    pub delimiter: Option<String>,
    /// The sheet of a workbook.
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// The line that names the columns; 0 if none does.
    #[arg(long, value_name = "LINE")]
    pub header_line: Option<u32>,
    /// What each column becomes, from the first one on, such as `name,phone,-,card`.
    #[arg(long, value_name = "USES", value_delimiter = ',', allow_hyphen_values = true)]
    pub columns: Option<Vec<Column>>,
    /// Import phone numbers without the zero that a spreadsheet program took from them.
    #[arg(long)]
    pub keep_lost_zeros: bool,
    /// Put zeros before card numbers up to this length.
    #[arg(long, value_name = "N")]
    pub card_digits: Option<u32>,
    /// What to do with the line of a customer who is here already; by default skip.
    #[arg(long)]
    pub duplicates: Option<Duplicates>,
    /// By what a line and a customer are the same person; by default name-and-phone.
    #[arg(long)]
    pub same_by: Option<SameBy>,
    /// The code with which penalty points are recorded; by default the first one of the rules.
    #[arg(long, value_name = "CODE")]
    pub penalty_code: Option<PenaltyCode>,
    /// Write the lines with a problem to this CSV file, each with its reason.
    #[arg(long, value_name = "FILE")]
    pub bad_lines: Option<PathBuf>,
    /// Language of the reasons; by default Korean.
    #[arg(long)]
    pub language: Option<Tongue>,
}

impl ImportArgs {
    /// Returns the options as the choices of an import.
    pub fn choices(&self) -> ImportChoices {
        let encoding = |word: Encoding| match word {
            Encoding::Utf8 => ListEncoding::Utf8,
            Encoding::Cp949 => ListEncoding::Cp949,
            Encoding::Utf16Le => ListEncoding::Utf16Le,
            Encoding::Utf16Be => ListEncoding::Utf16Be,
        };
        let column = |column: &Column| match column {
            Column::Name => ColumnUse::Name,
            Column::Surname => ColumnUse::Surname,
            Column::Given => ColumnUse::GivenName,
            Column::Phone => ColumnUse::Phone,
            Column::Card => ColumnUse::Card,
            Column::Points => ColumnUse::Points,
            Column::PenaltyPoints => ColumnUse::PenaltyPoints,
            Column::Nothing => ColumnUse::Nothing,
        };
        let duplicates = |duplicates: Duplicates| match duplicates {
            Duplicates::Skip => LineAction::Skip,
            Duplicates::Update => LineAction::Update,
            Duplicates::Add => LineAction::Add,
        };
        let same_by = |by: SameBy| match by {
            SameBy::NameAndPhone => DuplicateBy::NameAndPhone,
            SameBy::Phone => DuplicateBy::Phone,
        };
        ImportChoices {
            encoding: self.encoding.map(encoding),
            delimiter: self.delimiter.as_ref().map(|it| if it == "tab" { "\t".to_owned() } else { it.clone() }),
            sheet: self.sheet.clone(),
            header_line: self.header_line,
            columns: self.columns.as_ref().map(|columns| columns.iter().map(column).collect()),
            phone_zeros: Some(!self.keep_lost_zeros),
            card_digits: self.card_digits,
            duplicates_by: self.same_by.map(same_by),
            duplicates: self.duplicates.map(duplicates),
            penalty_code: self.penalty_code,
            lines: None,
        }
    }
}
