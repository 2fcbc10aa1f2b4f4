//! Reads a file that is to become a plan's picture. The screen decodes it, so it is checked first.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use data_encoding::BASE64;
use nosmoke_domain::site::{SOURCE_MAX_BYTES, SourceProblem, SvgPart, check_source};
use nosmoke_ports::contract::{AppError, ErrorCode, PickedPicture};
use serde_json::json;

/// Reads at most [`SOURCE_MAX_BYTES`] of a file.
///
/// # Errors
/// `file_unreadable`, `not_a_picture`, `picture_too_large`.
pub(super) fn read_picture(path: &Path) -> Result<PickedPicture, AppError> {
    let unreadable =
        |error: io::Error| AppError::of_file(ErrorCode::FileUnreadable, path, error.kind(), &error.to_string());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(SOURCE_MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let kind = check_source(&bytes).map_err(of_source)?;
    Ok(PickedPicture { kind, data: BASE64.encode(&bytes) })
}

fn of_source(problem: SourceProblem) -> AppError {
    let too_large =
        |reason: &str, max: u64| AppError::with(ErrorCode::PictureTooLarge, json!({ "reason": reason, "max": max }));
    let not_one = |reason: &str| AppError::with(ErrorCode::NotAPicture, json!({ "reason": reason }));
    match problem {
        SourceProblem::NotAPicture => not_one("other"),
        SourceProblem::TooManyBytes { max } => too_large("bytes", max as u64),
        SourceProblem::TooManyPixels { max } => too_large("pixels", max),
        SourceProblem::Svg(SvgPart::Active) => not_one("active"),
        SourceProblem::Svg(SvgPart::Multiplying) => not_one("multiplying"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<PickedPicture, (ErrorCode, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan");
        std::fs::write(&path, bytes).unwrap();
        read_picture(&path).map_err(|error| (error.code, error.params["reason"].as_str().unwrap().to_owned()))
    }

    #[test]
    fn a_picture_is_read_and_anything_else_is_refused_with_its_reason() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='1' height='1'/></svg>";
        assert_eq!(read(svg).unwrap().data, BASE64.encode(svg));
        let refused = |code, reason: &str| Err((code, reason.to_owned()));
        assert_eq!(read(b"GIF89a"), refused(ErrorCode::NotAPicture, "other"));
        assert_eq!(read(b"<svg><script/></svg>"), refused(ErrorCode::NotAPicture, "active"));
        assert_eq!(read(b"<svg><use/></svg>"), refused(ErrorCode::NotAPicture, "multiplying"));
        assert_eq!(read(&vec![0; SOURCE_MAX_BYTES + 9]), refused(ErrorCode::PictureTooLarge, "bytes"));
        let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xff\xff\0\0\xff\xff";
        assert_eq!(read(bomb), refused(ErrorCode::PictureTooLarge, "pixels"));
        assert_eq!(read_picture(Path::new("/none.png")).unwrap_err().code, ErrorCode::FileUnreadable);
    }
}
