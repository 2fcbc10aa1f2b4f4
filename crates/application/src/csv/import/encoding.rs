//! Decodes the bytes of an imported file as text.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, UTF_16BE, UTF_16LE};
use nosmoke_ports::contract::{AppError, ErrorCode};

/// The character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// Windows-949, which Korean Excel uses for CSV.
    Cp949,
}

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Cp949 => "CP949",
        }
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Decodes bytes as UTF-8, with or without a byte order mark; if they aren't UTF-8, as CP949.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), AppError> {
    let unknown = || AppError::new(ErrorCode::UnknownEncoding);
    let marked = bytes.strip_prefix(BYTE_ORDER_MARK);
    if let Ok(text) = std::str::from_utf8(marked.unwrap_or(bytes)) {
        return Ok((Cow::Borrowed(text), Encoding::Utf8));
    }
    let utf_16 = encoding_rs::Encoding::for_bom(bytes).is_some_and(|(it, _)| it == UTF_16LE || it == UTF_16BE);
    if marked.is_some() || utf_16 {
        return Err(unknown());
    }
    let text = EUC_KR.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(unknown)?;
    Ok((text, Encoding::Cp949))
}
