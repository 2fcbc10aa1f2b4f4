//! For tests: prints the QR code and the Code 128 in a grey picture (PGM, `pdftoppm -gray`), a line each.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool of the tests")]

use rxing::BarcodeFormat;

fn main() {
    let file = std::fs::read(std::env::args_os().nth(1).unwrap()).unwrap();
    let (width, height, luma) = picture(&file);
    for format in [BarcodeFormat::QR_CODE, BarcodeFormat::CODE_128] {
        let read = rxing::helpers::detect_in_luma(luma.to_vec(), width, height, Some(format));
        println!("{format}: {}", read.map_or_else(|_| "none".into(), |code| code.getText().to_owned()));
    }
}

/// Splits a PGM of 8 bits: `P5`, width, height and 255, each followed by one blank, then the dots.
fn picture(file: &[u8]) -> (u32, u32, &[u8]) {
    let mut parts = file.splitn(5, |byte| byte.is_ascii_whitespace());
    assert_eq!(parts.next().unwrap(), b"P5");
    let mut number = || std::str::from_utf8(parts.next().unwrap()).unwrap().parse::<u32>().unwrap();
    let (width, height, most) = (number(), number(), number());
    assert_eq!(most, 255);
    (width, height, parts.next().unwrap())
}
